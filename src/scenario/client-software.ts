import type { Stimulus, Talk } from './scenario.ts';
import type { World } from './world.ts';

/**
 * Why an application on that machine cannot ask a security module at all: it needs software that is configured for it (D-20). `null`:
 * it can, or it asks none.
 */
export function missingSoftware(
  { model }: World,
  { from, talk }: Pick<Stimulus, 'from'> & { readonly talk: Pick<Talk, 'kind'> | null },
): string | null {
  if (talk?.kind !== 'pkcs11') return null;
  const machine = model.instances[from.id] ?? model.siteMachines[from.id];
  if (machine?.hsmClient === true) return null;
  return `${from.name} has no client software for HSMs: configure-client puts it there (FIG. 7, 712)`;
}
