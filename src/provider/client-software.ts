import { refuse, unknown } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

export interface ConfigureClient {
  /** id of an instance, or of a machine on the premises */
  readonly machine: string;
  readonly installed: boolean;
}

/** The customer puts client software on a machine (FIG. 7, 712; A-14), or takes it off. */
export const configureClient: Verb<ConfigureClient> = (draft, { machine: id, installed }) => {
  const machine = draft.instances[id] ?? draft.siteMachines[id];
  if (machine === undefined || draft.bastions[id] !== undefined) return [unknown('machine', id)];
  if (machine.hsmClient === installed) {
    const message = `${machine.name} has ${installed ? 'client software already' : 'no client software'}`;
    return [refuse('provider/no-change', 'machine', message)];
  }
  machine.hsmClient = installed;
  return DONE;
};
