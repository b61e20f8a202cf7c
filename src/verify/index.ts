export { type AddressSpace, addressSpace, type Stretch } from './address-space.ts';
export { type Followed, followRequest } from './answered.ts';
export {
  type Box,
  type BoxSet,
  EVERYTHING,
  FIELD,
  type Field,
  formatBox,
  ICMP_ERROR,
  intersect,
  isEmpty,
} from './boxes.ts';
export type {
  Answered,
  Carried,
  Claim,
  Hidden,
  Isolated,
  Marks,
  NoLoop,
  OnlyVia,
  Proved,
  Reaches,
  Refuted,
  SeesOnly,
  Separate,
  Shows,
  Stop,
  Undecided,
  Vacuous,
  Verdict,
} from './claims.ts';
export { assumptionsOf } from './claims.ts';
export { type Difference, type Differences, differences, type Shown } from './difference.ts';
export { type Endings, endingsOf, type Loss } from './losses.ts';
export { type Passage, passagesBetween } from './passages.ts';
export { decide, type Prover, prepare, type Sample } from './prover.ts';
export { canSend } from './senders.ts';
export { covers, subtract } from './subtraction.ts';
export { TRANSFERS, type Transfers } from './transfer.ts';
export { type Blocker, type Change, type Unblocking, unblock } from './unblock.ts';
export { tidy } from './union.ts';
export type { PacketHeader, Witness } from './witness.ts';
