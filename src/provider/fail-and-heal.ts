import type { Source } from '../base/index.ts';
import { refuse } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

export interface Part {
  readonly kind: 'link' | 'device';
  readonly name: string;
  readonly from: Source | null;
}

/** A link or a device fails: nothing crosses it until it is healed. */
export const failPart: Verb<Part> = (draft, request) => {
  draft.failures[request.name] = { ...request };
  return DONE;
};

export const healPart: Verb<Part> = (draft, request) => {
  if (draft.failures[request.name] === undefined) {
    return [refuse('provider/not-failed', request.kind, `${request.kind} "${request.name}" has not failed`)];
  }
  delete draft.failures[request.name];
  return DONE;
};
