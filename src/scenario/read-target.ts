import { entryNamed, fault, type Reading, reference, sure } from './reading.ts';
import { parseTarget } from './reference-text.ts';
import type { Path, Target } from './scenario.ts';
import { quoted } from './wording.ts';

/** Where something is sent: an address, or a device whose address is known. */
export function readTarget(reading: Reading, text: string, where: Path, step: number): Target | null {
  const target = sure(parseTarget(text));
  if (typeof target !== 'string') return { address: target, named: null };
  const entry = entryNamed(reading, target, where, step, [
    'instance',
    'interface',
    'hsm',
    'internet-host',
    'site-machine',
  ]);
  if (entry === null) return null;
  if (entry.address !== null) return { address: entry.address, named: reference(reading, entry, where) };
  // what is declared has an address; where it cannot be read, that was complained of where it stands
  if (entry.since < 0 || reading.isLost(entry.since)) return null;
  return fault(reading, 'scenario/wrong-value', where, {
    message: `the address of ${quoted(text)} is not known before the run`,
    help: 'give the request a service address',
  });
}
