import { LATEST, type Nanos, nanos, type Result, success } from '../base/index.ts';
import { type Misreading, misread } from './misreading.ts';
import { enumerate, quoted } from './wording.ts';

const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['min', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
  ['d', 86_400_000_000_000n],
]);

/** What else people write for a unit, in lower case and without an s at the end. */
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['nano', 'ns'],
  ['nanosecond', 'ns'],
  ['nsec', 'ns'],
  ['micro', 'us'],
  ['microsecond', 'us'],
  ['usec', 'us'],
  ['milli', 'ms'],
  ['millisecond', 'ms'],
  ['msec', 'ms'],
  ['sec', 's'],
  ['second', 's'],
  ['m', 'min'],
  ['min', 'min'],
  ['minute', 'min'],
  ['hour', 'h'],
  ['hr', 'h'],
  ['day', 'd'],
]);

const FORM = /^(\d{1,20})(?:\.(\d{1,20}))? ?([a-zµμ]+)$/i;

/** `400 s`, `10 ms`, `1.5min`, `30 d`: a number and a unit; exact to the nanosecond, at most 90 days. */
export function parseDuration(text: string): Result<Nanos, Misreading> {
  const [, whole = '', fraction = '', unit = ''] = FORM.exec(text) ?? [];
  if (whole === '') {
    return misread(
      'scenario/bad-duration',
      `${quoted(text)} is not a time`,
      'write a number and a unit, such as "400 s" or "10 ms"',
    );
  }
  const size = UNITS.get(unit.replace(/[µμ]/, 'u'));
  if (size === undefined) {
    const right = unitMeant(unit);
    const units = `units: ${enumerate([...UNITS.keys()])}`;
    const amount = text.slice(0, -unit.length).trim();
    const help = right === null ? units : `did you mean ${quoted(`${amount} ${right}`)}? (${units})`;
    return misread('scenario/bad-duration', `${quoted(unit)} is not a unit of time`, help);
  }
  const scale = 10n ** BigInt(fraction.length);
  const scaled = BigInt(whole + fraction) * size;
  if (scaled % scale !== 0n) {
    return misread(
      'scenario/bad-duration',
      `${quoted(text)} is finer than a nanosecond`,
      'the finest is 1 ns',
    );
  }
  const count = scaled / scale;
  if (count > BigInt(LATEST)) {
    return misread('scenario/time-limit', `${quoted(text)} is beyond the 90 days that a run can last`);
  }
  return success(nanos(Number(count)));
}

function unitMeant(unit: string): string | null {
  const plain = unit.toLowerCase().replace(/[µμ]/, 'u');
  if (UNITS.has(plain)) return plain;
  return SPELLINGS.get(plain) ?? SPELLINGS.get(plain.replace(/s$/, '')) ?? null;
}
