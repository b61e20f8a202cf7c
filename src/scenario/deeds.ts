import type { Nanos } from '../base/index.ts';
import { type Deed, explainDeed, whoAsked } from '../hsm/index.ts';
import type { Machines } from './machines.ts';

/** What a security module did with a request, and which one, and when. */
export interface Done {
  /** id of the machine */
  readonly device: string;
  readonly at: Nanos;
  readonly deed: Deed;
}

/** How much each module had done at some moment. */
export type Mark = ReadonlyMap<string, number>;

export function markDeeds(machines: Machines): Mark {
  return new Map([...machines].map(([id, { deeds }]) => [id, deeds.length]));
}

/** What modules have done since then, in order of time. */
export function deedsSince(machines: Machines, mark: Mark): readonly Done[] {
  return [...machines.values()]
    .flatMap(({ id, deeds }) => deeds.slice(mark.get(id) ?? 0))
    .sort((one, other) => one.at - other.at);
}

/** Why an answer is a refusal: the last deed that ended with its code, in words; `null`: none did. */
export function reasonFor(answer: string, done: readonly Done[]): string | null {
  const [code = ''] = answer.split(' ');
  const refusal = done.filter(({ deed }) => deed.outcome === code).at(-1)?.deed;
  if (refusal === undefined || code === 'done') return null;
  return `${explainDeed(refusal)}; ${whoAsked(refusal)} asked`;
}
