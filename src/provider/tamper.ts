import { refuse, unknown } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

export interface Tamper {
  /** id of a PIN entry device */
  readonly device: string;
}

/** Somebody opens a PIN entry device. It erases what pairs it with modules, and is of no use any more (D-19). */
export const tamper: Verb<Tamper> = (draft, { device: id }) => {
  const device = draft.siteMachines[id];
  if (device?.kind !== 'rped') return [unknown('device', id)];
  if (device.tampered) return [refuse('provider/no-change', 'device', `${device.name} was opened already`)];
  device.tampered = true;
  return DONE;
};
