import { formatIp, ipv4, port } from '../../src/address/index.ts';
import { nanos, present, seconds } from '../../src/base/index.ts';
import { TIMER_PROFILES } from '../../src/dataplane/connections/index.ts';
import { type Journey, ORIGINAL, REPLY } from '../../src/dataplane/index.ts';
import { flowOf, udpPacket } from '../../src/packet/index.ts';
import { after, senderOf } from '../support/journeys.ts';
import { buildNetwork, type Network } from '../support/networks.ts';
import { forgedTrial, honestTrial, play } from '../support/traffic.ts';
import { demand, type Law, lawOfRuns, lawOfTrials, shown } from './law.ts';

/* What RFC 4787, 5508 and 1812 ask of mappings, and of what routers say about them. */

/** Tables whose mappings do not depend on the destination, with their stages' translator. */
function independentTables({ world: { engine } }: Network): readonly string[] {
  return engine.program.tables
    .filter(({ mapping }) => mapping === 'endpoint-independent')
    .map(({ name }) => name);
}

export const onePortForAll: Law = lawOfTrials(
  '[T-08] an endpoint-independent translator gives a client’s port one outer port, which is no other client’s (RFC 4787 REQ-1, REQ-3)',
  honestTrial,
  (trial, making) => {
    const watch = (network: Network): void => {
      const { engine } = network.world;
      const tables = engine.state.connectionTables();
      for (const name of independentTables(network)) {
        const table = tables.get(name);
        if (table === undefined) continue;
        const [outerOf, clientOf] = [new Map<string, string>(), new Map<string, string>()];
        for (const slot of table.slots(engine.now)) {
          const protocol = table.protocolOf(slot);
          const inner = `${formatIp(table.sourceOf(slot, ORIGINAL))}:${table.sourcePortOf(slot, ORIGINAL)}`;
          const client = `${protocol} ${inner}`;
          const outer = `${protocol} ${table.targetPortOf(slot, REPLY)}`;
          demand((outerOf.get(client) ?? outer) === outer, () => `${client} has two outer ports`);
          demand((clientOf.get(outer) ?? client) === client, () => `${outer} is two clients’`);
          outerOf.set(client, outer);
          clientOf.set(outer, client);
        }
      }
    };
    play(trial, making, { watch });
  },
);

export const portClassKept: Law = lawOfRuns(
  '[T-08] a port below 1024 stays below, one above stays above (RFC 4787 REQ-3a)',
  honestTrial,
  ({ journeys }) => {
    for (const { outcome } of journeys.flatMap(({ steps }) => steps)) {
      const { effect } = outcome;
      if (effect?.kind !== 'connection-opened' || effect.protocol === 1) continue;
      const [inner, outer] = [effect.originalSourcePort, effect.replyTargetPort];
      demand(inner < 1024 === outer < 1024, () => `${inner} becomes ${outer}`);
    }
  },
);

export const livesAsLong: Law = lawOfRuns(
  '[T-11] a connection lives as long as the profile of its NAT instance says, from the last packet of either side on',
  forgedTrial,
  ({ journeys }) => {
    for (const { stage, outcome, now } of journeys.flatMap(({ steps }) => steps)) {
      const { effect } = outcome;
      if (stage.kind !== 'translate') continue;
      if (effect?.kind !== 'connection-opened' && effect?.kind !== 'connection-touched') continue;
      const profile = TIMER_PROFILES[stage.timers];
      const known = [profile.udp, profile.udpUnanswered, profile.icmp, ...Object.values(profile.tcp)];
      const lives = effect.expiresAt - now;
      demand(known.includes(nanos(lives)), () => `${lives} ns is no time of the profile ${stage.timers}`);
    }
  },
);

export const errorsChangeNothing: Law = lawOfRuns(
  '[T-10] an ICMP error opens no connection of a NAT instance, keeps none alive and ends none (RFC 5508 REQ-6, RFC 5382 REQ-10)',
  forgedTrial,
  ({ journeys }) => {
    for (const { stage, before, outcome } of journeys.flatMap(({ steps }) => steps)) {
      const { body } = before;
      if (stage.kind !== 'translate' || body.kind !== 'ipv4' || body.body.kind !== 'icmp-error') continue;
      demand(outcome.effect === null, () => `${shown(before)} changes something`);
    }
  },
);

export const refusedLeavesNoTrace: Law = lawOfRuns(
  '[T-10] what a NAT instance drops leaves no connection behind',
  forgedTrial,
  ({ journeys }) => {
    for (const { stage, before, outcome } of journeys.flatMap(({ steps }) => steps)) {
      if (stage.kind !== 'translate' || outcome.verdict !== 'drop') continue;
      const kind = outcome.effect?.kind;
      const isSilent = kind === undefined || kind === 'originated' || kind === 'error-withheld';
      demand(isSilent, () => `${shown(before)} is dropped, and ${kind} remains`);
    }
  },
);

/** Packets that die on their way, from one machine at one instant. */
const DYING = 20;

export const fewErrors: Law = lawOfTrials(
  '[DC-11] a router sends one machine six ICMP errors at once, and then one a second (RFC 1812 4.3.2.8)',
  honestTrial,
  (trial, making) => {
    const { world, edges, services } = buildNetwork(trial.network, making);
    const [service] = services;
    const edge = edges.find(({ tenant, role }) => tenant === service?.tenant && role === 'instance');
    if (service === undefined || edge === undefined) return;
    const { engine, trace } = world;
    const machine = present(world.machines.get(edge.id), `${edge.id} runs`);
    const target = ipv4(service.outer);
    const ports = { targetPort: port(1792), sourcePort: port(40_000) };
    for (const at of [0, 1, 5, 30]) {
      engine.run(seconds(at));
      for (let ttl = 1; ttl <= DYING; ttl += 1) {
        machine.inject(udpPacket({ source: machine.address, target, ...ports, ttl: 1 + (ttl % 3) }));
      }
    }
    engine.run();
    const sent = new Map<string, number[]>();
    for (const { outcome, now } of trace.journeys().flatMap(({ steps }) => steps)) {
      const { effect } = outcome;
      if (effect?.kind !== 'originated' || effect.frame.body.kind !== 'ipv4') continue;
      const key = `${effect.at} ${effect.frame.body.target}`;
      sent.set(key, [...(sent.get(key) ?? []), now]);
    }
    for (const times of sent.values()) {
      for (const [index, from] of times.entries()) {
        for (const [more, until] of times.slice(index).entries()) {
          const most = 6 + (until - from) / seconds(1);
          demand(more + 1 <= most, () => `${more + 1} errors to one machine within ${until - from} ns`);
        }
      }
    }
  },
);

export const onlyRegistered: Law = lawOfRuns(
  '[T-14] [Q-16] what an HSM begins was registered, reaches the collector it was registered for, and comes from the address that the customer calls',
  forgedTrial,
  ({ network, journeys }) => {
    for (const step of journeys.flatMap(({ steps }) => steps)) {
      const { stage, before, outcome } = step;
      if (stage.kind !== 'translate' || stage.direction !== 'inward') continue;
      if (outcome.effect?.kind !== 'connection-opened') continue;
      const service = network.services.find(({ nat }) => step.place.name.startsWith(`${nat}/`));
      const collector = network.edges.find(
        ({ tenant, id }) => tenant === service?.tenant && id.endsWith('/app-1'),
      );
      const flow = before.body.kind === 'ipv4' ? flowOf(before.body) : null;
      const went = after(step).body;
      const isRegistered =
        service?.plan.nat?.reports === true && flow?.targetPort === 514 && flow.source === service.target;
      demand(isRegistered, () => `${shown(before)} was registered by nobody`);
      demand(
        went.kind === 'ipv4' && went.source === service.outer && went.target === collector?.address,
        () => `${shown(before)} becomes ${shown(after(step))}`,
      );
    }
  },
);

export const homeByTheSameDoor: Law = lawOfRuns(
  '[T-06] what an HSM answers enters the NAT instance by which the request came',
  honestTrial,
  (run) => {
    const doorOf = (journey: Journey): string | null => {
      const step = journey.steps.find(({ stage }) => stage.kind === 'translate');
      return step?.stage.kind === 'translate' ? step.stage.instance : null;
    };
    for (const journey of run.journeys) {
      const request = journey.cause === null ? undefined : run.journeys[journey.cause];
      if (request === undefined || senderOf(run.network, journey)?.role !== 'hsm') continue;
      const [came, went] = [doorOf(request), doorOf(journey)];
      if (came === null || went === null) continue;
      demand(came === went, () => `${shown(request.frame)} comes by ${came}, its answer enters ${went}`);
    }
  },
);

export const LAWS_OF_MAPPINGS: readonly Law[] = [
  onePortForAll,
  portClassKept,
  livesAsLong,
  errorsChangeNothing,
  refusedLeavesNoTrace,
  fewErrors,
  onlyRegistered,
  homeByTheSameDoor,
];
