import { type Ipv4, port, portRange } from '../../src/address/index.ts';
import { flowOf, type Ipv4Packet } from '../../src/packet/index.ts';
import { confirmRefutation } from '../../src/scenario/confirm.ts';
import { replayWitness } from '../../src/scenario/index.ts';
import {
  type Claim,
  type PacketHeader,
  type Prover,
  prepare,
  type Transfers,
  type Verdict,
  type Witness,
} from '../../src/verify/index.ts';
import { deliveriesOf, senderOf } from '../support/journeys.ts';
import { anyNetwork, buildNetwork, type Edge, type Making, type Network } from '../support/networks.ts';
import { forgedTrial, play, type Run, type Trial } from '../support/traffic.ts';
import { demand, firewallAllows, type Law, lawOfTrials, shown } from './law.ts';
import { aclsPass } from './reading-of-acls.ts';

/* The two readers of a Program, judged by each other. */

export const setsContain: Law = lawOfTrials(
  '[DC-04] whatever the engine delivers, the sets contain',
  forgedTrial,
  (trial, making) => everySetContains(play(trial, making), making.transfers),
);

/** Throws where the engine delivered something that no set of the prover has. */
export function everySetContains(run: Run, transfers?: Transfers): void {
  const { network } = run;
  const prover = prepare(network.world.engine.program, transfers);
  for (const { journey, step, to } of deliveriesOf(run)) {
    const sender = senderOf(network, journey);
    const { body } = step.before;
    if (sender === null || body.kind !== 'ipv4') continue;
    // what a machine says to itself never leaves it, and is no business of the network
    if (!journey.steps.some(({ outcome }) => outcome.verdict === 'transmit')) continue;
    const inside = prover.contains(sender.host, to.host, headerOf(body));
    demand(inside, () => `${shown(step.before)} of ${sender.id} reaches ${to.id}, and no set has it`);
  }
}

/** Networks in which sets are looked at, and nothing is sent but what they say. */
export const setsAreReal: Law = lawOfTrials(
  '[DC-04] whoever reaches a machine by the sets does so in the engine, where no firewall remembers or nobody was asked',
  anyNetwork.map((network): Trial => ({ network, calls: [], forgeries: [] })),
  (trial, making) => {
    const { network, prover } = proverOf(trial, making);
    const { program } = network.world.engine;
    const remembers = program.stages.some((stage) => stage.kind === 'filter' && stage.tracking !== null);
    for (const { witness, reached } of prover.samples()) {
      // sets leave out that nobody takes a packet from its own address off the wire
      if (witness.host === reached) continue;
      // nor can they tell whether what a firewall remembers begins something or belongs to it
      if (witness.opening !== null && (remembers || witness.packet.icmpError)) continue;
      const { delivered, journey } = replayWitness(program, witness, making.steps);
      const [from, to] = [witness.host, reached].map((host) => network.edges[host]?.id ?? '');
      demand(
        delivered.includes(to ?? ''),
        () =>
          `${shown(journey.frame)} of ${from} is in a set at ${to}, and the engine does not bring it there`,
      );
    }
  },
);

/** Claims concern the Program alone, so nothing is sent. */
const silence = anyNetwork.map((network): Trial => ({ network, calls: [], forgeries: [] }));

export const tenantsAreApart: Law = lawOfTrials(
  '[I-01] [I-02] [I-03] [DC-04] it is proved that nothing crosses between tenants',
  silence,
  (trial, making) => {
    const { network, prover } = proverOf(trial, making);
    const tenants = [...new Set(network.edges.map(({ tenant }) => tenant))];
    const groups = tenants.map((name) => hostsOf(network.edges.filter(({ tenant }) => tenant === name)));
    expectProof(network, making, prover, { kind: 'separate', groups });
  },
);

export const sourcesAreProved: Law = lawOfTrials(
  '[T-02] [T-05] [I-18] it is proved which sources an HSM hears, and which an instance',
  silence,
  (trial, making) => {
    const { network, prover } = proverOf(trial, making);
    for (const edge of network.edges) {
      const own = network.services.filter(({ tenant }) => tenant === edge.tenant);
      // on a LAN anybody may take any address
      if (isOnPremises(network, edge)) continue;
      const neighbours = network.edges.filter(
        ({ tenant, role }) => tenant === edge.tenant && role === 'instance',
      );
      const sources =
        edge.role === 'hsm'
          ? own.filter(({ hsm }) => hsm === edge.id).map(({ inward }) => inward)
          : [
              ...neighbours.map(({ address }) => address),
              ...own.map(({ outer }) => outer),
              ...siteAddresses(network, edge.tenant),
            ];
      expectProof(network, making, prover, {
        kind: 'sees-only',
        host: edge.host,
        sources: sources as Ipv4[],
      });
    }
  },
);

function isOnPremises({ world: { model } }: Network, { id }: Edge): boolean {
  return model.siteMachines[id] !== undefined;
}

/** Every address that whoever is on the premises of a tenant may bear: the channel carries no other. */
function siteAddresses({ world: { model } }: Network, tenant: string): readonly number[] {
  const block = model.premises[tenant]?.block;
  if (block === undefined || model.channels[tenant] === undefined) return [];
  return Array.from({ length: 2 ** (32 - block.prefix) }, (_, at) => ((block.address as Ipv4) + at) | 0);
}

export const clientsReach: Law = lawOfTrials(
  '[T-01] [N-05] [I-11] it is proved that a client reaches its HSM where firewalls and ACLs allow it, and refuted elsewhere',
  silence,
  (trial, making) => {
    const { network, prover } = proverOf(trial, making);
    for (const service of network.services) {
      const hsm = network.edges.find(({ id }) => id === service.hsm);
      for (const client of network.edges) {
        if (hsm === undefined || client.role !== 'instance' || client.tenant !== service.tenant) continue;
        const ports = portRange(port(1792), port(1792));
        const claim: Claim = { kind: 'reaches', from: client.host, to: hsm.host, protocol: 'tcp', ports };
        const allowed = network.services.some((way) => {
          const call = { from: client.address, to: way.outer, carry: 'tcp', port: 1792 };
          return (
            way.hsm === service.hsm &&
            firewallAllows(network, way, client.address, 'tcp', 1792) &&
            aclsPass(network, way.tenant, call)
          );
        });
        const verdict = prover.decide(claim);
        const expected = allowed ? 'proved' : 'refuted';
        demand(verdict.verdict === expected, () => `${client.id} reaches ${hsm.id}: ${verdict.verdict}`);
        if (verdict.verdict === 'proved' && verdict.sample !== null)
          confirm(network, making, verdict.sample, [hsm.host]);
        if (verdict.verdict === 'refuted')
          demand(verdict.stops.length > 0, () => 'a refutation says where packets stop');
      }
    }
  },
);

export function proverOf(
  trial: Trial,
  making: Making,
): { readonly network: Network; readonly prover: Prover } {
  const network = buildNetwork(trial.network, making);
  return { network, prover: prepare(network.world.engine.program, making.transfers) };
}

export function hostsOf(edges: readonly Edge[]): readonly number[] {
  return edges.map(({ host }) => host);
}

/** Proved, or nothing to prove. A refutation is shown by the engine before it is believed. */
export function expectProof(network: Network, making: Making, prover: Prover, claim: Claim): void {
  const verdict: Verdict = prover.decide(claim);
  if (verdict.verdict !== 'refuted') return;
  const { witness, reached, shows } = verdict;
  if (witness === null) throw new Error('a refutation of this kind has a witness');
  if (reached !== null) confirm(network, making, witness, [reached]);
  else confirmRefutation(network.world.engine.program, verdict, witness, making.steps);
  const [from, to] = [witness.host, reached ?? -1].map((host) => network.edges[host]?.id);
  demand(false, () => `${from} can reach ${to ?? `an ${shows?.kind}`}, and the engine shows it`);
}

function confirm(network: Network, { steps }: Making, witness: Witness, to: readonly number[]): void {
  const { program } = network.world.engine;
  const { delivered, journey } = replayWitness(program, witness, steps);
  const goals = to.map((host) => network.edges[host]?.id ?? '');
  if (goals.every((id) => delivered.includes(id))) return;
  throw new Error(
    `the engine does not bring ${shown(journey.frame)} to ${goals.join()}, but to ${delivered.join()}`,
  );
}

/** The header of a packet as sets have it. */
export function headerOf(packet: Ipv4Packet): PacketHeader {
  const { source, target, kept, body } = packet;
  const flow = flowOf(packet);
  const none = port(0);
  return {
    source,
    target,
    protocol: kept.protocol,
    icmpError: body.kind === 'icmp-error',
    sourcePort: flow?.sourcePort ?? none,
    targetPort: flow?.targetPort ?? none,
  };
}

export const LAWS_OF_PROOFS: readonly Law[] = [
  setsContain,
  setsAreReal,
  tenantsAreApart,
  sourcesAreProved,
  clientsReach,
];
