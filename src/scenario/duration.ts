import { LATEST, type Nanos, nanos, type Result, success } from '../base/index.ts';
import { type Misreading, misread } from './misreading.ts';
import { quoted, suggest } from './wording.ts';

const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['min', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

const FORM = /^(\d{1,20})(?:\.(\d{1,20}))? ?([a-zµμ]+)$/;

/** `400 s`, `10 ms`, `1.5min`: a number and a unit; exact to the nanosecond, at most 90 days. */
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
    return misread(
      'scenario/bad-duration',
      `${quoted(unit)} is not a unit of time`,
      suggest(unit, [...UNITS.keys()]),
    );
  }
  const scale = 10n ** BigInt(fraction.length);
  const scaled = BigInt(whole + fraction) * size;
  if (scaled % scale !== 0n) {
    return misread('scenario/bad-duration', `${quoted(text)} is finer than a nanosecond`);
  }
  const count = scaled / scale;
  if (count > BigInt(LATEST)) {
    return misread('scenario/time-limit', `${quoted(text)} is beyond the 90 days that a run can last`);
  }
  return success(nanos(Number(count)));
}
