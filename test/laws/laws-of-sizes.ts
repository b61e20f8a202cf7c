import { isDeepStrictEqual } from 'node:util';
import type { Journey, Step } from '../../src/dataplane/index.ts';
import { carriedLength, fragment, type Ipv4Packet, join, packetLength } from '../../src/packet/index.ts';
import {
  isTooLongToLeave,
  overlaps,
  playSized,
  type SizedRun,
  sizedTrial,
} from '../support/sized-traffic.ts';
import { demand, firewallAllows, type Law, lawOfTrials, shown } from './law.ts';
import { everySetContains } from './laws-of-proofs.ts';

/* What is true of every length, whatever the links carry. */

function lawOfSizes(name: string, judge: (run: SizedRun) => void): Law {
  return lawOfTrials(name, sizedTrial, (trial, making) => judge(playSized(trial, making)));
}

function stepsOf({ journeys }: SizedRun): readonly Step[] {
  return journeys.flatMap(({ steps }) => steps);
}

export const nothingLonger: Law = lawOfSizes(
  'no frame longer than its link’s MTU is ever on it (RFC 791; invariant 60)',
  (run) => {
    for (const { stage, before, outcome } of stepsOf(run)) {
      if (stage.kind !== 'transmit' || outcome.verdict !== 'transmit') continue;
      const length = carriedLength(before);
      demand(length <= stage.mtu, () => `${shown(before)}, ${length} bytes, on ${stage.link}`);
    }
  },
);

export const piecesAreTheWhole: Law = lawOfSizes(
  'the pieces of a packet fit, begin at multiples of eight, and are the packet; DF is never cut (RFC 791 3.2; invariants 33, 35)',
  (run) => {
    for (const { stage, before, outcome } of stepsOf(run)) {
      const { pieces } = outcome;
      if (pieces === null || stage.kind !== 'fit' || before.body.kind !== 'ipv4') continue;
      const whole = before.body;
      demand(!whole.kept.dontFragment || whole.kept.cuts !== undefined, () => `${shown(before)} is cut`);
      const packets = pieces.flatMap(({ body }) => (body.kind === 'ipv4' ? [body] : []));
      for (const piece of packets) {
        demand(packetLength(piece) <= stage.mtu, () => `a piece of ${shown(before)} does not fit`);
        demand(piece.kept.fragmentOffset % 8 === 0, () => `a piece of ${shown(before)} is at a wrong place`);
      }
      demand(isSame(packets, whole), () => `the pieces of ${shown(before)} are something else`);
    }
  },
);

/** Whether the pieces hold the same data as the packet, which may be a piece itself. */
function isSame(pieces: readonly Ipv4Packet[], whole: Ipv4Packet): boolean {
  const [joined, expected] = [join(pieces), join(fragment(whole, 65_535))];
  return joined !== null && expected !== null && isDeepStrictEqual(bodyOf(joined), bodyOf(expected));
}

function bodyOf({ body }: Ipv4Packet): unknown {
  return body.kind === 'udp' ? body.body : body;
}

export const wholeOrNothing: Law = lawOfSizes(
  'a datagram arrives once and as it was sent, whatever became of its pieces, and not at all where they overlap (RFC 791; RFC 5722; invariants 33, 34)',
  (run) => {
    for (const posted of run.posted) {
      const { journey, bytes } = posted;
      if (journey === null) continue;
      const arrived = deliveriesOf(journey);
      demand(arrived.length <= 1, () => `${shown(journey.frame)} arrives ${arrived.length} times`);
      demand(
        arrived.length === 0 || !overlaps(posted),
        () => `${shown(journey.frame)} arrives, and overlaps`,
      );
      for (const { before } of arrived) {
        const packet = before.body;
        const data = packet.kind === 'ipv4' && packet.body.kind === 'udp' ? packet.body.body : null;
        demand(isDeepStrictEqual(data, bytes), () => `${shown(journey.frame)} arrives as ${shown(before)}`);
      }
    }
  },
);

export const whatMayBeCutArrives: Law = lawOfSizes(
  'what a firewall allows and everybody may cut arrives, whatever the links carry (RFC 791)',
  (run) => {
    const tight = run.network.plan.mtus?.['server-a--fabric'] ?? 1550;
    for (const posted of run.posted) {
      const { journey, client, service, sized } = posted;
      if (journey === null || sized.cutting !== 'allowed' || overlaps(posted)) continue;
      if (!firewallAllows(run.network, service, client.address, 'udp', 1792)) continue;
      // a tunnel end may not cut, and a piece that its own sender made too long never leaves
      if (tight < 1550 || isTooLongToLeave(posted)) continue;
      const arrived = deliveriesOf(journey);
      demand(arrived.length === 1, () => `${shown(journey.frame)} of ${sized.size} bytes does not arrive`);
    }
  },
);

function deliveriesOf({ steps }: Journey): readonly Step[] {
  return steps.filter(({ outcome }) => outcome.verdict === 'deliver');
}

export const errorsNameWhatFits: Law = lawOfSizes(
  'ICMP 3/4 names a length that is less than what it quotes, and reaches who sent that (RFC 1191; invariants 24, 31)',
  (run) => {
    for (const { outcome, before } of stepsOf(run)) {
      if (outcome.verdict !== 'deliver' || before.body.kind !== 'ipv4') continue;
      const { target, body } = before.body;
      if (body.kind !== 'icmp-error' || body.type !== 3 || body.code !== 4) continue;
      const { packet, missing } = body.quote;
      demand(packet.source === target, () => `${shown(before)} is about somebody else`);
      const quoted = packetLength(packet) + missing;
      demand(
        0 < body.parameter && body.parameter < quoted,
        () => `${shown(before)}, which has ${quoted} bytes`,
      );
    }
  },
);

export const discoveryConverges: Law = lawOfTrials(
  'path MTU discovery comes to an end: a client that goes on sending gets through (RFC 1191; invariant 32)',
  sizedTrial,
  (trial, making) => {
    const sized = (trial.sized ?? []).slice(0, 1).flatMap((one) =>
      // as many as there are links that could say less, and one that arrives
      Array.from({ length: 5 }, (_, index) => ({
        ...one,
        pieces: { kind: 'whole' as const },
        cutting: 'path' as const,
        at: 100_000 * (index + 1),
      })),
    );
    const run = playSized({ ...trial, sized }, making);
    const last = run.posted.at(-1);
    if (last === undefined || last.journey === null) return;
    const { service, client, journey } = last;
    if (!firewallAllows(run.network, service, client.address, 'udp', 1792)) return;
    // a switch tells nobody, and a tunnel end nobody who lets others cut: these are black holes
    if (stepsOf(run).some(({ stage, outcome }) => MUTE.has(stage.kind) && isSilentDrop(outcome))) return;
    demand(deliveriesOf(journey).length === 1, () => `${shown(journey.frame)} never arrives`);
  },
);

const MUTE: ReadonlySet<string> = new Set(['transmit', 'wrap']);

function isSilentDrop({ verdict, effect }: Step['outcome']): boolean {
  return verdict === 'drop' && effect === null;
}

export const nothingIsLost: Law = lawOfSizes(
  '[DC-01] every packet, every piece and every copy ends once: delivered, consumed, joined with others, or dropped for a reason',
  ({ network }) => {
    const { begun, copied, delivered, consumed, joined, dropped } = network.world.engine.tally;
    demand(
      begun + copied === delivered + consumed + joined + dropped,
      () => `${begun} + ${copied} begun, ${delivered} + ${consumed} + ${joined} + ${dropped} ended`,
    );
  },
);

export const setsContainPieces: Law = lawOfSizes(
  '[DC-04] whatever the engine delivers of datagrams in pieces, the sets contain',
  everySetContains,
);

export const LAWS_OF_SIZES: readonly Law[] = [
  nothingLonger,
  piecesAreTheWhole,
  wholeOrNothing,
  whatMayBeCutArrives,
  errorsNameWhatFits,
  discoveryConverges,
  nothingIsLost,
  setsContainPieces,
];
