import { ANY_PORT, port, portRange, single } from '../address/index.ts';
import { PROTOCOL } from '../packet/index.ts';
import { type AclRule, type FilterRule, type Program, ruleTable, type Stage } from '../program/index.ts';
import { type AddressSpace, addressSpace } from './address-space.ts';
import { followRequest } from './answered.ts';
import { type Box, FIELD, first, last } from './boxes.ts';
import type { Answered } from './claims.ts';
import type { Lost } from './loss.ts';
import type { Witness } from './witness.ts';

/** Everything that stands between a request and its answer, in the order in which packets meet it. */
export interface Unblocking {
  readonly blockers: readonly Blocker[];
  /** whether the changes that the blockers name open the way, there and back */
  readonly opens: boolean;
  /** the Program with these changes */
  readonly program: Program;
}

export interface Blocker {
  readonly stage: Stage;
  /** a packet that it stops once those before it are out of the way; `null` where the sender's own stack does */
  readonly packet: Witness | null;
  /** the Program in which it stops that packet: with the changes of those before it */
  readonly program: Program;
  /** whether it stops the request or the answer to it */
  readonly stops: 'request' | 'answer';
  /** the least change that lets just this through; `null` where no rule, link or channel is at fault */
  readonly change: Change | null;
}

/** What would have to be different. */
export type Change =
  | { readonly kind: 'rule'; readonly stage: Stage<'filter'>; readonly rule: FilterRule }
  | { readonly kind: 'acl-rule'; readonly stage: Stage<'acl'>; readonly rule: AclRule }
  | { readonly kind: 'repair'; readonly stage: Stage<'transmit'> | Stage<'channel'> };

/** More changes than this on one way are no way. */
const MOST_CHANGES = 16;

/**
 * Takes one obstacle after the other out of the way of a request and its answer. What a packet meets is one line of
 * stages, so the obstacles on it are all needed and no others are.
 */
export function unblock(program: Program, claim: Answered): Unblocking {
  const blockers: Blocker[] = [];
  let changed = program;
  for (;;) {
    const followed = followRequest(changed, claim);
    if (followed.end !== 'lost' || followed.at === null) {
      return { blockers, opens: followed.end === 'answered', program: changed };
    }
    const { at, packet, what } = followed;
    const change = changeFor(addressSpace(changed), at);
    blockers.push({ stage: at.stage, packet, program: changed, stops: what, change });
    if (change === null || blockers.length === MOST_CHANGES) {
      return { blockers, opens: false, program: changed };
    }
    changed = withChange(changed, change);
  }
}

function changeFor(space: AddressSpace, { node, stage }: Lost): Change | null {
  const { now } = node.header;
  switch (stage.kind) {
    case 'filter':
      if (stage.egressOnly === true) return null;
      return { kind: 'rule', stage, rule: ruleFor(space, stage.direction, now) };
    case 'acl': {
      const number = numberBefore(stage);
      if (number === null) return null;
      const rule = { ...ruleFor(space, stage.direction, now), number, action: 'allow' } as const;
      return { kind: 'acl-rule', stage, rule };
    }
    case 'transmit':
      return { kind: 'repair', stage };
    case 'channel':
      return stage.up ? null : { kind: 'repair', stage };
    default:
      return null;
  }
}

/** What is stopped here goes from one machine to another, so its ends are one address each. */
function ruleFor(space: AddressSpace, direction: 'in' | 'out', now: Box): FilterRule {
  const peer = space.addressOf(first(now, direction === 'in' ? FIELD.source : FIELD.target));
  const number = first(now, FIELD.protocol);
  const protocol = number === PROTOCOL.tcp ? 'tcp' : number === PROTOCOL.udp ? 'udp' : 'icmp';
  const ports = portRange(port(first(now, FIELD.targetPort)), port(last(now, FIELD.targetPort)));
  return { protocol, peer: single(peer), ports: protocol === 'icmp' ? ANY_PORT : ports, from: null };
}

/** A number that comes before every rule there is, or `null` where there is none left. */
function numberBefore({ rules: { entries } }: Stage<'acl'>): number | null {
  const lowest = entries[0]?.number ?? 100;
  return lowest > 1 ? Math.max(1, Math.floor(lowest / 2)) : null;
}

function withChange(program: Program, change: Change): Program {
  const swap = (stage: Stage): Stage =>
    isMeant(change, stage) ? changedStage({ ...change, stage } as Change) : stage;
  return {
    ...program,
    stages: program.stages.map(swap),
    places: program.places.map((place) => ({ ...place, stages: place.stages.map(swap) })),
  };
}

/** The ports of a subnet share its ACL, and what is broken may be so at several ends; a firewall changes in one place. */
function isMeant({ kind, stage: meant }: Change, stage: Stage): boolean {
  if (kind === 'acl-rule') {
    return stage.kind === 'acl' && stage.rules === meant.rules && stage.direction === meant.direction;
  }
  if (meant.kind === 'transmit') return stage.kind === 'transmit' && stage.broken === meant.broken;
  if (meant.kind === 'channel') return stage.kind === 'channel' && stage.name === meant.name;
  return stage.id === meant.id;
}

function changedStage(change: Change): Stage {
  switch (change.kind) {
    case 'rule': {
      const { stage, rule } = change;
      return { ...stage, rules: ruleTable([...stage.rules.entries, rule]) };
    }
    case 'acl-rule': {
      const { stage, rule } = change;
      return { ...stage, rules: ruleTable([rule, ...stage.rules.entries]) };
    }
    case 'repair':
      return change.stage.kind === 'transmit'
        ? { ...change.stage, up: true, broken: null }
        : { ...change.stage, up: true };
  }
}
