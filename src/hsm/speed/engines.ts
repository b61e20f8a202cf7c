import { type Nanos, nanos } from '../../base/index.ts';
import type { Speed } from './speed.ts';

/** What the engines of a module have before them. Plain data. */
export interface Engines {
  /** when each engine that has something to do is free again, first one first */
  readonly freeAt: readonly Nanos[];
  /** when each operation that waits will begin, first one first; those that have begun may still be among them */
  readonly beginAt: readonly Nanos[];
}

export const IDLE: Engines = { freeAt: [], beginAt: [] };

/**
 * Gives an operation to the first engine that is free, in the order of arrival.
 *
 * @returns when it is done, or `null` where the queue is full
 */
export function admit(
  engines: Engines,
  { engines: count, waiting: most }: Pick<Speed, 'engines' | 'waiting'>,
  takes: Nanos,
  now: Nanos,
): { readonly engines: Engines; readonly doneAt: Nanos } | null {
  const busy = engines.freeAt.filter((free) => free > now);
  const waiting = engines.beginAt.filter((begin) => begin > now);
  const [first = now, ...others] = busy;
  const mustWait = busy.length >= count;
  if (mustWait && waiting.length >= most) return null;
  const begin = mustWait ? first : now;
  const doneAt = nanos(begin + takes);
  const freeAt = [...(mustWait ? others : busy), doneAt].sort((one, other) => one - other);
  return { engines: { freeAt, beginAt: mustWait ? [...waiting, begin] : waiting }, doneAt };
}
