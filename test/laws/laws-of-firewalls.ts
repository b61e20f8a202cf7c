import type { Ipv4 } from '../../src/address/index.ts';
import { formatNanos } from '../../src/base/index.ts';
import type { Step } from '../../src/dataplane/index.ts';
import { type Flow, flowOf, flowOfQuote, type Ipv4Packet, verifyChecksums } from '../../src/packet/index.ts';
import { ruleTable, type Stage } from '../../src/program/index.ts';
import { deliveriesOf, senderOf } from '../support/journeys.ts';
import { withStages } from '../support/programs.ts';
import { forgedTrial, honestTrial, play, type Run } from '../support/traffic.ts';
import { carriedAllow, demand, type Law, lawOfRuns, lawOfTrials, shown } from './law.ts';
import { LAWS_OF_ACLS } from './laws-of-acls.ts';

/* Firewalls that remember: judged by a naive memory that never forgets and by the plan's own rules. */

/** The shortest time that a connection lives without a packet: TCP after a reset. */
const SHORTEST_NS = 10e9;

export const allowedOrAnswered: Law = lawOfRuns(
  '[I-05] [I-17] a firewall passes what a rule allows and what belongs to a connection that one allowed, and nothing else',
  forgedTrial,
  ({ network, journeys }) => {
    const memory = new Map<string, number>();
    /** picked up in mid-stream, perhaps: that depends on what no memory as naive as this one knows */
    const perhaps = new Set<string>();
    const steps = journeys.flatMap((journey) => journey.steps).filter(isTracking);
    for (const step of steps.sort((one, other) => one.now - other.now)) {
      const packet = step.before.body as Ipv4Packet;
      const owner = network.world.model.interfaces[step.place.name.replace(/\/(?:in|out)$/, '')];
      const instance = network.world.model.instances[owner?.attachedTo ?? ''];
      const stage = step.stage as Stage<'filter'>;
      // VNI 314 has the firewall of its request, of which other laws speak
      if (owner === undefined || instance === undefined) continue;
      const peer = stage.direction === 'in' ? packet.source : packet.target;
      const allowed = carriedAllow(
        network,
        instance.customer,
        stage.direction,
        owner.address as Ipv4,
        peer,
        carryOf(packet),
        targetPortOf(packet),
      );
      const key = `${owner.id} ${keyOf(packet)}`;
      const heard = memory.get(key);
      const passed = step.outcome.verdict !== 'drop';
      const what = (): string =>
        `${shown(step.before)} ${stage.direction} at ${owner.id}, ${formatNanos(step.now)}`;
      if (passed) {
        const known = heard !== undefined || perhaps.has(key);
        demand(allowed || known, () => `nothing allows ${what()}, and it passes`);
        demand(known || beginsAlone(packet), () => `it begins nothing: ${what()}, and it passes`);
      } else {
        demand(!allowed || !mustBegin(packet, heard), () => `a rule allows ${what()}, and it is dropped`);
        const live = heard !== undefined && step.now - heard < SHORTEST_NS && mustBelong(packet);
        demand(!live, () => `it belongs to a connection: ${what()}, and it is dropped`);
      }
      if (passed && flowOf(packet) !== null && (heard !== undefined || startsAnew(packet)))
        memory.set(key, step.now);
      else if (passed && packet.body.kind === 'tcp') perhaps.add(key);
    }
  },
);

function isTracking({ stage, before }: Step): boolean {
  return stage.kind === 'filter' && stage.tracking !== null && before.body.kind === 'ipv4';
}

/** Whether a packet may be the first of a connection; a TCP segment in mid-stream is neither sure to be nor not to be. */
function startsAnew(packet: Ipv4Packet): boolean {
  const { body } = packet;
  if (verifyChecksums(packet) === 'bad') return false;
  switch (body.kind) {
    case 'tcp':
      return (body.segment.flags & 0b10010) !== 0b10000;
    case 'icmp-echo':
      return body.direction === 'request';
    case 'udp':
      return true;
    default:
      return false;
  }
}

/** Whether a firewall that has never heard of it must let it pass where a rule allows it. */
function beginsAlone(packet: Ipv4Packet): boolean {
  const { body } = packet;
  if (body.kind === 'icmp-other') return true;
  if (body.kind === 'esp' || body.kind === 'opaque-body') return true;
  if (body.kind !== 'tcp') return startsAnew(packet);
  const sort = body.segment.flags & 0b10111;
  return verifyChecksums(packet) !== 'bad' && (sort === 0b10 || sort === 0b10000);
}

/** The same, as far as this memory knows. */
function mustBegin(packet: Ipv4Packet, heard: number | undefined): boolean {
  return heard === undefined && beginsAlone(packet);
}

/** Whether a packet fits a connection of its flow however that stands: of TCP, an acknowledgement or a reset and nothing else. */
function mustBelong(packet: Ipv4Packet): boolean {
  const { body } = packet;
  if (startsAnew(packet) || verifyChecksums(packet) === 'bad') return false;
  if (body.kind !== 'tcp') return true;
  const sort = body.segment.flags & 0b10111;
  return sort === 0b10000 || sort === 0b100 || sort === 0b10100;
}

/** One name for both directions of a conversation, and for an error about it. */
function keyOf(packet: Ipv4Packet): string {
  const { body } = packet;
  const flow = body.kind === 'icmp-error' ? flowOfQuote(body.quote) : flowOf(packet);
  return flow === null ? 'none' : nameOf(flow);
}

function nameOf({ protocol, source, sourcePort, target, targetPort }: Flow): string {
  const ends = [`${source}:${sourcePort}`, `${target}:${targetPort}`].sort();
  return `${protocol} ${ends.join(' ')}`;
}

function carryOf({ kept: { protocol } }: Ipv4Packet): string {
  return ({ 1: 'icmp', 6: 'tcp', 17: 'udp' } as const)[protocol as 1] ?? 'other';
}

function targetPortOf({ body }: Ipv4Packet): number {
  return body.kind === 'tcp' || body.kind === 'udp' ? body.target : -1;
}

export const orderMeansNothing: Law = lawOfTrials(
  '[I-17] the rules of a firewall mean the same in any order',
  forgedTrial,
  (trial, making) => {
    const turned = play(trial, {
      ...making,
      change: (program) =>
        withStages(making.change?.(program) ?? program, (stage) =>
          stage.kind === 'filter'
            ? { ...stage, rules: ruleTable([...stage.rules.entries].reverse()) }
            : stage,
        ),
    });
    const [one, other] = [verdictsOf(play(trial, making)), verdictsOf(turned)];
    const line = one.findIndex((text, index) => text !== other[index]);
    demand(
      line < 0 && one.length === other.length,
      () => `${one[line]}, and the other way round ${other[line]}`,
    );
  },
);

function verdictsOf({ journeys }: Run): readonly string[] {
  return journeys.flatMap(({ steps }) =>
    steps.map(({ now, place, stage, outcome, before }) => {
      const { verdict, reason } = outcome;
      return `${now} ${place.name} ${stage.kind} ${verdict} ${reason} ${shown(before)}`;
    }),
  );
}

export const denyNeverDelivers: Law = lawOfTrials(
  '[I-17] what a firewall no longer allows never brings a packet to anybody whom none reached before',
  honestTrial,
  (trial, making) => {
    const whole = pairsOf(play(trial, making));
    const stricter = play(trial, {
      ...making,
      change: (program) =>
        withStages(making.change?.(program) ?? program, (stage) =>
          stage.kind === 'filter' ? { ...stage, rules: ruleTable(stage.rules.entries.slice(1)) } : stage,
        ),
    });
    for (const pair of pairsOf(stricter))
      demand(whole.has(pair), () => `${pair}, and not with one rule more`);
  },
);

/** Who hears whom, and by which protocol. */
function pairsOf(run: Run): ReadonlySet<string> {
  return new Set(
    deliveriesOf(run).flatMap(({ journey, step, to }) => {
      const sender = senderOf(run.network, journey);
      const { body } = step.before;
      if (sender === null || body.kind !== 'ipv4') return [];
      return [`${to.id} hears ${sender.id} (${body.kept.protocol})`];
    }),
  );
}

export const LAWS_OF_FIREWALLS: readonly Law[] = [
  allowedOrAnswered,
  orderMeansNothing,
  denyNeverDelivers,
  ...LAWS_OF_ACLS,
];
