import type { Result } from '../base/index.ts';
import { present } from '../base/index.ts';
import type { DiagnosticCode } from './diagnostic-codes.ts';
import type { Complaint } from './diagnostics.ts';
import type { Directory, Entry } from './directory.ts';
import type { Misreading } from './misreading.ts';
import type { Customer, DeviceKind, DeviceReference, Path, Said } from './scenario.ts';
import type { Fault } from './shape.ts';
import { quoted } from './wording.ts';

/** What turning text into a scenario needs at hand: who exists, where things stand, and a list for complaints. */
export interface Reading {
  readonly directory: Directory;
  /** without those that have a mistake of their own */
  readonly customers: readonly Customer[];
  readonly said: Locate;
  readonly faults: Fault[];
  /** whether a step has a mistake in its shape, so that what it says is not known */
  isLost(step: number): boolean;
}

/** What stands at a path, as a record remembers it. */
export type Locate = (where: Path) => Said;

export function fault(reading: Reading, code: DiagnosticCode, where: Path, complaint: Complaint): null {
  reading.faults.push({ code, where, complaint });
  return null;
}

/** What the schema's own parser accepted a moment ago. */
export function sure<Value>(result: Result<Value, Misreading>): Value {
  return present(result.ok ? result.value : null, 'what the schema accepts can be parsed');
}

/** The device of that name at that step, if it is one of these kinds; else a complaint and `null`. */
export function deviceNamed(
  reading: Reading,
  text: string,
  where: Path,
  step: number,
  kinds: readonly DeviceKind[] | null = null,
): DeviceReference | null {
  const entry = entryNamed(reading, text, where, step, kinds);
  return entry === null ? null : reference(reading, entry, where);
}

export function entryNamed(
  reading: Reading,
  text: string,
  where: Path,
  step: number,
  kinds: readonly DeviceKind[] | null,
): Entry | null {
  const found = reading.directory.find(text, step);
  if (!found.ok) {
    const { code, message, help } = found.fault;
    return fault(reading, code, where, { message, help });
  }
  if (kinds !== null && !kinds.includes(found.value.kind)) {
    return fault(reading, 'scenario/wrong-kind', where, {
      message: `${quoted(text)} is ${KINDS[found.value.kind]}, which cannot be used here`,
      help: `expected: ${kinds.map((kind) => KINDS[kind]).join(' or ')}`,
    });
  }
  return found.value;
}

export function reference(reading: Reading, entry: Entry, where: Path): DeviceReference {
  const { kind, customer, name, id } = entry;
  return { kind, customer, name, id, ...reading.said(where) };
}

const KINDS: { readonly [Kind in DeviceKind]: string } = {
  instance: 'an instance',
  interface: 'a virtual network interface',
  'nat-instance': 'a NAT instance',
  server: 'a server',
  fabric: 'the fabric between servers',
  'overlay-device': 'the overlay device',
  'dx-router': 'the DX router',
  'tor-switch': 'the ToR switch',
  hsm: 'an HSM',
  'hsm-host': 'the computer of an HSM card',
  internet: 'the Internet',
  'internet-gateway': 'a gateway to the Internet',
  'internet-host': 'a host on the Internet',
  'vpn-gateway': 'a gateway to the premises',
  'site-gateway': 'the gateway of the premises',
  'lan-switch': 'the switch of the premises',
  'site-machine': 'a machine on the premises',
};
