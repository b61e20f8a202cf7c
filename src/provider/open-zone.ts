import type { Nanos, Source } from '../base/index.ts';
import type { Records, ZoneKind } from '../model/index.ts';
import { nameTaken } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

export interface OpenZone {
  readonly name: string;
  readonly kind: ZoneKind;
  readonly power: readonly string[];
  readonly operator: string | null;
  readonly from: Source | null;
}

/** A new fault group (FIG. 3, 306 and 316). */
export const openZone: Verb<OpenZone> = (draft, request) => {
  if (draft.zones[request.name] !== undefined) return [nameTaken(request.name)];
  draft.zones[request.name] = { ...request, power: [...request.power] };
  return DONE;
};

/** What is `null` stays as it is. */
export interface SetDistances {
  readonly inside: Nanos | null;
  readonly between: Nanos | null;
  readonly pairs: Records<Nanos>;
}

/** How far apart the zones are (H-09). */
export const setDistances: Verb<SetDistances> = (draft, { inside, between, pairs }) => {
  if (inside !== null) draft.distances.inside = inside;
  if (between !== null) draft.distances.between = between;
  Object.assign(draft.distances.pairs, pairs);
  return DONE;
};
