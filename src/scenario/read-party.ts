import type { Party } from './claims.ts';
import { deviceNamed, fault, type Reading } from './reading.ts';
import type { Path } from './scenario.ts';
import { nearest, quoted } from './wording.ts';

/** A device or a customer; when there is both, a complaint. */
export function readParty(reading: Reading, text: string, where: Path, step: number): Party | null {
  if (!reading.directory.customers.includes(text)) {
    if (!text.includes('/') && isUnknown(reading, text, step)) return noParty(reading, text, where);
    const device = deviceNamed(reading, text, where, step);
    return device === null ? null : { kind: 'device', device };
  }
  const device = reading.directory.find(text, step);
  if (!device.ok) {
    const customer = reading.customers.find(({ name }) => name === text);
    return customer === undefined ? null : { kind: 'customer', customer };
  }
  return fault(reading, 'scenario/ambiguous-name', where, {
    message: `${quoted(text)} is a customer and also a device`,
    help:
      device.value.customer === null
        ? 'give one of them another name'
        : `for the device write ${device.value.id}`,
  });
}

function isUnknown(reading: Reading, text: string, step: number): boolean {
  const found = reading.directory.find(text, step);
  return !found.ok && found.fault.code === 'scenario/unknown-name';
}

function noParty(reading: Reading, text: string, where: Path): null {
  const { customers, entries } = reading.directory;
  const guess = nearest(text, [...customers, ...entries.map(({ name }) => name)]);
  return fault(reading, 'scenario/unknown-name', where, {
    message: `no device or customer is called ${quoted(text)}`,
    help: guess === null ? null : `did you mean ${quoted(guess)}?`,
  });
}
