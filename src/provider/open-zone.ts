import type { Source } from '../base/index.ts';
import { nameTaken } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

export interface OpenZone {
  readonly name: string;
  readonly from: Source | null;
}

/** A new fault group (FIG. 3, 306 and 316). */
export const openZone: Verb<OpenZone> = (draft, request) => {
  if (draft.zones[request.name] !== undefined) return [nameTaken(request.name)];
  draft.zones[request.name] = { name: request.name, from: request.from };
  return DONE;
};
