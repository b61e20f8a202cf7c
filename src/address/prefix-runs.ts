import { type Ipv4, unsigned } from './ipv4.ts';
import type { PrefixEntry } from './prefix-entry.ts';
import { rangeOf } from './range.ts';

/**
 * The whole address space as runs of neighbours with the same longest match.
 *
 * Run `i` goes from `starts[i]` (unsigned, ascending, the first is 0) to the start of the next one. Its
 * addresses match `entries[winners[i]]`, or nothing where the winner is -1. `n` entries make at most 2n + 1 runs.
 */
export interface PrefixRuns {
  readonly starts: Uint32Array;
  readonly winners: Int32Array;
}

/** One sweep over the entries by address; the blocks that are open at a point are nested, so a stack holds them. */
export function runsOf(entries: readonly PrefixEntry<unknown, Ipv4>[]): PrefixRuns {
  const starts = new Uint32Array(2 * entries.length + 1);
  const winners = new Int32Array(2 * entries.length + 1);
  const open: { readonly index: number; readonly last: number }[] = [];
  let count = 0;

  const beginRun = (start: number): void => {
    const winner = open.at(-1)?.index ?? -1;
    if (count > 0 && starts[count - 1] === start) count -= 1;
    if (count > 0 && winners[count - 1] === winner) return;
    starts[count] = start;
    winners[count] = winner;
    count += 1;
  };
  const closeBefore = (start: number): void => {
    for (let inner = open.at(-1); inner !== undefined && inner.last < start; inner = open.at(-1)) {
      open.pop();
      if (inner.last < LAST_ADDRESS) beginRun(inner.last + 1);
    }
  };

  beginRun(0);
  for (const { block, index } of outerFirst(entries)) {
    const { first, last } = rangeOf(block);
    closeBefore(first);
    open.push({ index, last });
    beginRun(first);
  }
  closeBefore(LAST_ADDRESS + 1);
  return { starts: starts.slice(0, count), winners: winners.slice(0, count) };
}

const LAST_ADDRESS = 0xffffffff;

/** By address, then by prefix length, then in the order given: of two equal blocks the later one is on top. */
function* outerFirst(entries: readonly PrefixEntry<unknown, Ipv4>[]): Generator<{
  readonly block: PrefixEntry<unknown, Ipv4>['block'];
  readonly index: number;
}> {
  const keys = Float64Array.from(entries, ({ block }) => unsigned(block.address) * 64 + block.prefix);
  const order = Uint32Array.from(entries, (_, index) => index);
  order.sort((a, b) => (keys[a] as number) - (keys[b] as number) || a - b);
  for (const index of order) {
    const entry = entries[index];
    if (entry !== undefined) yield { block: entry.block, index };
  }
}
