import { formatNanos, type Nanos, nanos, type Result, success } from '../base/index.ts';
import { parseDuration } from './duration.ts';
import type { DeviceReference } from './expected.ts';
import { type Misreading, misread } from './misreading.ts';
import { quoted } from './wording.ts';

/** How a measured number compares to a given one. */
export const RELATIONS = ['<=', '>=', '<', '>', '='] as const;
export type Relation = (typeof RELATIONS)[number];

/** In what a number is measured: parts of a hundred, operations a second, a time. */
export type Unit = 'share' | 'rate' | 'time';

export interface Limit {
  readonly relation: Relation;
  /** percent, operations a second, or nanoseconds */
  readonly value: number;
}

/** What is measured of a load; `share` is of what was answered, by one module. */
export type Measured =
  | { readonly kind: 'available' | 'throughput' | 'overloaded' | 'p50' | 'p95' | 'p99' }
  | { readonly kind: 'share'; readonly of: DeviceReference };

/** One thing that a load is expected to come to. */
export interface Bound {
  readonly measured: Measured;
  readonly unit: Unit;
  readonly limit: Limit;
  readonly text: string;
}

const FORM = /^(<=|>=|<|>|=) ?(\S.*)$/;
const NUMBER: { readonly [U in Exclude<Unit, 'time'>]: RegExp } = {
  share: /^(\d{1,3}(?:\.\d{1,6})?) ?%$/,
  rate: /^(\d{1,9}(?:\.\d{1,6})?) ?\/ ?s$/,
};
const SAMPLE: { readonly [U in Unit]: string } = { share: '>= 99.9 %', rate: '>= 900/s', time: '<= 40 ms' };

/** `>= 99.9 %`, `> 900/s`, `<= 40 ms`: a relation, a number and its unit. */
export function parseLimit(unit: Unit): (text: string) => Result<Limit, Misreading> {
  return (text) => {
    const [, relation, rest = ''] = FORM.exec(text) ?? [];
    const help = `write a relation (${RELATIONS.join(' ')}) and a number, such as "${SAMPLE[unit]}"`;
    if (relation === undefined)
      return misread('scenario/wrong-value', `${quoted(text)} is not a bound`, help);
    if (unit === 'time') {
      const time = parseDuration(rest);
      return time.ok ? success({ relation: relation as Relation, value: time.value }) : time;
    }
    const [, number] = NUMBER[unit].exec(rest) ?? [];
    if (number === undefined || (unit === 'share' && Number(number) > 100))
      return misread('scenario/wrong-value', `${quoted(text)} is not a bound`, help);
    return success({ relation: relation as Relation, value: Number(number) });
  };
}

export function holds({ relation, value }: Limit, measured: number): boolean {
  switch (relation) {
    case '<=':
      return measured <= value;
    case '>=':
      return measured >= value;
    case '<':
      return measured < value;
    case '>':
      return measured > value;
    case '=':
      return measured === value;
  }
}

/** `99.9 %`, `912.4/s`, `31.2 ms`. A share that is not all is never rounded up to all, nor one that is not nothing down to nothing. */
export function formatMeasured(unit: Unit, measured: number): string {
  switch (unit) {
    case 'time':
      return formatNanos(briefTime(nanos(measured)));
    case 'rate':
      return `${Math.round(measured * 10) / 10}/s`;
    case 'share': {
      const rounded = Math.round(measured * 100) / 100;
      if (rounded === 100 && measured < 100) return '> 99.99 %';
      if (rounded === 0 && measured > 0) return '< 0.01 %';
      return `${rounded} %`;
    }
  }
}

/** A measured time with three figures: more would be noise. */
export function briefTime(time: Nanos): Nanos {
  if (time < 1000) return nanos(Math.round(time));
  const unit = 10 ** (Math.floor(Math.log10(time)) - 2);
  return nanos(Math.round(time / unit) * unit);
}
