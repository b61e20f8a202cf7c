import { deviceNamed, fault, type Reading, sure } from './reading.ts';
import { parseLink } from './reference-text.ts';
import type { Breakable, Path } from './scenario.ts';
import type { BreakableText } from './scenario-text.ts';
import { quoted, suggest } from './wording.ts';

/** What is to break or to heal, with its names looked up as they are at that step; `null` with a mistake in it. */
export function readBreakable(
  reading: Reading,
  text: BreakableText,
  where: Path,
  step: number,
): Breakable | null {
  if (text.channel !== undefined)
    return readBrokenChannel(reading, text.channel, [...where, 'channel'], step);
  const { zones, feeds } = reading.directory;
  if (text.zone !== undefined) return readGroup(reading, 'zone', text.zone, zones, where);
  if (text.power !== undefined) return readGroup(reading, 'power', text.power, feeds, where);
  if (text.link === undefined) {
    const device = deviceNamed(reading, text.device ?? '', [...where, 'device'], step);
    return device === null ? null : { kind: 'device', device };
  }
  const place: Path = [...where, 'link'];
  const pairs = sure(parseLink(text.link));
  const known = pairs.find((names) => names.every((name) => reading.directory.find(name, step).ok));
  const [one, other] = (known ?? pairs[0] ?? []).map((name) => deviceNamed(reading, name, place, step));
  if (one == null || other == null) return null;
  return { kind: 'link', ends: [one, other] };
}

/** A zone or a feed of power: what fails together. */
export function readGroup(
  reading: Reading,
  kind: 'zone' | 'power',
  name: string,
  known: readonly string[],
  where: Path,
): Breakable | null {
  if (known.includes(name)) return { kind, name };
  const [one, many] = kind === 'zone' ? ['zone', 'zones'] : ['feed of power', 'feeds'];
  return fault(reading, 'scenario/unknown-name', [...where, kind], {
    message: `no ${one} is called ${quoted(name)}`,
    help: suggest(name, known, many) ?? `there are no ${many}`,
  });
}

/** The channel of a customer that has one by then. */
export function readBrokenChannel(
  reading: Reading,
  customer: string,
  where: Path,
  step: number,
): Breakable | null {
  const joined = reading.directory.channels
    .filter(({ since }) => since < step)
    .map(({ customer: name }) => name);
  if (joined.includes(customer)) return { kind: 'channel', customer };
  const known = reading.directory.customers.includes(customer);
  return fault(reading, 'scenario/unknown-name', where, {
    message: known ? `${customer} has no channel` : `no customer is called ${quoted(customer)}`,
    help: suggest(customer, joined, 'customers with a channel') ?? 'no customer has one',
  });
}
