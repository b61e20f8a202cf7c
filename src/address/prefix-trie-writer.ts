import { countBits } from './bits.ts';
import type { PrefixRuns } from './prefix-runs.ts';

/** Words of a node before its values: eight of bitmap, two with eight counts of a byte each. */
const HEADER = 10;
const WIDE_ROOT = 0x10000;
const END_OF_ADDRESSES = 0x100000000;

/**
 * Lays out the trie of `prefix-trie.ts`.
 *
 * A node is a bitmap of 256 bits in eight words (bit `s` of it is set where slot `s` differs from slot `s - 1`;
 * bit 0 always), then for each of these words a byte that counts the bits set before it, then one value for
 * each bit set. A wide root is the first 65,536 words, one a slot; otherwise the root is a single slot for the
 * whole address space. Word 0 is never a node, so that `-offset` is negative.
 */
export function writeTrie(runs: PrefixRuns, wide: boolean): { words: Int32Array; root: number } {
  const writer = new TrieWriter(runs, wide ? WIDE_ROOT : 1);
  if (!wide) return { root: writer.slot(0, 32), words: writer.written() };
  for (let slot = 0; slot < WIDE_ROOT; slot += 1) writer.put(slot, writer.slot(slot * 0x10000, 16));
  return { root: 0, words: writer.written() };
}

class TrieWriter {
  private readonly runs: PrefixRuns;
  private words: Int32Array;
  private used: number;
  /** The run that covers the slot asked for last. Slots are asked for in ascending order. */
  private run = 0;

  constructor(runs: PrefixRuns, used: number) {
    this.runs = runs;
    this.words = new Int32Array(2 * used + 64);
    this.used = used;
  }

  put(offset: number, value: number): void {
    this.words[offset] = value;
  }

  written(): Int32Array {
    return this.words.slice(0, this.used);
  }

  /** The slot for the 2^bits addresses from `first` on: one value if one run covers them, else a new node. */
  slot(first: number, bits: number): number {
    while (this.endOfRun() <= first) this.run += 1;
    if (this.endOfRun() < first + 2 ** bits) return -this.node(first, bits - 8);
    return (this.runs.winners[this.run] as number) + 1;
  }

  private endOfRun(): number {
    const next = this.run + 1;
    return next < this.runs.starts.length ? (this.runs.starts[next] as number) : END_OF_ADDRESSES;
  }

  /** Writes the node of 256 slots of 2^bits addresses, after the nodes below it; its offset. */
  private node(first: number, bits: number): number {
    const header = new Int32Array(HEADER);
    const values: number[] = [];
    let octet = 0;
    while (octet < 256) {
      const value = this.slot(first + octet * 2 ** bits, bits);
      values.push(value);
      header[octet >>> 5] = (header[octet >>> 5] as number) | (1 << octet);
      // Slots that the run covers whole have the same value. A node is never equal to its neighbour.
      octet = value < 0 ? octet + 1 : Math.min(256, Math.floor((this.endOfRun() - first) / 2 ** bits));
    }
    countMarks(header);
    return this.append(header, values);
  }

  private append(header: Int32Array, values: readonly number[]): number {
    const offset = this.used;
    this.used += HEADER + values.length;
    if (this.used > this.words.length) {
      const grown = new Int32Array(Math.max(this.used, 2 * this.words.length));
      grown.set(this.words);
      this.words = grown;
    }
    this.words.set(header, offset);
    this.words.set(values, offset + HEADER);
    return offset;
  }
}

/** Fills in, for each word of the bitmap, the byte that counts the marks before it. */
function countMarks(header: Int32Array): void {
  let before = 0;
  for (let group = 0; group < 8; group += 1) {
    const counts = 8 + (group >>> 2);
    header[counts] = (header[counts] as number) | (before << ((group & 3) << 3));
    before += countBits(header[group] as number);
  }
}
