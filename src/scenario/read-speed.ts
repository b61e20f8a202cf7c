import type { Nanos } from '../base/index.ts';
import { PROFILES } from '../hsm/index.ts';
import type { Records, Speed } from '../model/index.ts';
import { parseDuration } from './duration.ts';
import { sure } from './reading.ts';
import type { SpeedText } from './scenario-text.ts';

/** One engine, and a queue that no test fills by accident. */
const PLAIN: Speed = { engines: 1, waiting: 300, times: {} };

/** How quickly a module works: that of a profile, or one with other numbers. */
export function readSpeed(text: SpeedText | undefined): Speed | null {
  if (text === undefined) return null;
  if (typeof text === 'string') return like(text);
  const base = text.like === undefined ? PLAIN : like(text.like);
  const times = Object.entries(text.times ?? {}).map(
    ([name, time]) => [name, sure(parseDuration(time ?? ''))] as const,
  );
  return {
    engines: text.engines ?? base.engines,
    waiting: text.waiting ?? base.waiting,
    times: { ...base.times, ...Object.fromEntries(times) },
  };
}

function like(profile: keyof typeof PROFILES): Speed {
  const { times, ...counts } = PROFILES[profile];
  return { ...counts, times: times as Records<Nanos> };
}
