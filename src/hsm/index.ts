export { type Access, CONDITIONS, type Condition, type Door, LIVES } from './access/access.ts';
export { judge, type Verdict } from './access/judge.ts';
export { ALL_ROLES, ROLES, type Role } from './access/role.ts';
export { ACCESS } from './access/table.ts';
export {
  type Appliance,
  type ApplianceReaction,
  type ApplianceState,
  appliance,
  CONSOLE_PORT,
  DATA_PORT,
} from './appliance/appliance.ts';
export {
  type Caller,
  type ClientIdentity,
  callAppliance,
  hearAppliance,
  isOpen,
  readBytes,
  readLine,
  readResponse,
  sayBytes,
  sayCall,
  sayLine,
} from './appliance/caller.ts';
export { CLIENT_LINES, fitsUsage } from './appliance/client-lines.ts';
export { type ClientMemory, type ClientProgram, performLine } from './appliance/client-program.ts';
export { CONSOLE_SYNTAX, readConsoleLine, usageOf } from './appliance/console-line.ts';
export { actOnPanel } from './appliance/hands.ts';
export { clientIdentity } from './appliance/identity.ts';
export type { Application, Context, Reaction, StreamEvent } from './application.ts';
export type { Backend, Kept, KeptKey, KeyKind } from './backend/backend.ts';
export { EMBEDDED } from './backend/embedded.ts';
export { type Certificate, fingerprintOf, newCertificate } from './channel/certificate.ts';
export { type Channel, hearAsModule, NEW_CHANNEL, sayAsModule } from './channel/channel.ts';
export { CODES, type Code, codeOf } from './codes/code.ts';
export type { Command, CommandKind, Principal, Result } from './device/commands.ts';
export { type Deed, explainDeed, whoAsked } from './device/deed.ts';
export { type Dispatched, dispatch } from './device/dispatch.ts';
export { type ModuleOptions, newModule } from './device/module.ts';
export { POLICIES, type PolicyName } from './device/policy.ts';
export type { AuditEntry, Life, ModuleState } from './device/state.ts';
export { echo } from './echo.ts';
export { type KeyStoreState, keyStore } from './key-store.ts';
export { LONGEST_LINE } from './line.ts';
export { ATTRIBUTES, type Attribute, attributeOf, KEY_TYPE, OBJECT_CLASS } from './objects/attribute.ts';
export { MECHANISMS, type Mechanism, type MechanismName, mechanismName } from './objects/mechanism.ts';
export { partitionStateOf } from './partitions/administration.ts';
export { CALLS, type ClientCommandKind, signatureOf } from './rpc/calls.ts';
export { cutFrames, encodeFrame, LONGEST_MESSAGE, RPC_VERSION } from './rpc/frame.ts';
export { decodeRequest, encodeRequest, type Request } from './rpc/request.ts';
export { decodeResponse, type Response } from './rpc/response.ts';
export { serve } from './rpc/serve.ts';
export { isPaired, OPERATOR_LINE, pairingLine, presentingLine } from './rped/device.ts';
export { CALLED_OUT, RPED_PORT } from './rped/door.ts';
export type { MakerSecret } from './rped/pairing.ts';
export { type SecurityModuleOptions, type SecurityModuleState, securityModule } from './security-module.ts';
export { type SignatureAlgorithm, verifySignature } from './signature.ts';
export {
  type Client as LoadClient,
  type Demand,
  type Miss,
  type Served as ServedDemand,
  type Server,
  type Span,
  STRETCHES,
  type Stretch,
  serveDemand,
} from './speed/demand.ts';
export { admit, type Engines, IDLE } from './speed/engines.ts';
export { Latencies } from './speed/latencies.ts';
export { ModuleQueue } from './speed/module-queue.ts';
export {
  capacityOf,
  PROFILE_NAMES,
  PROFILES,
  type ProfileName,
  type ServiceTimes,
  type Speed,
} from './speed/speed.ts';
export { openObject, type SealedObject, sealObject } from './storage/sealed-object.ts';
export {
  EMPTY_STORAGE,
  hearClient,
  hearModule,
  STORAGE_LINES,
  type StorageEffect,
  type StorageOptions,
  type StorageState,
  type StorageStep,
} from './storage/storage.ts';
export { backupPolicyOf, isStale as staleOf } from './zones/medium.ts';
export { guaranteeOf } from './zones/zone.ts';
