export type { Reminder } from './agenda.ts';
export {
  type Association,
  advanced,
  isFresh,
  NEW_ASSOCIATION,
  type ReplayWindow,
} from './associations.ts';
export { type Checkpoint, restoreRun, saveRun } from './checkpoint.ts';
export {
  CONNECTION,
  type ConnectionState,
  ConnectionTable,
  type ConnectionView,
  ORIGINAL,
  REPLY,
  type Slot,
  stateName,
} from './connections/index.ts';
export { DROP_REASONS, type DropExplanation, type DropReason } from './drop-reasons/index.ts';
export { Engine } from './engine.ts';
export { NO_LINK } from './errors.ts';
export type { DatagramKey, Gathering } from './gathering.ts';
export { frameAfter, type Lineage, lineageOf } from './lineage.ts';
export type { Machine } from './machine.ts';
export type * from './outcome.ts';
export type { Journey, JourneyId, Recorder, Step } from './recorder.ts';
export type { SavedState } from './saved-state.ts';
export { STEPS, type Steps } from './stages/index.ts';
export { type NeighbourEntry, NetworkState } from './state.ts';
export type { Tally } from './tally.ts';
export { TraceRecorder } from './trace-recorder.ts';
export type { Decide, Station, View } from './view.ts';
