import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { contains, ipv4, port } from '../../src/address/index.ts';
import { type Journey, NEW_ASSOCIATION, type Step } from '../../src/dataplane/index.ts';
import {
  decodeFrame,
  encodeFrame,
  encodePacket,
  type Frame,
  markOf,
  udpPacket,
} from '../../src/packet/index.ts';
import type { PlaceId } from '../../src/program/index.ts';
import type { PremisesPlan } from '../../src/testing/premises-plan.ts';
import { after, deliveriesOf, senderOf } from '../support/journeys.ts';
import { buildNetwork, type Network } from '../support/networks.ts';
import { forgedTrial, play, type Run, type Trial } from '../support/traffic.ts';
import { demand, type Law, lawOfRuns, lawOfTrials, shown } from './law.ts';

/* What a channel between two sites promises, whoever is at either end and in between. */

const IPSEC: PremisesPlan = { kind: 'ipsec', hosts: 2 };

/** Trials in which the first tenant has premises, so that none is about nothing. */
const channelTrial: fc.Arbitrary<Trial> = fc
  .tuple(
    forgedTrial,
    fc.constantFrom(IPSEC, { ...IPSEC, kind: 'wireguard' as const }, { ...IPSEC, kind: 'direct' as const }),
  )
  .map(([trial, premises]) => {
    const [first, ...others] = trial.network.tenants;
    if (first === undefined) return trial;
    const tenants = [{ ...first, premises: first.premises ?? premises }, ...others];
    const calls = trial.calls.map((call, index) =>
      index % 2 === 0 ? { ...call, to: 'neighbour' as const } : call,
    );
    return { ...trial, network: { ...trial.network, tenants }, calls };
  });

function stepsOf(run: Run, ...kinds: readonly string[]): readonly Step[] {
  return run.journeys.flatMap(({ steps }) => steps.filter(({ stage }) => kinds.includes(stage.kind)));
}

function isPassed({ outcome }: Step): boolean {
  return outcome.verdict !== 'drop';
}

export const opensToTheSame: Law = lawOfRuns(
  '[S-05] [S-08] [W-07] what is opened is exactly what was sealed, and every layer that is put on is taken off',
  channelTrial,
  ({ journeys }) => {
    for (const { steps } of journeys) {
      const sealed: Frame[] = [];
      for (const step of steps) {
        if (!isPassed(step)) continue;
        if (step.stage.kind === 'seal') sealed.push(step.before);
        if (step.stage.kind !== 'open') continue;
        const inside = sealed.pop();
        const same = inside !== undefined && isDeepStrictEqual(after(step).body, inside.body);
        demand(same, () => `${shown(after(step))} comes out of ${shown(step.before)}`);
      }
      const last = steps.at(-1);
      demand(
        last?.stage.kind !== 'deliver' || sealed.length === 0,
        () => `${shown((last as Step).before)} is sealed`,
      );
    }
  },
);

export const nothingIsSeen: Law = lawOfRuns(
  '[S-01] [S-07] between the gateways nobody sees an address, a port or a byte of what is inside',
  channelTrial,
  ({ network, journeys }) => {
    const { devices } = network.world.engine.program;
    for (const { steps } of journeys) {
      let secret: Buffer | null = null;
      for (const step of steps) {
        if (step.stage.kind === 'seal') secret = secretOf(step.before);
        if (secret === null || devices[step.place.device]?.role !== 'internet') continue;
        for (const frame of [step.before, after(step)]) {
          const visible = Buffer.from(encodeFrame(frame));
          // ten bytes are no coincidence: both addresses and the first port of the inner packet
          for (let at = 0; at + 10 <= secret.length; at += 1) {
            const leak = visible.includes(secret.subarray(at, at + 10));
            demand(!leak, () => `${shown(frame)} shows byte ${at} of what is inside`);
          }
        }
      }
    }
  },
);

/** The addresses and everything behind them. */
function secretOf({ body }: Frame): Buffer | null {
  return body.kind === 'ipv4' ? Buffer.from(encodePacket(body)).subarray(12) : null;
}

export const oneNumberEach: Law = lawOfRuns(
  '[S-07] every packet of an association has the next number, and none is used twice',
  channelTrial,
  (run) => {
    const used = new Map<number, number[]>();
    for (const step of stepsOf(run, 'seal')) {
      if (step.stage.kind !== 'seal' || !isPassed(step)) continue;
      const { body } = after(step);
      const sequence = body.kind === 'ipv4' ? (markOf(body)?.sequence ?? 0) : 0;
      const { association } = step.stage;
      used.set(association, [...(used.get(association) ?? []), sequence]);
    }
    // journeys stand one after the other here, although they travel at the same time
    for (const [association, sequences] of used) {
      const inOrder = [...sequences].sort((one, other) => one - other);
      const wrong = inOrder.findIndex((sequence, index) => sequence !== index + 1);
      demand(wrong < 0, () => `association ${association}: ${inOrder.join(', ')}`);
    }
  },
);

/** A sealed packet as the far gateway got it. */
interface Caught {
  readonly place: PlaceId;
  readonly frame: Frame;
}

function caughtIn(run: Run): readonly Caught[] {
  return run.journeys.flatMap(({ steps }) =>
    steps.flatMap((step, index) => {
      const arrived = steps[index - 1];
      if (step.stage.kind !== 'open' || arrived?.stage.kind !== 'accept') return [];
      return [{ place: step.place.id, frame: arrived.before }];
    }),
  );
}

/** The frames come in once more, or changed; gives the ends of their journeys. */
function throwIn({ world: { engine, trace } }: Network, caught: readonly Caught[]): readonly Journey[] {
  const first = trace.count;
  for (const { place, frame } of caught) {
    engine.begin(place, frame);
    engine.run();
  }
  return trace.journeys().slice(first);
}

export const neverTwice: Law = lawOfTrials(
  '[S-07] a packet that was recorded and comes again is refused, and the window never goes back',
  channelTrial,
  (trial, making) => {
    const run = play(trial, making);
    const { network } = run;
    const before = windowsOf(network);
    for (const { steps } of throwIn(network, caughtIn(run))) {
      const last = steps.at(-1);
      const refused = /^(esp|wireguard)\.replayed$/.test(last?.outcome.reason ?? '');
      demand(
        refused,
        () => `${shown((last as Step).before)} ends with ${last?.outcome.verdict} the second time`,
      );
    }
    demand(
      isDeepStrictEqual(before, windowsOf(network)),
      () => 'a packet that was refused has moved the window',
    );
  },
);

function windowsOf({ world: { engine } }: Network): readonly unknown[] {
  return engine.program.associations.map((_, index) => engine.state.association(index).window);
}

/** Another port of UDP is no message of WireGuard; another number names another key, or was here before. */
const REFUSED: ReadonlySet<string> = new Set([
  'esp.auth-failed',
  'esp.unknown-spi',
  'esp.replayed',
  'wireguard.auth-failed',
  'wireguard.unknown-index',
  'wireguard.replayed',
  'wireguard.not-allowed',
]);

export const noBitChanged: Law = lawOfTrials(
  '[S-07] a sealed packet with any bit changed is refused before anything of it is believed',
  channelTrial,
  (trial, making) => {
    const caught = caughtIn(play(trial, making));
    const fresh = buildNetwork(trial.network, making);
    const changed = caught.flatMap(({ place, frame }, index) => {
      const bytes = encodeFrame(frame);
      const start = 14 + 20;
      const bit = (trial.network.seed * 7_919 + index * 104_729) % ((bytes.length - start) * 8);
      const at = start + (bit >>> 3);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
      const read = decodeFrame(bytes);
      return read.ok ? [{ place, frame: read.value }] : [];
    });
    for (const { steps } of throwIn(fresh, changed)) {
      const last = steps.at(-1);
      const reason = last?.outcome.reason ?? '';
      const refused = REFUSED.has(reason);
      demand(
        refused,
        () => `${shown((last as Step).before)} was changed, and ends with ${last?.outcome.verdict}`,
      );
    }
    const untouched = windowsOf(fresh).every((window) => isDeepStrictEqual(window, NEW_ASSOCIATION.window));
    demand(untouched, () => 'a packet that is not authentic has moved the window');
  },
);

export const fromSiteToSite: Law = lawOfTrials(
  '[S-08] [N-26] what comes out of a channel bears addresses of the two sites, and the ones that it was sent with',
  channelTrial,
  (trial, making) => {
    const run = withSpoofers(play(trial, making));
    const { network } = run;
    const { model } = network.world;
    for (const { journey, step, to } of deliveriesOf(run)) {
      const sender = senderOf(network, journey);
      const crossed = journey.steps.some(({ stage }) => stage.kind === 'channel');
      const [sent, { body }] = [journey.frame.body, step.before];
      if (sender === null || !crossed || sent.kind !== 'ipv4' || body.kind !== 'ipv4') continue;
      const block = model.premises[sender.tenant]?.block;
      const atSite = (id: string) => model.siteMachines[id] !== undefined;
      if (block === undefined || to.role === 'hsm') continue;
      demand(
        contains(block, body.source) === atSite(sender.id),
        () => `${sender.id} sends ${shown(step.before)}`,
      );
      demand(contains(block, body.target) === atSite(to.id), () => `${to.id} gets ${shown(step.before)}`);
      // what a NAT instance sends on has the address that the customer calls
      if (journey.steps.some(({ stage }) => stage.kind === 'translate')) continue;
      const same = sent.source === body.source && sent.target === body.target;
      demand(same, () => `${shown(journey.frame)} arrives as ${shown(step.before)}`);
    }
  },
);

/** Whoever is on the premises writes to everybody of its tenant, each time under another’s address. */
function withSpoofers(run: Run): Run {
  const { network } = run;
  const { engine, machines, model, trace } = network.world;
  for (const { id, customer } of Object.values(model.siteMachines)) {
    const own = network.edges.filter(({ tenant }) => tenant === customer);
    for (const victim of own) {
      for (const { address } of own) {
        const ends = { source: ipv4(address), target: ipv4(victim.address) };
        machines.get(id)?.inject(udpPacket({ ...ends, sourcePort: port(7), targetPort: port(7) }));
        engine.run();
      }
    }
  }
  return { ...run, journeys: trace.journeys() };
}

export const LAWS_OF_CHANNELS: readonly Law[] = [
  opensToTheSame,
  nothingIsSeen,
  oneNumberEach,
  neverTwice,
  noBitChanged,
  fromSiteToSite,
];
