export {
  type Box,
  type BoxSet,
  covers,
  EVERYTHING,
  FIELD,
  type Field,
  formatBox,
  ICMP_ERROR,
  intersect,
  isEmpty,
  subtract,
} from './boxes.ts';
export type {
  Claim,
  Isolated,
  Proved,
  Reaches,
  Refuted,
  SeesOnly,
  Separate,
  Stop,
  Vacuous,
  Verdict,
} from './claims.ts';
export { decide, type Prover, prepare } from './prover.ts';
export type { PacketHeader, Witness } from './witness.ts';
