export {
  type CreateNetwork,
  type CreateSubnet,
  createNetwork,
  createSubnet,
  failPart,
  type GrantRole,
  grantRole,
  healPart,
  type LaunchInstance,
  launchInstance,
  type OpenZone,
  openZone,
  type Part,
  type RackHsm,
  type RegisterCustomer,
  rackHsm,
  registerCustomer,
  type StartServer,
  startServer,
} from './build-network.ts';
export { REFUSALS, type Refusal, type RefusalCode } from './refusal.ts';
export { type RequestHsm, requestHsm } from './request-hsm.ts';
export { type Change, call, type ModelDraft, transact, type Verb } from './verb.ts';
