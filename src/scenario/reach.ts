import { formatCidr, formatIp, type Ip, parseIp } from '../address/index.ts';
import { failure, InternalError, type Result, success } from '../base/index.ts';
import type { Journey } from '../dataplane/index.ts';
import type { FilterRule, Program } from '../program/index.ts';
import {
  type Answered,
  addressSpace,
  type Blocker,
  type Carried,
  type Change,
  FIELD,
  followRequest,
  type Passage,
  passagesBetween,
  type Unblocking,
  unblock,
  type Witness,
} from '../verify/index.ts';
import { confirmArrival } from './confirm.ts';
import { endOf } from './journey-end.ts';
import { type PacketSet, packetSet } from './packet-set.ts';
import { type Misunderstood, machineNamed } from './question.ts';
import { replayWitness } from './replay.ts';
import { formatTraffic } from './traffic.ts';
import { claimedProgram, type World } from './world.ts';

/** Exactly what gets from a machine to a machine, or to an address. */
export interface Reach {
  readonly from: string;
  readonly to: string;
  /** what was asked about; `null`: everything */
  readonly carried: Carried | null;
  readonly passages: readonly Passing[];
  /** where some traffic was asked about and none of it gets through: what is in the way */
  readonly blocked: Blocked | null;
}

/** Packets that get through. */
export interface Passing {
  /** the machine they reach */
  readonly to: string;
  readonly sent: PacketSet;
  readonly arrives: PacketSet;
  /** one of them, as the engine delivered it; `null`: it needs no wire */
  readonly confirmed: Journey | null;
}

export interface Blocked {
  /** the address that is called: of several that the machine has the one with the least in the way */
  readonly target: string;
  readonly blockers: readonly InTheWay[];
  /** whether what is said of each blocker opens the way, there and back */
  readonly opens: boolean;
  /** an answer that comes back once all is out of the way, as the engine delivered it; `null` where none does */
  readonly confirmed: Journey | null;
}

/** One obstacle. */
export interface InTheWay {
  readonly stops: 'request' | 'answer';
  /** where it stops what, and why, in words */
  readonly message: string;
  /** the least that would have to change, in words; `null`: no rule, link or channel is at fault */
  readonly change: string | null;
  /** a packet that it stops, in the network without those before it; `null` where the sender's own stack does */
  readonly shown: Journey | null;
  readonly program: Program;
}

/** What of `carried` gets from one machine to another, in the network as it is now with nothing broken. */
export function reachBetween(
  world: World,
  fromName: string,
  toName: string,
  carried: Carried | null,
): Result<Reach, Misunderstood> {
  const program = claimedProgram(world);
  const from = machineNamed(world, fromName);
  if (!from.ok) return from;
  const goal = goalNamed(world, program, toName);
  if (!goal.ok) return goal;
  const sender = hostOf(program, from.value.id);
  if (sender < 0) return failure({ message: `${fromName} is no machine of the network`, choices: [] });
  const { hosts } = goal.value;
  const passages = hosts.flatMap((to) =>
    passagesBetween(program, sender, to, carried).flatMap((passage) =>
      isFor(program, passage, goal.value) ? [passing(program, to, passage)] : [],
    ),
  );
  return success({
    from: nameOf(program, sender),
    to: goal.value.name,
    carried,
    passages,
    blocked:
      passages.length > 0 || carried === null ? null : blockedWay(program, sender, goal.value, carried),
  });
}

/** Who is to be reached. */
interface Goal {
  readonly name: string;
  readonly hosts: readonly number[];
  /** addresses by which it may be called */
  readonly targets: readonly Ip[];
  /** whether one address is meant, whoever has it */
  readonly byAddress: boolean;
}

function goalNamed(world: World, program: Program, name: string): Result<Goal, Misunderstood> {
  const address = parseIp(name);
  if (address.ok) {
    const hosts = program.hosts.map((_, host) => host);
    return success({ name, hosts, targets: [address.value], byAddress: true });
  }
  const to = machineNamed(world, name);
  if (!to.ok) return to;
  const host = hostOf(program, to.value.id);
  const targets = host < 0 ? [] : addressesOf(program, host);
  return success({ name: nameOf(program, host), hosts: [host], targets, byAddress: false });
}

function isFor(program: Program, { sent }: Passage, { byAddress, targets }: Goal): boolean {
  if (!byAddress) return true;
  return targets.some((target) => {
    const [first, last] = addressSpace(program).exactly(target) ?? [];
    return sent[2 * FIELD.target] === first && sent[2 * FIELD.target + 1] === last;
  });
}

/** Its own address, and those that others translate into it. */
function addressesOf(program: Program, host: number): readonly Ip[] {
  const own = program.hosts[host]?.address;
  if (own === undefined) return [];
  const others = program.stages.flatMap((stage): readonly Ip[] => {
    if (stage.kind === 'translate' && stage.direction === 'outward' && stage.target === own)
      return [stage.outer];
    if (stage.kind !== 'one-to-one' || stage.direction !== 'inward') return [];
    return [...stage.addresses].flatMap(([outside, inside]) => (inside === own ? [outside] : []));
  });
  return [...new Set([own, ...others])];
}

function passing(program: Program, to: number, { sent, arrives, sample }: Passage): Passing {
  const confirmed = sample === null ? null : confirmArrival(program, to, sample, undefined);
  const space = addressSpace(program);
  return {
    to: nameOf(program, to),
    sent: packetSet(space, sent),
    arrives: packetSet(space, arrives),
    confirmed,
  };
}

/** What is first in the way of requests: a packet that it stops, as {@link reachBetween} names it; `null`: nothing to be shown. */
export function firstObstacle(program: Program, from: number, to: number, carried: Carried): Witness | null {
  const way = bestWay(program, from, { hosts: [to], targets: addressesOf(program, to) }, carried);
  const [first] = way?.unblocking.blockers ?? [];
  return first?.stops === 'request' ? first.packet : null;
}

function blockedWay(program: Program, from: number, goal: Goal, carried: Carried): Blocked | null {
  const best = bestWay(program, from, goal, carried);
  if (best === null) return null;
  const { target, unblocking, answer } = best;
  return {
    target: formatIp(target),
    blockers: unblocking.blockers.map(inTheWay),
    opens: unblocking.opens,
    confirmed: answer === null ? null : confirmArrival(unblocking.program, from, answer, undefined),
  };
}

/** By which of the goal's addresses the least is in the way. */
function bestWay(
  program: Program,
  from: number,
  goal: Pick<Goal, 'hosts' | 'targets'>,
  carried: Carried,
): Way | null {
  let best: Way | null = null;
  for (const target of goal.targets) {
    const claim: Answered = { kind: 'answered', from, target, source: target, ...carried };
    const unblocking = unblock(program, claim);
    const followed = unblocking.opens ? followRequest(unblocking.program, claim) : null;
    const answer = followed?.end === 'answered' ? followed.sample : null;
    // one address may lead to another machine of that address: to the caller itself, without any packet on a wire
    if (unblocking.opens && !goal.hosts.includes(answer?.host ?? from)) continue;
    if (best === null || isShorter(unblocking, best.unblocking)) best = { target, unblocking, answer };
  }
  return best;
}

interface Way {
  readonly target: Ip;
  readonly unblocking: Unblocking;
  /** an answer that comes back by it; `null` where none does */
  readonly answer: Witness | null;
}

/** A way that can be opened before one that cannot; then the one with less in it, or that gets farther. */
function isShorter(one: Unblocking, other: Unblocking): boolean {
  if (one.opens !== other.opens) return one.opens;
  const [here, there] = [one.blockers.length, other.blockers.length];
  return one.opens ? here < there : farthest(one) > farthest(other);
}

function farthest({ blockers }: Unblocking): number {
  return Math.max(0, ...blockers.map(({ packet }) => packet?.path.length ?? 0));
}

function hostOf(program: Program, id: string): number {
  return program.hosts.findIndex(({ device }) => program.devices[device]?.id === id);
}

function nameOf(program: Program, host: number): string {
  return program.devices[program.hosts[host]?.device ?? -1]?.name ?? 'somebody';
}

function inTheWay({ packet, stops, change, program }: Blocker): InTheWay {
  const base = { stops, change: change === null ? null : changeWords(change), program };
  if (packet === null) return { ...base, message: 'not sent by its own stack', shown: null };
  const { journey, delivered } = replayWitness(program, packet);
  const { text } = endOf(program, journey);
  if (delivered.length > 0)
    throw new InternalError(`the prover's packet is ${text}, where it was to be stopped`);
  return { ...base, message: text, shown: journey };
}

function changeWords(change: Change): string {
  switch (change.kind) {
    case 'rule': {
      const { stage, rule } = change;
      return `${ruleWords('allow', rule, stage.direction)} in the firewall of ${stage.firewall} (${stage.direction})`;
    }
    case 'acl-rule': {
      const { stage, rule } = change;
      const words = ruleWords(`rule: ${rule.number}, allow`, rule, stage.direction);
      return `${words} in ${stage.acl} (${stage.direction})`;
    }
    case 'repair':
      return change.stage.kind === 'channel'
        ? `${change.stage.name} up again`
        : `${change.stage.broken ?? `link ${change.stage.link}`} repaired`;
  }
}

/** As it stands in a scenario. */
function ruleWords(head: string, { protocol, ports, peer }: FilterRule, direction: 'in' | 'out'): string {
  const other = 'firewall' in peer ? peer.firewall : formatCidr(peer);
  return `{ ${head}: ${formatTraffic({ protocol, ports })}, ${direction === 'in' ? 'from' : 'to'}: ${other} }`;
}
