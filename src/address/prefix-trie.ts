import { countBits } from './bits.ts';
import { type Ip, isIpv6 } from './ip.ts';
import type { Ipv4 } from './ipv4.ts';
import type { PrefixEntry } from './prefix-entry.ts';
import { runsOf } from './prefix-runs.ts';
import { writeTrie } from './prefix-trie-writer.ts';

/**
 * A prefix table for many entries: a trie over the octets of the address whose nodes are compressed.
 *
 * A node stands for 256 slots, but neighbours that are equal are stored once: a bitmap marks the slots that
 * differ from the one before, and the number of marks up to a slot is the position of its value (the idea of
 * Degermark et al., Small Forwarding Tables for Fast Routing Lookups, SIGCOMM 1997). So a million routes take
 * some 20 MB instead of the 200 MB of plain tables of 256 slots; it is the cache that makes this fast.
 * The first two octets of a large table are one plain table of 65,536 slots.
 *
 * A slot is 0 for no match, `index + 1` for a match, or `-offset` of the node that decides. Everything lies in
 * one array of words; {@link writeTrie} lays it out.
 */
export class PrefixTrie<Value> {
  readonly entries: readonly PrefixEntry<Value, Ipv4>[];
  private readonly words: Int32Array;
  private readonly root: number;
  private readonly wide: boolean;

  constructor(entries: readonly PrefixEntry<Value, Ipv4>[], wide: boolean) {
    const { words, root } = writeTrie(runsOf(entries), wide);
    this.entries = entries;
    this.words = words;
    this.root = root;
    this.wide = wide;
  }

  lookup(address: Ip): number {
    if (isIpv6(address)) return -1;
    const words = this.words;
    let slot = this.wide ? (words[address >>> 16] as number) : this.firstOctets(address);
    if (slot < 0) slot = slotAt(words, -slot, (address >>> 8) & 255);
    if (slot < 0) slot = slotAt(words, -slot, address & 255);
    return slot - 1;
  }

  private firstOctets(address: Ipv4): number {
    let slot = this.root;
    if (slot < 0) slot = slotAt(this.words, -slot, address >>> 24);
    if (slot < 0) slot = slotAt(this.words, -slot, (address >>> 16) & 255);
    return slot;
  }
}

/** The value of one of the 256 slots of the node at `node`; `prefix-trie-writer.ts` has the layout. */
function slotAt(words: Int32Array, node: number, octet: number): number {
  const group = octet >>> 5;
  const marksBefore = ((words[node + 8 + (group >>> 2)] as number) >>> ((group & 3) << 3)) & 255;
  const marks = countBits((words[node + group] as number) & ((2 << octet) - 1));
  return words[node + 9 + marksBefore + marks] as number;
}
