import type { Journey } from '../dataplane/index.ts';
import type { Program } from '../program/index.ts';
import { type Box, type Difference, differences, type Shown } from '../verify/index.ts';
import { confirmArrival } from './confirm.ts';
import { type PacketSet, packetSet } from './packet-set.ts';
import { claimedProgram, type World } from './world.ts';

/** What one network lets through and another does not. */
export interface Comparison {
  /** pairs of machines, in the order of their names */
  readonly pairs: readonly ComparedPair[];
  /** machines that only one of the two networks has */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
}

export interface ComparedPair {
  readonly from: string;
  readonly to: string;
  readonly opened: readonly ComparedSet[];
  readonly closed: readonly ComparedSet[];
  /** what arrives looks otherwise, though the same is let through; `null`: it does not */
  readonly arrives: { readonly before: readonly PacketSet[]; readonly after: readonly PacketSet[] } | null;
}

export interface ComparedSet {
  readonly sent: PacketSet;
  /** one of these packets, as the engine delivered it in the network that lets it through */
  readonly confirmed: Journey;
  readonly program: Program;
}

/** Compares two networks as they are after their last steps, with nothing broken. */
export function compareWorlds(before: World, after: World): Comparison {
  const [one, other] = [claimedProgram(before), claimedProgram(after)];
  const [ids, otherIds] = [machinesOf(one), machinesOf(other)];
  const { space, pairs } = differences(one, other);
  const words = (box: Box): PacketSet => packetSet(space, box);
  return {
    pairs: pairs.map((difference) => comparedPair(one, other, difference, words)),
    onlyBefore: ids.filter((id) => !otherIds.includes(id)),
    onlyAfter: otherIds.filter((id) => !ids.includes(id)),
  };
}

function comparedPair(
  one: Program,
  other: Program,
  { from, to, opened, closed, arrives }: Difference,
  words: (box: Box) => PacketSet,
): ComparedPair {
  return {
    from,
    to,
    opened: opened.map((shown) => comparedSet(other, shown, words)),
    closed: closed.map((shown) => comparedSet(one, shown, words)),
    arrives: arrives === null ? null : { before: arrives.before.map(words), after: arrives.after.map(words) },
  };
}

/** That the other network lets none of it through, its sets say, which hold whatever the engine delivers. */
function comparedSet(
  program: Program,
  { sent, witness, reached }: Shown,
  words: (box: Box) => PacketSet,
): ComparedSet {
  return { sent: words(sent), confirmed: confirmArrival(program, reached, witness, undefined), program };
}

function machinesOf(program: Program): readonly string[] {
  return program.hosts.map(({ device }) => program.devices[device]?.id ?? '');
}
