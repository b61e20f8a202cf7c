export { type Acl, type AclRule, LAST_RULE_NUMBER } from './acls.ts';
export type * from './condition.ts';
export type * from './hsms.ts';
export { type Direction, type Impairment, type Misfortune, WHOLE } from './impairment.ts';
export {
  hasInternet,
  INTERNET,
  INTERNET_BLOCKS,
  type InternetHost,
  notPublic,
  notPublicBlock,
  SPECIAL_BLOCKS,
} from './internet.ts';
export { ETHERNET_MTU, LEAST_MTU, WRAPPING_COST } from './link-size.ts';
export {
  DX_ROUTER,
  displayNames,
  FABRIC,
  idsNamed,
  OVERLAY,
  type RackPlace,
  type RackStanding,
  racksOf,
  standsIn,
  TOR,
} from './names.ts';
export { allFeeds, feedsOf, outageOf, powerFailure, type Standing, zoneFailure } from './outage.ts';
export type * from './premises.ts';
export { channelId } from './premises.ts';
export { rackBlock, rackGateway } from './rack-block.ts';
export type * from './records.ts';
export { EMPTY_MODEL } from './records.ts';
export { insideLocal, routeObjection, sameBlock } from './route-rules.ts';
export type * from './routes.ts';
export type { Bastion, LogTarget, MessageSink, MessageSort, Service, Watch } from './service.ts';
export { MESSAGE_PORTS, SEALED_PORTS, SSH_PORT, TIME_PORT } from './service.ts';
export { type ReverseMapping, type TranslationPolicy, USUAL_TRANSLATION } from './translation.ts';
export { type TunnelKind, tunnelAddress } from './tunnel-ends.ts';
