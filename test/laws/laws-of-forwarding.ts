import { isDeepStrictEqual } from 'node:util';
import type { Ip } from '../../src/address/index.ts';
import {
  DROP_REASONS,
  type Journey,
  STEPS,
  type Step,
  type Steps,
  type View,
} from '../../src/dataplane/index.ts';
import { tunnelAddress } from '../../src/model/index.ts';
import { encodeFrame, type Frame, isIp, verifyFrame } from '../../src/packet/index.ts';
import { after, innermost } from '../support/journeys.ts';
import type { Network } from '../support/networks.ts';
import { forgedTrial, play, type Run } from '../support/traffic.ts';
import { demand, type Law, lawOfRuns, lawOfTrials, shown } from './law.ts';

/* What every packet is owed on its way, whoever sent it. */

export const unwrapsToTheSame: Law = lawOfRuns(
  '[W-01] [W-02] [W-06] what is unwrapped is exactly what was wrapped, at a port of the same virtual network',
  forgedTrial,
  ({ network, journeys }) => {
    for (const { steps } of journeys) {
      let wrapped: { readonly frame: Frame; readonly segment: number } | null = null;
      for (const step of steps) {
        const { stage, before, outcome } = step;
        if (stage.kind === 'wrap') {
          wrapped = { frame: before, segment: stage.segment };
          demand(
            isBetweenTunnelEnds(network, after(step)),
            () => `${shown(after(step))} shows a customer's address`,
          );
        }
        if (stage.kind !== 'unwrap' || outcome.verdict !== 'forward') continue;
        const inner = after(step);
        demand(
          wrapped !== null && isDeepStrictEqual(inner, wrapped.frame),
          () => `${shown(inner)} comes out`,
        );
        const port = stage.segments.get(wrapped.segment)?.ports.get(inner.link.target);
        demand(port?.to === outcome.to, () => `${shown(before)} comes out elsewhere`);
        wrapped = null;
      }
    }
  },
);

export const rightChecksums: Law = lawOfRuns(
  '[T-03] [W-02] every checksum of every frame is right at every step',
  forgedTrial,
  ({ journeys }) => {
    for (const { steps } of journeys) {
      for (const step of steps) {
        const right = verifyFrame(step.before) === 'good' && verifyFrame(after(step)) === 'good';
        demand(right, () => `${shown(after(step))} after ${step.stage.kind} at ${step.place.name}`);
      }
    }
  },
);

export const nothingElseChanges: Law = lawOfRuns(
  '[T-01] [T-03] [W-02] on its whole way a packet changes in addresses, ports, TTL and checksums, and in nothing else',
  forgedTrial,
  ({ journeys }) => {
    for (const { steps } of journeys) {
      for (const step of steps) {
        // a datagram that is put together is another packet: the laws of sizes speak of it
        if (step.stage.kind === 'gather') continue;
        // what goes into a channel comes out of it: that has a law of its own
        if (step.stage.kind === 'seal' || step.stage.kind === 'open') continue;
        const [came, went] = [carriedBy(step.before), carriedBy(after(step))];
        demand(
          isDeepStrictEqual(came, went),
          () => `${step.stage.kind} makes ${shown(after(step))} of ${shown(step.before)}`,
        );
      }
    }
  },
);

/** What neither forwarding nor translation may touch. A quote is translated with its error. */
function carriedBy(frame: Frame): unknown {
  const { body: packet } = innermost(frame);
  if (packet.kind !== 'ipv4') return packet;
  const { kept, body } = packet;
  switch (body.kind) {
    case 'tcp':
      return { kept, segment: body.segment, data: body.body };
    case 'udp':
      return { kept, data: body.body };
    case 'icmp-echo':
      return { kept, direction: body.direction, sequence: body.sequence, data: body.body };
    case 'icmp-error':
      return { kept, type: body.type, code: body.code, parameter: body.parameter };
    default:
      return { kept, body };
  }
}

const ROUTERS: ReadonlySet<string> = new Set([
  'nat-instance',
  'overlay-device',
  'dx-router',
  'vpn-gateway',
  'internet',
]);

export const oneHopEach: Law = lawOfRuns(
  '[D-03] [D-05] [D-07] [D-08] the TTL falls by one at each router (NAT instance, overlay device, DX router, gateway), and nowhere else',
  forgedTrial,
  ({ network, journeys }) => {
    const { devices } = network.world.engine.program;
    for (const journey of journeys) {
      // copies of a flooded frame are not one after the other
      if (journey.steps.some(({ outcome }) => outcome.verdict === 'flood' || outcome.verdict === 'split'))
        continue;
      visitsOf(journey).forEach((visit, index) => {
        const [first] = visit;
        const last = visit.at(-1);
        if (first === undefined || last?.outcome.verdict !== 'transmit') return;
        const { role = 'server', name = '' } = devices[first.place.device] ?? {};
        // a sealed packet has two, and each falls for itself: see the laws of channels
        if (visit.some(({ stage }) => stage.kind === 'seal' || stage.kind === 'open')) return;
        const [arrived, left] = [ttlOf(first.before), ttlOf(after(last))];
        const isItsOwn = index === 0 && journey.place.device === first.place.device;
        const expected = ROUTERS.has(role) && !isItsOwn ? 1 : 0;
        const fell = arrived === null || left === null ? expected : arrived - left;
        demand(fell === expected, () => `${shown(after(last))}: ${name} takes ${fell} off the TTL`);
      });
    }
  },
);

export const conservation: Law = lawOfRuns(
  '[DC-01] every packet and every copy of it ends once: delivered, consumed, or dropped for a reason',
  forgedTrial,
  ({ network, journeys }) => {
    const { begun, copied, delivered, consumed, joined, dropped, reasons } = network.world.engine.tally;
    const known = [...reasons].map(([reason, count]) => (reason in DROP_REASONS ? count : 0));
    const counted = known.reduce((sum, count) => sum + count, 0);
    demand(
      begun + copied === delivered + consumed + joined + dropped,
      () => `${begun} + ${copied} begun, not as many ended`,
    );
    demand(dropped === counted, () => `${dropped} drops, ${counted} with a reason`);
    for (const { id, steps, frame } of journeys) {
      const ends = steps.filter(({ outcome }) =>
        ['deliver', 'consume', 'drop'].includes(outcome.verdict),
      ).length;
      const copies = steps.reduce(
        (sum, { outcome }) => sum + Math.max(0, (outcome.copies?.length ?? 0) - 1),
        0,
      );
      demand(
        ends === 1 + copies,
        () => `journey ${id}, ${shown(frame)}, ends ${ends} times, copied ${copies}`,
      );
    }
  },
);

export const sameBytes: Law = lawOfTrials(
  '[DC-07] the same network, seed and traffic give the same run, byte for byte',
  forgedTrial,
  (trial, making) => {
    const [one, other] = [play(trial, making), play(trial, making)].map(transcript);
    demand(one === other, () => 'two runs differ');
  },
);

export const pureStages: Law = lawOfTrials(
  '[DC-07] a stage decides the same when it is asked twice, writes nothing, and changes no frame',
  forgedTrial,
  (trial, making) => {
    play(trial, { ...making, steps: askedTwice(making.steps ?? STEPS) });
  },
);

function isBetweenTunnelEnds({ world: { model } }: Network, { body }: Frame): boolean {
  const ends = [...Object.values(model.servers), ...Object.values(model.gateways)];
  const overlay = tunnelAddress(model.underlay, 'overlay', 0);
  const tunnels = new Set<Ip>([overlay, ...ends.map(({ tunnel }) => tunnel)]);
  return isIp(body) && tunnels.has(body.source) && tunnels.has(body.target);
}

/** Steps at one device after the other. */
function visitsOf({ steps }: Journey): readonly (readonly Step[])[] {
  const visits: Step[][] = [];
  for (const step of steps) {
    const current = visits.at(-1);
    if (current !== undefined && current[0]?.place.device === step.place.device) current.push(step);
    else visits.push([step]);
  }
  return visits;
}

function ttlOf(frame: Frame): number | null {
  const { body } = innermost(frame);
  return body.kind === 'ipv4' ? body.ttl : null;
}

export function transcript({ journeys }: Run): string {
  return journeys
    .map(({ id, cause, startedAt, place, steps }) => {
      const lines = steps.map(({ now, place: at, stage, outcome, before }) => {
        const bytes = Buffer.from(encodeFrame(before)).toString('hex');
        return `${now} ${at.name} ${stage.id} ${outcome.verdict} ${outcome.rule} ${outcome.reason} ${bytes}`;
      });
      return `${id} ${cause} ${startedAt} ${place.name}\n${lines.join('\n')}`;
    })
    .join('\n');
}

/** Every step asked twice, of a frame that nobody can change and a state that only answers. */
function askedTwice(steps: Steps): Steps {
  const twice = Object.entries(steps).map(([kind, step]) => {
    const decide = step as (...given: readonly unknown[]) => unknown;
    const checked = (stage: unknown, seen: View, frame: Frame): unknown => {
      const view = onlyAnswers(seen);
      const frozen = freeze(frame);
      const first = attempt(() => decide(stage, view, frozen), kind);
      const second = attempt(() => decide(stage, view, frozen), kind);
      demand(isDeepStrictEqual(first, second), () => `${kind} decides differently about ${shown(frame)}`);
      return first;
    };
    return [kind, checked];
  });
  return Object.fromEntries(twice) as Steps;
}

/** A frozen frame throws a TypeError where somebody writes into it, and so does a view without the method. */
function attempt(decide: () => unknown, kind: string): unknown {
  try {
    return decide();
  } catch (error) {
    demand(!(error instanceof TypeError), () => `${kind} writes: ${String(error)}`);
    throw error;
  }
}

function freeze(frame: Frame): Frame {
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value))
      return;
    Object.freeze(value);
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(frame);
  return frame;
}

/** The view without the methods that write. */
function onlyAnswers(seen: View): View {
  return {
    connections(table) {
      const whole = seen.connections(table);
      return new Proxy(whole, {
        get(target, name) {
          if (['open', 'touch', 'sweep', 'remove'].includes(String(name))) return undefined;
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    },
    cursor: (table) => seen.cursor(table),
    mayReport: (at, target) => seen.mayReport(at, target),
    crossings: (counter) => seen.crossings(counter),
    now: seen.now,
    neighbour: (table, address) => seen.neighbour(table, address),
    awaited: (table, address) => seen.awaited(table, address),
    station: (bridge, vlan, mac) => seen.station(bridge, vlan, mac),
    gathering: (table, datagram) => seen.gathering(table, datagram),
    gatherings: (table) => seen.gatherings(table),
    association: (association) => seen.association(association),
  };
}

export const LAWS_OF_FORWARDING: readonly Law[] = [
  unwrapsToTheSame,
  nothingElseChanges,
  rightChecksums,
  oneHopEach,
  conservation,
  sameBytes,
  pureStages,
];
