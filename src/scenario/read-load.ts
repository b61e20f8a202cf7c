import { port } from '../address/index.ts';
import { type Nanos, seconds } from '../base/index.ts';
import { DATA_PORT } from '../hsm/index.ts';
import { type Bound, type Measured, parseLimit, type Unit } from './bounds.ts';
import { parseDuration } from './duration.ts';
import { readBreakable } from './read-breakable.ts';
import { readTarget } from './read-target.ts';
import { deviceNamed, fault, type Reading, sure } from './reading.ts';
import type { During, LoadStep, Path, Step } from './scenario.ts';
import type { DuringText, LoadText, ServedText } from './scenario-text.ts';
import type { Stepped } from './steps.ts';

const PATIENCE: Nanos = seconds(1);

/** Clients that ask again and again; `null` with a complaint where a name is wrong. */
export function readLoad(
  reading: Reading,
  frame: Stepped,
  text: LoadText,
  where: Path,
  step: number,
): Step | null {
  const before = reading.faults.length;
  const from = text.from.flatMap(
    (name, index) => deviceNamed(reading, name, [...where, 'from', index], step, CALLERS) ?? [],
  );
  const to = readTarget(reading, text.to, [...where, 'to'], step);
  const duration = sure(parseDuration(text.for));
  const during = (text.during ?? []).flatMap(
    (change, index) => readDuring(reading, frame, change, [...where, 'during', index], step) ?? [],
  );
  during.forEach(({ after }, index) => {
    const place = [...where, 'during', index, 'after'];
    const message = 'this happens when the load is over';
    if (after >= duration) fault(reading, 'scenario/wrong-value', place, { message, help: null });
    else if (after < (during[index - 1]?.after ?? 0))
      fault(reading, 'scenario/time-backwards', place, { message: 'time cannot go back', help: null });
  });
  if (to === null || reading.faults.length > before) return null;
  return {
    kind: 'load',
    ...frame,
    from,
    clients: text.clients ?? from.length,
    to,
    port: port(text.port ?? DATA_PORT),
    as: text.as ?? null,
    lines: text.pkcs11,
    rate: text.rate,
    arrivals: text.arrivals ?? 'random',
    duration,
    timeout: text.timeout === undefined ? PATIENCE : sure(parseDuration(text.timeout)),
    during,
  } satisfies LoadStep;
}

const CALLERS = ['instance', 'internet-host', 'site-machine'] as const;

function readDuring(
  reading: Reading,
  frame: Stepped,
  text: DuringText,
  where: Path,
  step: number,
): During | null {
  const kind = text.fail === undefined ? 'heal' : 'fail';
  const what = readBreakable(reading, text[kind] ?? {}, [...where, kind], step);
  if (what === null) return null;
  const change = {
    ...frame,
    ...reading.said(where),
    kind,
    what,
    at: null,
    name: null,
    expect: null,
  } as const;
  return { after: sure(parseDuration(text.after)), change };
}

/** What a load is expected to come to, each for itself. */
export function readBounds(
  reading: Reading,
  text: ServedText | undefined,
  where: Path,
  step: number,
): readonly Bound[] {
  if (text === undefined) return [];
  const { shares = {}, ...others } = text;
  const bound = (measured: Measured, unit: Unit, limit: string): Bound => ({
    measured,
    unit,
    limit: sure(parseLimit(unit)(limit)),
    text: limit,
  });
  const plain = Object.entries(others).map(([kind, limit]) => {
    const measured = kind as keyof typeof UNITS;
    return bound({ kind: measured }, UNITS[measured], limit);
  });
  const byModule = Object.entries(shares).flatMap(([name, limit]) => {
    const device = deviceNamed(reading, name, [...where, 'shares', name], step, ['hsm', 'site-machine']);
    return device === null ? [] : [bound({ kind: 'share', of: device }, 'share', limit)];
  });
  return [...plain, ...byModule];
}

const UNITS = {
  available: 'share',
  throughput: 'rate',
  overloaded: 'share',
  p50: 'time',
  p95: 'time',
  p99: 'time',
} as const;
