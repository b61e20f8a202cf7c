export { DROP_REASONS, type DropExplanation, type DropReason } from './drop-reasons.ts';
export type * from './outcome.ts';
export type { Journey, JourneyId, Recorder, Step } from './recorder.ts';
