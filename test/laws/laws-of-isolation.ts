import { formatIp, formatMac, type Ip, type Mac } from '../../src/address/index.ts';
import { tunnelAddress } from '../../src/model/index.ts';
import { encodeFrame, type Frame, isIp, vxlanOf } from '../../src/packet/index.ts';
import { ROUTER_MAC } from '../../src/program/router-mac.ts';
import { pick, stationsOf, wrapped } from '../support/forgeries.ts';
import { causedBy, deliveriesOf, ownerOf, senderOf } from '../support/journeys.ts';
import { buildNetwork, type Making, type Network } from '../support/networks.ts';
import { forgedTrial, play, type Run, type Trial } from '../support/traffic.ts';
import { demand, type Law, lawOfRuns, lawOfTrials, shown } from './law.ts';

/* What one tenant may never learn of another, whoever forges what. */

export const nothingCrosses: Law = lawOfRuns(
  '[I-01] [I-02] [I-03] [W-03] [N-19] nothing that a tenant’s machine sends, forged or not, is ever at a place of another tenant',
  forgedTrial,
  (run) => {
    for (const journey of run.journeys) {
      const { tenant, id } = causedBy(run, journey);
      for (const { place, before } of journey.steps) {
        const owner = ownerOf(run.network, place);
        demand(owner === null || owner === tenant, () => `${shown(before)} of ${id} is at ${place.name}`);
      }
    }
  },
);

export const noInterference: Law = lawOfTrials(
  '[I-02] a tenant’s trace is the same, byte for byte, when all others are silent',
  forgedTrial,
  (trial, making) => {
    const together = play(trial, making);
    for (const tenant of new Set(together.network.edges.map((edge) => edge.tenant))) {
      const alone = play(trial, making, { only: tenant });
      const [one, other] = [traceOf(together, tenant), traceOf(alone, tenant)];
      const line = one.findIndex((text, index) => text !== other[index]);
      const difference = line < 0 ? (other[one.length] ?? '') : `${one[line]} alone ${other[line]}`;
      demand(line < 0 && one.length === other.length, () => `${tenant}: ${difference}`);
    }
  },
);

export const ownSource: Law = lawOfRuns(
  '[I-18] what reaches an instance from its own network bears the address of whoever sent it',
  forgedTrial,
  (run) => {
    for (const { journey, step, to } of deliveriesOf(run)) {
      const sender = senderOf(run.network, journey);
      // a LAN has no guard at its ports
      if (sender !== null && run.network.world.model.siteMachines[sender.id] !== undefined) continue;
      if (sender?.role !== 'instance' || to.role !== 'instance' || step.before.body.kind !== 'ipv4') continue;
      demand(step.before.body.source === sender.address, () => `${sender.id} sends ${shown(step.before)}`);
    }
  },
);

export const arpOfOneNetwork: Law = lawOfRuns(
  '[I-02] [N-05] ARP in a virtual network names the owner in the asker’s own subnet, and for all others the router',
  forgedTrial,
  ({ network, journeys }) => {
    for (const { place, frame } of journeys) {
      const { body } = frame;
      if (body.kind !== 'arp' || body.operation !== 'reply' || !place.name.endsWith('/back')) continue;
      const named = body.senderMac;
      const right = ownerOfAddress(network, place.name.slice(0, -'/back'.length), body.senderAddress);
      demand(
        named === right,
        () => `${place.name}: ${formatIp(body.senderAddress)} is at ${formatMac(named)}`,
      );
    }
  },
);

export const noForgedWrapper: Law = lawOfTrials(
  '[W-05] a wrapper from a tunnel end without interfaces of its virtual network is never opened',
  forgedTrial,
  (trial, making) => {
    const { network, journeys } = playUnderlay(trial, making);
    for (const { steps } of journeys) {
      for (const { stage, before, outcome } of steps) {
        const segment = vxlanOf(before)?.segment;
        if (stage.kind !== 'unwrap' || outcome.verdict !== 'forward' || !isIp(before.body)) continue;
        const ends = tunnelEndsOf(network, segment ?? -1);
        demand(ends.has(before.body.source), () => `${shown(before)} is opened by ${stage.from.record}`);
      }
    }
  },
);

/** Wrapped frames that enter the fabric as if some tunnel end had sent them, each for an interface that there is. */
function playUnderlay(trial: Trial, making: Making): Run {
  const network = buildNetwork(trial.network, making);
  const { engine, trace, model } = network.world;
  const stations = stationsOf(network);
  const ends = engine.program.places.filter(({ name }) => /^fabric\/[^:]+$/.test(name));
  const servers = Object.values(model.servers);
  for (const { by, aim, linkTarget, body } of trial.forgeries) {
    const goal = pick(Object.values(model.interfaces), aim);
    const target = servers.findIndex(({ name }) => name === goal.server);
    const segment = body.wrapper?.segment ?? model.networks[goal.network]?.segment ?? 0;
    const station = linkTarget === null ? goal.mac : pick(stations, linkTarget);
    const link = { target: station, source: ROUTER_MAC, vlan: null };
    const outer = { ...link, target: pick(servers, target).mac };
    const inner: Frame = {
      link,
      body: { kind: 'opaque-frame', etherType: 0x88b5, payload: new Uint8Array(8) },
    };
    engine.begin(pick(ends, by).id, {
      link: outer,
      body: wrapped(network, { segment, source: by, target }, inner),
    });
  }
  engine.run();
  return { network, journeys: trace.journeys(), called: [] };
}

/** Tunnel ends that hold something of the network of a segment. */
function tunnelEndsOf({ world: { model } }: Network, segment: number): ReadonlySet<Ip> {
  const network = Object.values(model.networks).find((one) => one.segment === segment);
  const hosting = Object.values(model.interfaces).filter(({ network: id }) => id === network?.id);
  const ends = new Set<Ip>(hosting.flatMap(({ server }) => model.servers[server]?.tunnel ?? []));
  const inRack = Object.values(model.natInstances).some(
    ({ network: id, attachment }) => id === network?.id && attachment === 'rack',
  );
  if (inRack) ends.add(tunnelAddress(model.underlay, 'overlay', 0));
  return ends;
}

/** Who answers for an address on the port `port`, as the model has it. */
function ownerOfAddress({ world: { model } }: Network, port: string, address: number): Mac {
  const hsmOf = (network: string | undefined) =>
    Object.values(model.natInstances).find(
      (nat) =>
        nat.network === network && nat.attachment === 'direct' && model.hsms[nat.hsm]?.address === address,
    )?.hsm;
  const network = model.interfaces[port]?.network ?? model.hsms[port]?.assignedTo ?? undefined;
  const attached = hsmOf(network);
  if (attached !== undefined) return model.hsms[attached]?.mac ?? ROUTER_MAC;
  const subnet = model.interfaces[port]?.subnet ?? model.networks[network ?? '']?.subnets[0];
  const owner = Object.values(model.interfaces).find(
    (vni) => vni.subnet === subnet && vni.address === address,
  );
  return owner?.mac ?? ROUTER_MAC;
}

/** Everything that happened because of a tenant, one line a step, without the numbers of journeys. */
function traceOf(run: Run, tenant: string): readonly string[] {
  return run.journeys
    .filter((journey) => causedBy(run, journey).tenant === tenant)
    .flatMap(({ place, startedAt, steps, frame }) => [
      `${startedAt} ${place.name} ${hex(frame)}`,
      ...steps.map(({ now, place: at, stage, outcome, before }) => {
        const { verdict, reason } = outcome;
        return `${now} ${at.name} ${stage.kind} ${verdict} ${reason} ${hex(before)}`;
      }),
    ]);
}

function hex(frame: Frame): string {
  return Buffer.from(encodeFrame(frame)).toString('hex');
}

export const LAWS_OF_ISOLATION: readonly Law[] = [
  nothingCrosses,
  noInterference,
  ownSource,
  arpOfOneNetwork,
  noForgedWrapper,
];
