export { type CreateAcl, createAcl, type SetAclRules, setAclRules } from './acls.ts';
export { attachInterface, detachInterface, type SwitchInterface } from './attachment.ts';
export { type BalanceLoad, balanceLoad } from './balance-load.ts';
export { type ConfigureClient, configureClient } from './client-software.ts';
export { type CreateNetwork, createNetwork } from './create-network.ts';
export { type CreateSubnet, createSubnet } from './create-subnet.ts';
export { failPart, healPart, type Part } from './fail-and-heal.ts';
export {
  type CreateFirewall,
  createFirewall,
  type RequestedRule,
  type SetFirewallRules,
  setFirewallRules,
} from './firewalls.ts';
export {
  attachGateway,
  type CreateGateway,
  createGateway,
  detachGateway,
  type NamedGateway,
} from './gateways.ts';
export { type GrantRole, grantRole } from './grant-role.ts';
export { type ImpairPart, impairPart } from './impair.ts';
export { type OpenInternetHost, openInternetHost } from './internet-hosts.ts';
export { type LaunchInstance, launchInstance } from './launch-instance.ts';
export { type LayUnderlay, layUnderlay } from './lay-underlay.ts';
export { type AddLogTarget, addLogTarget, type RemoveLogTarget, removeLogTarget } from './log-targets.ts';
export { type MoveInstance, moveInstance } from './move-instance.ts';
export { type OpenChannel, openChannel } from './open-channel.ts';
export { type OpenZone, openZone, type SetDistances, setDistances } from './open-zone.ts';
export { type AcceptPeering, acceptPeering, type RequestPeering, requestPeering } from './peerings.ts';
export type { RequestHsm } from './plan-request.ts';
export { type OpenPremises, openPremises, type PlaceSiteMachine, placeSiteMachine } from './premises.ts';
export { type RackHsm, rackHsm } from './rack-hsm.ts';
export { REFUSALS, type Refusal, type RefusalCode } from './refusal.ts';
export { type RegisterCustomer, registerCustomer } from './register-customer.ts';
export { type ReplaceHsm, replaceHsm } from './replace-hsm.ts';
export { type ReplaceNat, replaceNat } from './replace-nat.ts';
export { requestHsm } from './request-hsm.ts';
export { type AddRoute, addRoute, type RemoveRoute, removeRoute } from './routes.ts';
export { setUpService } from './service.ts';
export { type SetLink, setLink } from './set-link.ts';
export { type ShareHsm, shareHsm, unshareHsm } from './share-hsm.ts';
export { type StartServer, startServer } from './start-server.ts';
export { isCutOff, type TakeOver, takeOver } from './take-over.ts';
export { type Tamper, tamper } from './tamper.ts';
export { type TerminateInstance, terminateInstance } from './terminate-instance.ts';
export { type Change, call, type ModelDraft, transact, type Verb } from './verb.ts';
