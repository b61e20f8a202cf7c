import { mayServe, requestsIn } from './address-rules.ts';
import type { Draft, Rule } from './checks.ts';
import type { Hsm, Target } from './scenario.ts';
import type { Fault } from './shape.ts';

/** Rules about who can be talked to as a security module. */
export const moduleRules: readonly Rule[] = [modulesAreModules];

function modulesAreModules(draft: Draft): readonly Fault[] {
  return draft.steps.flatMap((step): readonly Fault[] => {
    if (step?.kind !== 'send') return [];
    return step.packets.flatMap(({ talk, to, from, where }): readonly Fault[] => {
      if (talk === null || (talk.kind !== 'pkcs11' && talk.kind !== 'console') || to === null) return [];
      const called = hsmsBehind(draft, to, from.customer);
      const [first] = called;
      if (first === undefined || called.some(({ endpoint }) => endpoint.kind === 'module')) return [];
      const message = `${first.name} is no module, so nothing answers what ${talk.kind} says`;
      const help = `${first.name}: { endpoint: module } makes it one`;
      return [{ code: 'scenario/no-module', where: [...where, talk.kind, 0], complaint: { message, help } }];
    });
  });
}

/** The HSMs that may be meant by a target: it itself, or those that the request with this address may have been given. */
function hsmsBehind(
  { provider, steps }: Draft,
  { address, named }: Target,
  customer: string | null,
): readonly Hsm[] {
  if (named?.kind === 'hsm') return provider.hsms.filter(({ name }) => name === named.name);
  const requests = requestsIn(steps).filter((one) => one.customer === customer && one.address === address);
  const [request] = requests;
  // another HSM may have come in its place
  if (request !== undefined && steps.some((step) => step?.kind === 'replace-hsm')) return provider.hsms;
  return request === undefined ? [] : provider.hsms.filter(mayServe(request));
}
