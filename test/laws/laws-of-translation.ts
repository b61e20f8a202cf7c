import { formatIp, type Ip, type Ipv4 } from '../../src/address/index.ts';
import { InternalError } from '../../src/base/index.ts';
import { ORIGINAL, REPLY } from '../../src/dataplane/index.ts';
import {
  type Flow,
  type Frame,
  flowOf,
  flowOfQuote,
  type Ipv4Packet,
  PROTOCOL,
  reverse,
} from '../../src/packet/index.ts';
import type { Stage } from '../../src/program/index.ts';
import { devicesOf } from '../../src/scenario/path.ts';
import { addressesIn, after, causedBy, deliveriesOf, senderOf, sidedSteps } from '../support/journeys.ts';
import type { Network, Service } from '../support/networks.ts';
import { type Called, forgedTrial, honestTrial, play } from '../support/traffic.ts';
import { demand, firewallAllows, type Law, lawOfRuns, lawOfTrials, requestAllows, shown } from './law.ts';
import { aclsPass } from './reading-of-acls.ts';

/* What FIG. 3 promises to whoever stands on either side of a NAT instance. */

export const roundTrip: Law = lawOfRuns(
  '[T-01] [T-03] [I-11] a client that firewalls and ACLs let through gets its answer from the address it called; another gets none',
  honestTrial,
  (run) => {
    for (const called of run.called) {
      const { call, caller, answer, payload, target } = called;
      const service = serviceCalled(run.network, called);
      if (service === null || call.carry !== 'tcp' || call.port !== 1792) continue;
      const passes = (from: number, to: number, port: number): boolean =>
        aclsPass(run.network, service.tenant, { from, to, carry: 'tcp', port });
      const allowed =
        firewallAllows(run.network, service, caller.address, 'tcp', call.port) &&
        passes(caller.address, service.outer, call.port) &&
        passes(service.outer, caller.address, called.sourcePort);
      const who = `${caller.id} calling ${formatIp(target)} from port ${called.sourcePort}`;
      if (allowed)
        demand(sameBytes(answer, payload), () => `${who} got ${answer.length} bytes of its own back`);
      else demand(answer.length === 0, () => `${who} got past firewalls and ACLs`);
    }
  },
);

export const firewallHolds: Law = lawOfRuns(
  '[I-11] what comes out of a NAT instance towards the HSM some rule of the firewall allows',
  forgedTrial,
  ({ network, journeys }) => {
    for (const { steps } of journeys) {
      for (const { stage, before, outcome } of steps) {
        if (stage.kind !== 'translate' || stage.direction !== 'outward') continue;
        if (outcome.verdict !== 'continue' || before.body.kind !== 'ipv4') continue;
        // an answer to what the HSM reports needs no rule
        const { effect } = outcome;
        if (effect?.kind === 'connection-touched' && effect.table === stage.reverse?.table) continue;
        const service = network.services.find(({ nat }) => nat === natOf(network, stage.instance));
        if (service === undefined) continue;
        demand(isRequested(network, service, before.body), () => `${shown(before)} passed`);
      }
    }
  },
);

/** Whether the firewall of the request lets a packet in; an error about a tracked connection needs no rule. */
function isRequested(network: Network, service: Service, { source, kept, body }: Ipv4Packet): boolean {
  if (body.kind === 'icmp-error') return true;
  const carry = ({ 1: 'icmp', 6: 'tcp', 17: 'udp' } as const)[kept.protocol];
  const port = body.kind === 'udp' || body.kind === 'tcp' ? body.target : 0;
  return carry !== undefined && requestAllows(network, service, source, carry, port);
}

export const oneSource: Law = lawOfRuns(
  '[T-02] an HSM hears its customer under the inward address of its NAT instance and no other',
  forgedTrial,
  (run) => {
    for (const { journey, step, to } of deliveriesOf(run)) {
      if (to.role !== 'hsm' || senderOf(run.network, journey)?.role !== 'instance') continue;
      const { body } = step.before;
      const source = body.kind === 'ipv4' ? body.source : null;
      demand(
        run.network.services.some(({ hsm, inward }) => hsm === to.id && source === inward),
        () => `${to.id} hears ${shown(step.before)}`,
      );
    }
  },
);

export const noCustomerAddress: Law = lawOfRuns(
  '[T-05] [W-06] no customer address lies in any header beyond the NAT instance',
  forgedTrial,
  (run) => {
    const { network, journeys } = run;
    for (const journey of journeys) {
      const cause = causedBy(run, journey);
      // an HSM may write into its packets what it likes
      if (cause.role === 'hsm') continue;
      const own = new Set<Ip>(customerAddresses(network, cause.tenant));
      for (const { step, side } of sidedSteps(network, journey)) {
        if (side === 'customer') continue;
        const leak = addressesIn(after(step)).find((address) => own.has(address));
        const leaked = leak === undefined ? '' : formatIp(leak);
        demand(leak === undefined, () => `${leaked} in ${shown(after(step))} at ${step.place.name}`);
      }
    }
  },
);

export const noProviderAddress: Law = lawOfRuns(
  '[T-03] [D-10] [N-26] what comes out of a NAT instance towards the customer bears the address that the customer calls',
  honestTrial,
  (run) => {
    const { network, journeys } = run;
    for (const journey of journeys) {
      for (const { stage, before, outcome } of journey.steps) {
        if (stage.kind !== 'translate' || stage.direction !== 'inward' || outcome.verdict !== 'continue')
          continue;
        const frame = outcome.frame ?? before;
        const service = network.services.find(({ nat }) => nat === natOf(network, stage.instance));
        demand(
          service !== undefined && frame.body.kind === 'ipv4',
          () => 'a NAT instance that nobody asked for',
        );
        const known = new Set([service.outer, ...customerAddresses(network, service.tenant)]);
        demand(frame.body.source === service.outer, () => `${shown(frame)} comes from behind`);
        const stranger = addressesIn(frame).find((address) => !known.has(address));
        demand(stranger === undefined, () => `${shown(frame)} names ${formatIp(stranger ?? (0 as Ipv4))}`);
      }
    }
  },
);

export const ownAnswers: Law = lawOfRuns(
  '[T-03] [T-08] [Q-09] every answer finds its own asker, at the port and from the address that the request had',
  honestTrial,
  (run) => {
    const { network, journeys } = run;
    for (const { journey, step, to } of deliveriesOf(run)) {
      const request = journey.cause === null ? undefined : journeys[journey.cause];
      const fromHsm = senderOf(network, journey)?.role === 'hsm';
      if (request === undefined || !fromHsm || to.role !== 'instance') continue;
      const [asked, heard] = [request.frame.body, step.before.body];
      if (asked.kind !== 'ipv4' || heard.kind !== 'ipv4') continue;
      const [sent, answered] = [flowOf(asked), repliesTo(heard)];
      const isOwn = sent !== null && answered !== null && keyOf(sent) === keyOf(answered);
      demand(isOwn && senderOf(network, request)?.id === to.id, () => {
        return `${to.id} hears ${shown(step.before)}, the answer to ${shown(request.frame)}`;
      });
    }
    for (const { caller, answer, payload } of run.called) {
      const own = new TextDecoder().decode(answer);
      demand(
        answer.length === 0 || own === new TextDecoder().decode(payload),
        () => `${caller.id} hears ${own}`,
      );
    }
  },
);

export const neverAlike: Law = lawOfRuns(
  '[T-08] [Q-09] two conversations never look alike beyond the NAT instance',
  honestTrial,
  ({ journeys }) => {
    const originals = new Map<string, string>();
    for (const step of journeys.flatMap(({ steps }) => steps)) {
      const { stage, before, outcome } = step;
      if (stage.kind !== 'translate' || stage.direction !== 'outward' || outcome.verdict !== 'continue')
        continue;
      const [came, went] = [before.body, after(step).body].map((body) =>
        body.kind === 'ipv4' ? flowOf(body) : null,
      );
      if (came === null || came === undefined || went === null || went === undefined) continue;
      const key = `${stage.table} ${keyOf(went)}`;
      const known = originals.get(key) ?? keyOf(came);
      originals.set(key, known);
      demand(known === keyOf(came), () => `${shown(after(step))} stands for two`);
    }
  },
);

export const bijection: Law = lawOfTrials(
  '[T-08] at every moment the live translations of a NAT instance are a bijection',
  honestTrial,
  (trial, making) => {
    const watch = ({ world: { engine } }: Network): void => {
      for (const [name, table] of engine.state.connectionTables()) {
        const live = [...table.slots(engine.now)];
        const distinct = (direction: typeof ORIGINAL | typeof REPLY): number =>
          new Set(live.map((slot) => keyOf(table.flowOf(slot, direction)))).size;
        demand(distinct(ORIGINAL) === live.length, () => `${name}: two live connections of one flow`);
        demand(distinct(REPLY) === live.length, () => `${name}: two live connections share their answers`);
      }
    };
    try {
      play(trial, making, { watch });
    } catch (error) {
      // the table itself refuses a second connection of one flow
      demand(!(error instanceof InternalError), () => String(error));
      throw error;
    }
  },
);

export const nothingUnsolicited: Law = lawOfRuns(
  '[T-10] [T-14] nothing comes in by a NAT instance but answers to what went out by it before, and what a reverse mapping names',
  forgedTrial,
  ({ network, journeys }) => {
    const opened = new Map<number, Set<string>>();
    const crossed = journeys
      .flatMap(({ steps }) => steps)
      .filter(({ stage, outcome }) => stage.kind === 'translate' && outcome.verdict === 'continue')
      .sort((one, other) => one.now - other.now);
    for (const step of crossed) {
      const { stage, before } = step;
      if (stage.kind !== 'translate' || before.body.kind !== 'ipv4') continue;
      const known = opened.get(stage.table) ?? new Set();
      opened.set(stage.table, known);
      const frame = after(step);
      const sent = frame.body.kind === 'ipv4' ? flowOf(frame.body) : null;
      if (stage.direction === 'outward') {
        if (sent !== null) known.add(keyOf(sent));
        continue;
      }
      if (isMapped(stage, before.body, frame)) continue;
      const flow = repliesTo(before.body);
      demand(flow !== null && known.has(keyOf(flow)), () => `${stage.instance} lets ${shown(before)} in`);
      demand(isFor(network, stage.instance, frame), () => `${shown(frame)} is for nobody of the customer's`);
    }
  },
);

/** Whether a reverse mapping names a packet of the HSM, and leads it where it ends. */
function isMapped(stage: Stage<'translate'>, came: Ipv4Packet, { body: went }: Frame): boolean {
  const flow = flowOf(came);
  if (flow === null || stage.reverse === null || went.kind !== 'ipv4') return false;
  return stage.reverse.mappings.some(
    ({ protocol, port, to }) =>
      PROTOCOL[protocol] === flow.protocol &&
      port === flow.targetPort &&
      flow.source === stage.target &&
      flow.target === stage.inward &&
      to === went.target &&
      went.source === stage.outer,
  );
}

function keyOf({ protocol, source, sourcePort, target, targetPort }: Flow): string {
  return [protocol, source, sourcePort, target, targetPort].join();
}

/** Whether a frame is for somebody in the network of the customer that has a NAT instance. */
function isFor(network: Network, instance: string, { body }: Frame): boolean {
  const service = network.services.find(({ nat }) => nat === natOf(network, instance));
  if (service === undefined || body.kind !== 'ipv4') return false;
  return customerAddresses(network, service.tenant).includes(body.target);
}

export const onlyTheMapping: Law = lawOfRuns(
  '[I-13] an HSM is reached from the customer’s network by the address it has there, and nothing else of the provider’s is',
  forgedTrial,
  (run) => {
    for (const { journey, step, to } of deliveriesOf(run)) {
      const sender = senderOf(run.network, journey);
      if (to.role !== 'hsm' || sender?.role !== 'instance') continue;
      const { body } = journey.frame;
      const called = body.kind === 'ipv4' ? body.target : null;
      demand(
        run.network.services.some(({ hsm, outer }) => hsm === to.id && called === outer),
        () => `${shown(journey.frame)} of ${sender.id} becomes ${shown(step.before)} at ${to.id}`,
      );
    }
  },
);

export const reversedPath: Law = lawOfRuns(
  '[D-11] the way of an answer is the way of its request, reversed, device by device',
  honestTrial,
  (run) => {
    const { network } = run;
    const { program } = network.world.engine;
    const delivered = new Map(deliveriesOf(run).map((delivery) => [delivery.journey.id, delivery] as const));
    for (const { journey, to } of delivered.values()) {
      const request = journey.cause === null ? undefined : delivered.get(journey.cause);
      const asker = request === undefined ? null : senderOf(network, request.journey);
      const answerer = senderOf(network, journey);
      if (request === undefined || asker === null || answerer === null) continue;
      if (request.to.id !== answerer.id || asker.id !== to.id) continue;
      const there = devicesOf(program, request.journey).map(({ name }) => name);
      const back = devicesOf(program, journey).map(({ name }) => name);
      // a frame that a bridge floods also visits where it is not wanted
      if ([...request.journey.steps, ...journey.steps].some(({ outcome }) => outcome.verdict === 'flood'))
        continue;
      demand(
        [...back].reverse().join() === there.join(),
        () => `${there.join(', ')} and back ${back.join(', ')}`,
      );
    }
  },
);

/** The HSM whose address in the caller's own subnet a call went to. */
function serviceCalled(network: Network, { caller, target }: Called): Service | null {
  if (caller.role !== 'instance') return null;
  return network.services.find(({ tenant, outer }) => tenant === caller.tenant && outer === target) ?? null;
}

/** What the packet answers, as it was sent: the flow back, or what an error quotes. */
function repliesTo(packet: Ipv4Packet): Flow | null {
  if (packet.body.kind === 'icmp-error') return flowOfQuote(packet.body.quote);
  const flow = flowOf(packet);
  return flow === null ? null : reverse(flow);
}

function natOf(network: Network, name: string): string | undefined {
  return network.world.engine.program.devices.find((device) => device.name === name)?.id;
}

/** Every address that somebody has in the customer's own network, or on the premises. */
function customerAddresses({ world: { model } }: Network, tenant: string): readonly Ip[] {
  const inside = Object.values(model.interfaces).filter(({ network }) => network === tenant);
  const outside = Object.values(model.siteMachines).filter(({ customer }) => customer === tenant);
  return [...inside, ...outside].map(({ address }) => address);
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

export const LAWS_OF_TRANSLATION: readonly Law[] = [
  roundTrip,
  firewallHolds,
  oneSource,
  noCustomerAddress,
  noProviderAddress,
  ownAnswers,
  neverAlike,
  bijection,
  nothingUnsolicited,
  onlyTheMapping,
  reversedPath,
];
