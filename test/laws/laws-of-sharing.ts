import { causedBy, deliveriesOf } from '../support/journeys.ts';
import { forgedTrial, type Trial } from '../support/traffic.ts';
import { demand, type Law, lawOfRuns, lawOfTrials, shown } from './law.ts';
import { expectProof, hostsOf, proverOf } from './laws-of-proofs.ts';

/* Networks in which customers share a module (I-04, ruling Q-21). */

/** The same trial where everybody shares the first tenant's module, but for those whose leave was taken back. */
export function sharing(trial: Trial, revoked: readonly string[]): Trial {
  return { ...trial, network: { ...trial.network, shared: { revoked } } };
}

export const heardByOwnAddress: Law = lawOfRuns(
  '[I-04] [Q-21] a module that is shared hears each customer by the address of its own NAT instance, and one whose leave was taken back not at all',
  forgedTrial,
  (run) => {
    const { services, plan } = run.network;
    const revoked = new Set(plan.shared?.revoked);
    for (const { journey, step, to } of deliveriesOf(run)) {
      const { body } = step.before;
      const { tenant } = causedBy(run, journey);
      if (to.role !== 'hsm' || tenant === to.tenant || body.kind !== 'ipv4') continue;
      demand(!revoked.has(tenant), () => `${shown(step.before)} of ${tenant} reaches ${to.id}`);
      if (body.body.kind !== 'tcp' && body.body.kind !== 'udp') continue;
      const own = services.filter((service) => service.tenant === tenant && service.hsm === to.id);
      const known = own.some(({ inward }) => inward === body.source);
      demand(known, () => `${to.id} hears ${shown(step.before)} of ${tenant}`);
    }
  },
);

export const modulesJoinNobody: Law = lawOfTrials(
  '[I-04] [I-01] [I-02] it is proved that customers who share a module reach nothing else of each other’s through it',
  forgedTrial,
  (trial, making) => {
    const { network, prover } = proverOf(trial, making);
    const { hsms } = network.world.model;
    const others = network.edges.filter(({ id }) => Object.keys(hsms[id]?.shares ?? {}).length === 0);
    const tenants = [...new Set(others.map(({ tenant }) => tenant))];
    const groups = tenants.map((name) => hostsOf(others.filter(({ tenant }) => tenant === name)));
    expectProof(network, making, prover, { kind: 'separate', groups });
  },
);

export const LAWS_OF_SHARING: readonly Law[] = [heardByOwnAddress, modulesJoinNobody];
