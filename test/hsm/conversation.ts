import { type Random, restoreRandom, START, seededRandom } from '../../src/base/index.ts';
import type { Application, StreamEvent } from '../../src/hsm/index.ts';

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (data: Uint8Array): string => new TextDecoder().decode(data);

/** What one run of an application said on each stream, and which streams it closed. */
export interface Transcript {
  readonly said: ReadonlyMap<number, string>;
  readonly closed: ReadonlySet<number>;
  /** everything said, as bytes in order */
  readonly output: Uint8Array;
}

/**
 * Feeds events to an application as a network would: nothing after a close. With `saveAfter` the application is
 * frozen to JSON after that many events and a new one continues from the text.
 */
export function converse<State>(
  application: Application<State>,
  events: readonly StreamEvent[],
  seed = 1,
  saveAfter = -1,
): Transcript {
  let random: Random = seededRandom(seed, 'application');
  let state = application.initial({ now: START, random });
  const said = new Map<number, string>();
  const closed = new Set<number>();
  const output: number[] = [];
  events.forEach((event, index) => {
    if (!closed.has(event.stream)) {
      const reaction = application.step(state, event, { now: START, random });
      state = reaction.state;
      output.push(...reaction.send);
      said.set(event.stream, (said.get(event.stream) ?? '') + text(reaction.send));
      if (reaction.close) closed.add(event.stream);
    }
    if (index + 1 === saveAfter) {
      const frozen = JSON.stringify({ state, random: random.save() });
      const thawed = JSON.parse(frozen);
      state = thawed.state;
      random = restoreRandom(thawed.random);
    }
  });
  return { said, closed, output: Uint8Array.from(output) };
}

export function received(data: string | Uint8Array, stream = 1): StreamEvent {
  return { kind: 'received', stream, bytes: typeof data === 'string' ? bytes(data) : data };
}

/** The pieces of `data` between the cuts; cuts beyond the end count modulo the length. */
export function split(data: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [...new Set(cuts.map((cut) => cut % (data.length + 1)))].sort((one, other) => one - other);
  return [0, ...places].map((start, index) => data.subarray(start, places[index] ?? data.length));
}
