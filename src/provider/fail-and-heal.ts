import type { Source } from '../base/index.ts';
import { refuse } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

/** A link, a device, a zone or a feed of power, by the id that does not change when names do. */
export interface Part {
  readonly kind: 'link' | 'device' | 'zone' | 'power';
  readonly id: string;
  /** for people */
  readonly name: string;
  readonly from: Source | null;
}

/** It fails: nothing crosses it, or what it holds, until it is healed. */
export const failPart: Verb<Part> = (draft, request) => {
  draft.failures[request.id] = { ...request };
  return DONE;
};

export const healPart: Verb<Part> = (draft, request) => {
  if (draft.failures[request.id] === undefined) {
    return [refuse('provider/not-failed', request.kind, `${request.kind} "${request.name}" has not failed`)];
  }
  delete draft.failures[request.id];
  return DONE;
};
