import type { Stimulus, Talk } from './scenario.ts';
import type { World } from './world.ts';

/** Why a machine cannot say a word to a security module, though its network is in order: found where it stands, before any packet. */
export interface Unable {
  readonly outcome: 'not-configured' | 'tampered';
  readonly code: 'NOT_CONFIGURED' | 'TAMPERED';
  readonly why: string;
}

/** An application needs software that is configured for it (D-20), and a PIN entry device must not have been opened (D-19). */
export function unableToAsk(
  { model, machines }: World,
  { from, talk }: Pick<Stimulus, 'from'> & { readonly talk: Pick<Talk, 'kind'> | null },
): Unable | null {
  const runsModule = machines.get(from.id)?.appliance != null;
  const machine = model.instances[from.id] ?? model.siteMachines[from.id];
  if (talk?.kind === 'pkcs11' && machine?.hsmClient !== true) {
    const why = `${from.name} has no client software for HSMs: configure-client puts it there (FIG. 7, 712)`;
    return { outcome: 'not-configured', code: 'NOT_CONFIGURED', why };
  }
  const device = model.siteMachines[from.id];
  if (talk?.kind === 'rped' && device?.kind !== 'rped' && !runsModule) {
    const why = `${from.name} is no security module (endpoint: module), and calls no PIN entry device`;
    return { outcome: 'not-configured', code: 'NOT_CONFIGURED', why };
  }
  if (talk?.kind === 'rped' && device?.tampered === true) {
    const why = `${from.name} was opened, and has erased what pairs it with modules`;
    return { outcome: 'tampered', code: 'TAMPERED', why };
  }
  return null;
}
