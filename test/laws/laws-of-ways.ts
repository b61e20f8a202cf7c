import fc from 'fast-check';
import { cidr, type Ipv4, port, portRange } from '../../src/address/index.ts';
import { replayWitness } from '../../src/scenario/index.ts';
import type { Claim, Marks, Verdict } from '../../src/verify/index.ts';
import { anyForgery } from '../support/forgeries.ts';
import { deliveriesOf, senderOf } from '../support/journeys.ts';
import { anyNetwork, type Making, type Network, type Service } from '../support/networks.ts';
import { honestTrial, play, type Trial } from '../support/traffic.ts';
import { demand, type Law, lawOfTrials, shown } from './law.ts';
import { expectProof, headerOf, hostsOf, proverOf } from './laws-of-proofs.ts';

/* What claims about ways, answers and what is hidden say, judged by the engine. */

const silence = anyNetwork.map((network): Trial => ({ network, calls: [], forgeries: [] }));

export const onlyByTheInstance: Law = lawOfTrials(
  '[I-13] [T-06] [DC-04] it is proved that nobody reaches an HSM but through the NAT instance that leads to it',
  silence,
  (trial, making) => {
    const { network, prover } = proverOf(trial, making);
    for (const service of lonely(network)) {
      const from = hostsOf(network.edges.filter(({ role }) => role === 'instance'));
      const to = hostsOf(network.edges.filter(({ id }) => id === service.hsm));
      const device = deviceNamed(network, service.nat);
      expectProof(network, making, prover, { kind: 'only-via', from, to, device });
    }
  },
);

export const addressesAreHidden: Law = lawOfTrials(
  '[T-02] [T-05] [DC-04] it is proved that no address, link address or segment of a customer is seen beyond its NAT instances, on any device',
  silence,
  (trial, making) => {
    const { network, prover } = proverOf(trial, making);
    for (const service of network.services) {
      const own = network.edges.filter(
        ({ tenant, role }) => tenant === service.tenant && role === 'instance',
      );
      const seen = new Set([service.inward, service.target]);
      const addresses = [...own.map(({ address }) => address), service.outer].filter(
        (address) => !seen.has(address),
      );
      const blocks = addresses.map((address) => cidr(address as Ipv4, 32));
      const device = deviceNamed(network, service.nat);
      const marks = marksOf(network, service.tenant);
      expectProof(network, making, prover, { kind: 'hidden', from: hostsOf(own), device, blocks, marks });
    }
  },
);

/** The link addresses of whoever is in a tenant's network, and its segment. */
function marksOf({ world }: Network, tenant: string): Marks {
  const { interfaces, networks } = world.model;
  const own = Object.values(interfaces).filter((one) => one.network === tenant);
  const segment = networks[tenant]?.segment;
  return {
    macs: new Set(own.map(({ mac }) => mac)),
    segments: new Set(segment === undefined ? [] : [segment]),
  };
}

export const provedIsAnswered: Law = lawOfTrials(
  '[T-03] [T-08] [DC-04] whoever is proved to get answers gets them, and where one is refuted the engine loses the packet',
  honestTrial,
  (trial, making) => {
    const run = play(trial, making);
    const { network } = run;
    const { prover } = proverOf(trial, making);
    for (const { call, caller, target, request, sourcePort, answer } of run.called) {
      if (call.carry !== 'tcp' || request === null || sourcePort === null || !isAskedForSure(network, target))
        continue;
      const claim: Claim = {
        ...{ kind: 'answered', from: caller.host, target, source: target, protocol: 'tcp' },
        ports: portRange(port(call.port), port(call.port)),
      };
      const verdict = prover.decide(claim);
      if (verdict.verdict === 'proved' && call.port === 1792)
        demand(answer.length > 0, () => `${caller.id} is proved to be answered, and is not`);
      if (verdict.verdict === 'refuted') expectLoss(network, making, verdict, caller.id);
    }
  },
);

function expectLoss(
  network: Network,
  { steps }: Making,
  verdict: Extract<Verdict, { verdict: 'refuted' }>,
  who: string,
): void {
  const { witness, reached } = verdict;
  if (witness === null) return;
  const { delivered, journey } = replayWitness(network.world.engine.program, witness, steps);
  if (reached === null)
    demand(delivered.length === 0, () => `${shown(journey.frame)} was to be lost on the way from ${who}`);
  else demand(delivered.length > 0, () => `${shown(journey.frame)} was to arrive`);
}

/** Whether the address is that of a service: an HSM answers at port 1792, others may not. */
function isAskedForSure({ services }: Network, target: number): boolean {
  return services.some(({ outer }) => outer === target);
}

/** One frame, whatever it is, and nothing before it. */
const oneFrame: fc.Arbitrary<Trial> = fc.record({
  network: anyNetwork,
  calls: fc.constant([]),
  forgeries: fc.array(anyForgery, { minLength: 1, maxLength: 1 }),
});

export const firstIsUnasked: Law = lawOfTrials(
  '[T-10] [DC-04] what a machine sends before anybody else has sent anything is never taken for an answer',
  oneFrame,
  (trial, making) => {
    const run = play(trial, making);
    const { network } = run;
    const { prover } = proverOf(trial, making);
    for (const { journey, step, to } of deliveriesOf(run)) {
      const sender = senderOf(network, journey);
      const { body } = step.before;
      if (sender === null || journey.cause !== null || body.kind !== 'ipv4') continue;
      const { protocol, targetPort } = headerOf(body);
      const carry = ({ 6: 'tcp', 17: 'udp', 1: 'icmp' } as const)[protocol];
      const carried =
        carry === undefined ? null : { protocol: carry, ports: portRange(targetPort, targetPort) };
      const claim: Claim = {
        ...{ kind: 'isolated', from: [sender.host], to: [to.host], unasked: true },
        carried,
      };
      demand(
        prover.decide(claim).verdict === 'refuted',
        () =>
          `${shown(step.before)} of ${sender.id} reaches ${to.id} unasked, and that was proved impossible`,
      );
    }
  },
);

/** Services whose HSM no other leads to. */
function lonely({ services }: Network): readonly Service[] {
  return services.filter(({ hsm }) => services.filter((other) => other.hsm === hsm).length === 1);
}

function deviceNamed({ world }: Network, id: string): number {
  const index = world.engine.program.devices.findIndex((device) => device.id === id);
  if (index < 0) throw new Error(`there is no device ${id}`);
  return index;
}

export const LAWS_OF_WAYS: readonly Law[] = [
  onlyByTheInstance,
  addressesAreHidden,
  provedIsAnswered,
  firstIsUnasked,
];
