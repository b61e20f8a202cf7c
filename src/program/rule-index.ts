import {
  ANY_PORT,
  type Cidr,
  compareIp,
  covers,
  type Ip,
  type PrefixTable,
  prefixTable,
} from '../address/index.ts';
import { PROTOCOL } from '../packet/index.ts';
import { denies, looksAtPorts } from './matching.ts';
import type { RuleTable } from './rule-table.ts';
import type { FilterRule, Members } from './stages-of-rules.ts';

/**
 * Many rules, so arranged that a packet pays for none of those that have nothing to do with it.
 *
 * Rules with the same peer stand together: one longest-prefix match finds the innermost block that holds the address,
 * and each block knows the next one around it, so at most 33 are looked at, however many rules there are. Within a peer
 * the ports are cut into stretches in which one rule is the first; a binary search finds the stretch.
 */
export class RuleIndex<Rule extends FilterRule> implements RuleTable<Rule> {
  readonly entries: readonly Rule[];
  #arranged: Arranged | null = null;

  constructor(entries: readonly Rule[]) {
    this.entries = entries;
  }

  first(peer: Ip, protocol: number, targetPort: number): number {
    // proofs read the rules as they are, so tables that no packet meets are never arranged
    this.#arranged ??= arrange(this.entries);
    const { blocks, groups } = this.#arranged;
    let best = NONE;
    const innermost = blocks.entries[blocks.lookup(peer)];
    for (let block = innermost?.value ?? null; block !== null; block = block.around) {
      best = lower(block.rules, protocol, targetPort, best);
    }
    for (const { addresses, rules } of groups) {
      if (rules.lowest < best && addresses.has(peer)) best = lower(rules, protocol, targetPort, best);
    }
    return best === NONE ? -1 : best;
  }
}

interface Arranged {
  readonly blocks: PrefixTable<BlockRules>;
  /** peers that are no block: the members of a firewall */
  readonly groups: readonly { readonly addresses: ReadonlySet<Ip>; readonly rules: PeerRules }[];
}

function arrange(entries: readonly FilterRule[]): Arranged {
  const peers = new Map<string | Members['addresses'], { peer: FilterRule['peer']; indexes: number[] }>();
  entries.forEach(({ peer }, index) => {
    const key = 'firewall' in peer ? peer.addresses : `${peer.address}/${peer.prefix}`;
    const known = peers.get(key);
    if (known === undefined) peers.set(key, { peer, indexes: [index] });
    else known.indexes.push(index);
  });
  const blocks: { block: Cidr; value: BlockRules }[] = [];
  const groups: { addresses: ReadonlySet<Ip>; rules: PeerRules }[] = [];
  for (const { peer, indexes } of peers.values()) {
    const rules = peerRules(entries, indexes);
    if ('firewall' in peer) groups.push({ addresses: peer.addresses, rules });
    else blocks.push({ block: peer, value: { rules, around: null } });
  }
  nest(blocks);
  return { blocks: prefixTable(blocks), groups };
}

/** No rule; above every index. */
const NONE = 0x3fffffff;

interface BlockRules {
  readonly rules: PeerRules;
  /** the next larger block that has rules */
  around: BlockRules | null;
}

/** All rules about one peer. */
interface PeerRules {
  readonly lowest: number;
  readonly tcp: PortRules;
  readonly udp: PortRules;
  readonly icmp: number;
  /** of any protocol without a name here */
  readonly other: number;
}

/** Which rule is the first, by port. */
interface PortRules {
  /** of a packet without ports */
  readonly portless: number;
  /** where each stretch begins, ascending, the first at 0 */
  readonly starts: Uint16Array;
  readonly firsts: Int32Array;
}

/** The first rule of a peer that matches, if it comes before `best`. */
function lower(rules: PeerRules, protocol: number, targetPort: number, best: number): number {
  if (rules.lowest >= best) return best;
  return Math.min(best, firstOf(rules, protocol, targetPort));
}

function firstOf(rules: PeerRules, protocol: number, targetPort: number): number {
  if (protocol === PROTOCOL.tcp) return atPort(rules.tcp, targetPort);
  if (protocol === PROTOCOL.udp) return atPort(rules.udp, targetPort);
  return protocol === PROTOCOL.icmp ? rules.icmp : rules.other;
}

function atPort({ portless, starts, firsts }: PortRules, targetPort: number): number {
  return targetPort < 0 ? portless : (firsts[stretchOf(starts, targetPort)] as number);
}

/** Tells each block which is the next one around it. Outer blocks come first, so a stack holds those that are open. */
function nest(blocks: readonly { readonly block: Cidr; readonly value: BlockRules }[]): void {
  const ordered = [...blocks].sort(
    (one, other) =>
      compareIp(one.block.address, other.block.address) || one.block.prefix - other.block.prefix,
  );
  const open: { readonly block: Cidr; readonly value: BlockRules }[] = [];
  for (const entry of ordered) {
    let around = open.at(-1);
    while (around !== undefined && !covers(around.block, entry.block)) {
      open.pop();
      around = open.at(-1);
    }
    entry.value.around = around?.value ?? null;
    open.push(entry);
  }
}

/** @param indexes ascending */
function peerRules(entries: readonly FilterRule[], indexes: readonly number[]): PeerRules {
  const first = (protocol: FilterRule['protocol']): number =>
    indexes.find((index) => {
      const own = entries[index]?.protocol;
      return own === 'any' || own === protocol;
    }) ?? NONE;
  return {
    lowest: indexes[0] ?? NONE,
    tcp: portRules(entries, indexes, 'tcp'),
    udp: portRules(entries, indexes, 'udp'),
    icmp: first('icmp'),
    other: first('any'),
  };
}

function portRules(
  entries: readonly FilterRule[],
  indexes: readonly number[],
  protocol: 'tcp' | 'udp',
): PortRules {
  const own = indexes.flatMap((index) => {
    const rule = entries[index] as FilterRule;
    if (rule.protocol !== 'any' && rule.protocol !== protocol) return [];
    const { first, last } = looksAtPorts(rule) ? rule.ports : ANY_PORT;
    return [
      { index, first: Number(first), last: Number(last), portless: !looksAtPorts(rule) || denies(rule) },
    ];
  });
  const cuts = new Set([
    0,
    ...own.flatMap(({ first, last }) => (last < ANY_PORT.last ? [first, last + 1] : [first])),
  ]);
  const starts = Uint16Array.from([...cuts].sort((one, other) => one - other));
  const firsts = new Int32Array(starts.length).fill(NONE);
  // the first rule to come takes a stretch and keeps it; `free` leads past what is taken
  const free = Int32Array.from({ length: starts.length + 1 }, (_, at) => at);
  for (const { index, first, last } of own) {
    for (let at = nextFree(free, stretchOf(starts, first)); at < starts.length; at = nextFree(free, at)) {
      if ((starts[at] as number) > last) break;
      firsts[at] = index;
      free[at] = at + 1;
    }
  }
  return { portless: own.find(({ portless }) => portless)?.index ?? NONE, starts, firsts };
}

/** Which stretch holds a port. */
function stretchOf(starts: Uint16Array, port: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] as number) <= port) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The first free stretch from `at` on, with the way there made shorter for whoever asks next. */
function nextFree(free: Int32Array, at: number): number {
  let end = at;
  while (free[end] !== end) end = free[end] as number;
  for (let here = at; here !== end; ) {
    const next = free[here] as number;
    free[here] = end;
    here = next;
  }
  return end;
}
