import { type Cidr, formatIp, type Ip, type Ipv4, unsigned } from '../../src/address/index.ts';
import { STEPS, type Step } from '../../src/dataplane/index.ts';
import type { RouteTarget } from '../../src/model/index.ts';
import { encodeFrame, type Frame, type Ipv4Packet, verifyChecksums } from '../../src/packet/index.ts';
import type { OneToOne, Stage } from '../../src/program/index.ts';
import { prepare } from '../../src/verify/index.ts';
import { borderedTrial } from '../support/bordered-trial.ts';
import { addressesIn, after, deliveriesOf, senderOf } from '../support/journeys.ts';
import { type Edge, type Network, TENANTS } from '../support/networks.ts';
import type { Trial } from '../support/traffic.ts';
import { demand, type Law, lawOfRuns, lawOfTrials, shown } from './law.ts';
import { expectProof, headerOf, hostsOf, proverOf } from './laws-of-proofs.ts';

/* Where a virtual network ends: judged by the records of the model, by arithmetic and by the other reader. */

const ON_THE_INTERNET: ReadonlySet<string> = new Set(['www', 'visitor']);

export const setsContainBeyond: Law = lawOfRuns(
  '[DC-04] whatever the engine delivers across gateways, routes and peerings, the sets contain',
  borderedTrial,
  (run) => {
    const { network } = run;
    const prover = prepare(network.world.engine.program);
    for (const { journey, step, to } of deliveriesOf(run)) {
      const sender = senderOf(network, journey);
      const { body } = step.before;
      if (sender === null || body.kind !== 'ipv4') continue;
      if (!journey.steps.some(({ outcome }) => outcome.verdict === 'transmit')) continue;
      const inside = prover.contains(sender.host, to.host, headerOf(body));
      demand(inside, () => `${shown(step.before)} of ${sender.id} reaches ${to.id}, and no set has it`);
    }
  },
);

// ------------------------------------------------------------------------------------------- routes

export const longestPrefix: Law = lawOfRuns(
  '[N-21] the route with the longest prefix decides, as a search through all of them finds it',
  borderedTrial,
  ({ network, journeys }) => {
    for (const step of journeys.flatMap((journey) => journey.steps)) {
      const { stage, before } = step;
      if (stage.kind !== 'locate' || !asksTable(stage, before) || before.body.kind !== 'ipv4') continue;
      const expected = expectedDecision(network, stage, before.body);
      if (expected === null) continue;
      const found = foundDecision(stage, step);
      const { target } = before.body;
      demand(found === expected, () => `${unsigned(target)} in ${stage.vn}: ${found}, and not ${expected}`);
    }
  },
);

function asksTable(stage: Stage<'locate'>, frame: Frame): boolean {
  return stage.subnet.prefix < 32 && (!stage.bridged || frame.link.target === stage.router);
}

/** The block of the route that decides, and what becomes of the packet, by the model alone. */
function expectedDecision(
  { world: { model } }: Network,
  stage: Stage<'locate'>,
  { target }: Ipv4Packet,
): string | null {
  const network = model.networks[stage.vn];
  const subnet = Object.values(model.subnets).find(
    (one) => one.network === stage.vn && one.block.address === stage.subnet.address,
  );
  if (network === undefined || subnet === undefined || network.owner === 'provider') return null;
  if (target >>> 28 >= 14) return 'mapping.not-unicast';
  type Known = {
    readonly block: typeof network.block;
    readonly to: (typeof subnet.routes)[number]['to'] | null;
  };
  let best: Known | null = null;
  const all: readonly Known[] = [{ block: network.block, to: null }, ...subnet.routes];
  for (const route of all) {
    if (isIn(target, route.block as Cidr<Ipv4>) && (best === null || route.block.prefix > best.block.prefix))
      best = route;
  }
  if (best === null) return 'route.none';
  const refusal = refusalBy(model, stage.vn, best.to, target);
  return refusal ?? `by ${unsigned(best.block.address as Ipv4)}/${best.block.prefix}`;
}

/** Why what the route leads to does not take the packet; `null`: it does. */
function refusalBy(
  model: Network['world']['model'],
  own: string,
  to: RouteTarget | null,
  target: Ipv4,
): string | null {
  if (to === null) return hasAddress(model, own, target) ? null : 'mapping.none';
  if (to.kind === 'blackhole') return 'route.blackhole';
  if (to.kind === 'gateway') return model.gateways[to.gateway]?.attached === true ? null : 'route.blackhole';
  if (to.kind !== 'peering') return null;
  const peering = model.peerings[to.peering];
  if (peering?.accepted !== true) return 'peering.not-accepted';
  const other = peering.requester === own ? peering.accepter : peering.requester;
  return hasAddress(model, other, target) ? null : 'mapping.none';
}

function hasAddress(model: Network['world']['model'], network: string, address: Ipv4): boolean {
  return Object.values(model.interfaces).some((vni) => vni.network === network && vni.address === address);
}

function isIn(
  address: number,
  { address: base, prefix }: { readonly address: number; readonly prefix: number },
): boolean {
  return Math.floor((address >>> 0) / 2 ** (32 - prefix)) === Math.floor((base >>> 0) / 2 ** (32 - prefix));
}

function foundDecision(stage: Stage<'locate'>, { outcome }: Step): string {
  if (outcome.reason !== null) return outcome.reason;
  const block = stage.routes.entries[outcome.rule]?.block;
  return block === undefined ? outcome.verdict : `by ${unsigned(block.address as Ipv4)}/${block.prefix}`;
}

// ----------------------------------------------------------------------------------------- gateways

export const oneToOne: Law = lawOfRuns(
  '[N-23] a gateway’s translation is undone by its other direction, byte for byte, and leaves no private address of its network and no wrong checksum',
  borderedTrial,
  ({ journeys }) => {
    for (const step of journeys.flatMap((journey) => journey.steps)) {
      const { stage, before, outcome } = step;
      if (stage.kind !== 'one-to-one' || outcome.verdict !== 'continue') continue;
      const there = after(step);
      const back = STEPS['one-to-one']({ ...stage, ...turned(stage) }, {} as never, there);
      const again = back.frame ?? there;
      demand(
        hex(again) === hex(before),
        () => `${shown(before)} becomes ${shown(there)}, and back ${shown(again)}`,
      );
      if (before.body.kind !== 'ipv4' || there.body.kind !== 'ipv4') continue;
      const [was, is] = [verifyChecksums(before.body), verifyChecksums(there.body)];
      demand(was === is, () => `${shown(before)} was ${was} and is ${is}`);
      // on the other side nobody knows the addresses of this one, quoted or not
      for (const address of ownAddresses(stage, there.body)) {
        demand(!stage.addresses.has(address), () => `${shown(there)} bears ${formatIp(address)}`);
      }
    }
  },
);

/** What a gateway has to replace: the near end, and in the quote of an error the same machine as the other end. */
function ownAddresses({ direction }: OneToOne, { source, target, body }: Ipv4Packet): readonly Ip[] {
  const quoted = body.kind === 'icmp-error' ? body.quote.packet : null;
  if (direction === 'outward') return quoted === null ? [source] : [source, quoted.target];
  return quoted === null ? [target] : [target, quoted.source];
}

/** The same direction with the pairs turned round takes an address back to what it was. */
function turned(stage: Stage<'one-to-one'>): OneToOne {
  const addresses = new Map([...stage.addresses].map(([own, other]) => [other, own]));
  const { gateway, direction, sides } = stage;
  return { gateway, direction, sides, addresses };
}

function hex(frame: Frame): string {
  return Buffer.from(encodeFrame(frame)).toString('hex');
}

export const nothingPrivateOutside: Law = lawOfRuns(
  '[N-23] [N-26] no packet with a private source or target goes from one link of the Internet to another',
  borderedTrial,
  ({ network, journeys }) => {
    const { devices } = network.world.engine.program;
    for (const step of journeys.flatMap((journey) => journey.steps)) {
      const { stage, place, before } = step;
      if (devices[place.device]?.role !== 'internet' || stage.kind !== 'route' || !stage.forwards) continue;
      const outer = addressesIn(before).slice(0, 2);
      for (const address of outer)
        demand(!isPrivate(address as Ipv4), () => `${shown(before)} is routed on the Internet`);
    }
  },
);

/** RFC 1918, by its own words. */
function isPrivate(address: number): boolean {
  const [a, b] = [address >>> 24, (address >>> 16) & 255];
  return a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168);
}

/** Claims concern the Program alone, so nothing is sent. */
const silence = borderedTrial.map(({ network }): Trial => ({ network, calls: [], forgeries: [] }));

export const privateSubnets: Law = lawOfTrials(
  '[N-23] [I-14] it is proved that the Internet reaches only machines whose public address a gateway stands for, and is reached by no others',
  silence,
  (trial, making) => {
    const { network, prover } = proverOf(trial, making);
    const internet = hostsOf(network.edges.filter(({ id }) => ON_THE_INTERNET.has(id)));
    for (const edge of network.edges) {
      if (ON_THE_INTERNET.has(edge.id) || isPublished(network, edge)) continue;
      expectProof(network, making, prover, { kind: 'isolated', from: internet, to: [edge.host] });
      // a machine that forwards may bear the address of another
      if (isForwarder(network, edge)) continue;
      expectProof(network, making, prover, { kind: 'isolated', from: [edge.host], to: internet });
    }
  },
);

function interfaceOf({ world: { model } }: Network, { id }: Edge) {
  return model.interfaces[model.instances[id]?.interface ?? ''];
}

function isForwarder(network: Network, edge: Edge): boolean {
  return interfaceOf(network, edge)?.sourceCheck === false;
}

/** A public address, an attached gateway and a route to it: all three. */
function isPublished(network: Network, edge: Edge): boolean {
  const { model } = network.world;
  const vni = interfaceOf(network, edge);
  const leads = model.subnets[vni?.subnet ?? '']?.routes.some(
    ({ to }) => to.kind === 'gateway' && model.gateways[to.gateway]?.attached === true,
  );
  return vni !== undefined && vni.public !== null && leads === true;
}

// ----------------------------------------------------------------------------------------- peerings

export const peersAgree: Law = lawOfTrials(
  '[N-30] [I-01] it is proved that nothing crosses between two tenants who have not both agreed, but by their public addresses',
  silence,
  (trial, making) => {
    const { network, prover } = proverOf(trial, making);
    const { model } = network.world;
    const agreed = Object.values(model.peerings).filter(({ accepted }) => accepted);
    for (const one of TENANTS) {
      for (const other of TENANTS) {
        if (one === other) continue;
        const isAgreed = agreed.some(
          ({ requester, accepter }) =>
            [requester, accepter].includes(one) && [requester, accepter].includes(other),
        );
        const [from, to] = [edgesOf(network, one), edgesOf(network, other)].map((edges) =>
          edges.filter((edge) => !isPublished(network, edge)),
        );
        if (isAgreed || from === undefined || to === undefined || from.length === 0 || to.length === 0)
          continue;
        expectProof(network, making, prover, { kind: 'isolated', from: hostsOf(from), to: hostsOf(to) });
      }
    }
  },
);

function edgesOf(network: Network, tenant: string): readonly Edge[] {
  return network.edges.filter((edge) => edge.tenant === tenant);
}

export const LAWS_OF_BORDERS: readonly Law[] = [
  setsContainBeyond,
  longestPrefix,
  oneToOne,
  nothingPrivateOutside,
  privateSubnets,
  peersAgree,
];
