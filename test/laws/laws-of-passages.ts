import type fc from 'fast-check';
import { type Ipv4, type Port, port, portRange, unsigned } from '../../src/address/index.ts';
import { PROTOCOL } from '../../src/packet/index.ts';
import { replayWitness } from '../../src/scenario/index.ts';
import {
  type Answered,
  FIELD,
  followRequest,
  type Passage,
  passagesBetween,
  unblock,
  type Witness,
} from '../../src/verify/index.ts';
import { anyNetwork, buildNetwork, type Edge, type Making, type Network } from '../support/networks.ts';
import type { Trial } from '../support/traffic.ts';
import { demand, type Law, lawOfTrials } from './law.ts';

/* The exact set that gets through, judged by the engine at its borders. */

/** Networks, and two numbers that choose who is looked at. */
const silence: fc.Arbitrary<Trial> = anyNetwork.map((network) => ({ network, calls: [], forgeries: [] }));

export const bordersAreExact: Law = lawOfTrials(
  '[DC-04] [I-05] of what is said to get through the engine delivers the outermost packets, and none just beyond',
  silence,
  (trial, making) => {
    const network = buildNetwork(trial.network, making);
    for (const [from, to] of pairsOf(network)) {
      const passages = passagesBetween(network.world.engine.program, from.host, to.host, null);
      for (const { sent, sample } of passages) {
        if (sample === null || !hasPorts(sample)) continue;
        for (const targetPort of ends(sent, FIELD.targetPort)) {
          for (const sourcePort of ends(sent, FIELD.sourcePort)) {
            const inside = withPorts(sample, sourcePort, targetPort);
            demand(
              isDelivered(network, making, inside, to),
              () => `${from.id} cannot send to ${to.id} from ${sourcePort} to ${targetPort}`,
            );
          }
        }
        for (const outside of beyond(passages, sent, sample)) {
          demand(
            !isDelivered(network, making, outside, to),
            () => `${from.id} reaches ${to.id} at ${outside.packet.targetPort}, which no passage has`,
          );
        }
      }
    }
  },
);

export const obstaclesAreAll: Law = lawOfTrials(
  '[I-05] [DC-04] with every obstacle out of the way that is named, a request arrives and its answer comes back',
  silence,
  (trial, making) => {
    const network = buildNetwork(trial.network, making);
    const { program } = network.world.engine;
    for (const service of network.services) {
      const caller = network.edges.find(
        ({ tenant, role }) => tenant === service.tenant && role === 'instance',
      );
      if (caller === undefined) continue;
      const target = service.outer as Answered['target'];
      const claim: Answered = {
        ...{ kind: 'answered', from: caller.host, target, source: target, protocol: 'tcp' },
        ports: portRange(port(22), port(22)),
      };
      const { blockers, opens, program: open } = unblock(program, claim);
      for (const { packet, program: before } of blockers) {
        if (packet === null) continue;
        const { delivered } = replayWitness(before, packet, making.steps);
        demand(delivered.length === 0, () => `an obstacle lets ${caller.id} pass`);
      }
      const followed = followRequest(open, claim);
      if (!opens) continue;
      demand(followed.end === 'answered', () => `${caller.id} is still not answered`);
      if (followed.end !== 'answered' || followed.sample === null) continue;
      const { delivered } = replayWitness(open, followed.sample, making.steps);
      demand(delivered.includes(caller.id), () => `the engine does not bring the answer to ${caller.id}`);
    }
  },
);

function pairsOf({ edges }: Network): readonly (readonly [Edge, Edge])[] {
  const clients = edges.filter(({ role }) => role === 'instance');
  return clients.flatMap((from) => edges.flatMap((to) => (from === to ? [] : [[from, to] as const])));
}

function hasPorts({ packet }: Witness): boolean {
  return packet.protocol === PROTOCOL.tcp || packet.protocol === PROTOCOL.udp;
}

function ends(sent: Passage['sent'], field: number): readonly Port[] {
  const [first, last] = [port(sent[2 * field] as number), port(sent[2 * field + 1] as number)];
  return first === last ? [first] : [first, last];
}

function withPorts(witness: Witness, sourcePort: Port, targetPort: Port): Witness {
  return { ...witness, packet: { ...witness.packet, sourcePort, targetPort } };
}

/** Packets one port beside a passage that are in no other. */
function beyond(passages: readonly Passage[], sent: Passage['sent'], sample: Witness): readonly Witness[] {
  const [first, last] = [sent[2 * FIELD.targetPort] as number, sent[2 * FIELD.targetPort + 1] as number];
  return [first - 1, last + 1].flatMap((number) => {
    if (number < 0 || number > 65_535) return [];
    const outside = withPorts(sample, sample.packet.sourcePort, port(number));
    return passages.some((other) => holds(other, outside)) ? [] : [outside];
  });
}

function holds({ sent }: Passage, { packet }: Witness): boolean {
  const values = [
    unsigned(packet.source as Ipv4),
    unsigned(packet.target as Ipv4),
    packet.protocol,
    packet.sourcePort,
    packet.targetPort,
  ];
  return values.every(
    (value, field) => (sent[2 * field] as number) <= value && value <= (sent[2 * field + 1] as number),
  );
}

function isDelivered({ world }: Network, { steps }: Making, witness: Witness, to: Edge): boolean {
  return replayWitness(world.engine.program, witness, steps).delivered.includes(to.id);
}

export const LAWS_OF_PASSAGES: readonly Law[] = [bordersAreExact, obstaclesAreAll];
