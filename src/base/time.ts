/** Simulated time in nanoseconds since the start of the run. Exact up to 2^53 ns (104 days). */
export type Nanos = number & { readonly __unit: 'ns' };

export const START = 0 as Nanos;
export const MICROSECOND = 1_000 as Nanos;
export const MILLISECOND = 1_000_000 as Nanos;
export const SECOND = 1_000_000_000 as Nanos;

/** The latest instant a run may reach: beyond it nanoseconds would lose their exactness. */
export const LATEST = (90 * 24 * 3600 * 1_000_000_000) as Nanos;

export function nanos(count: number): Nanos {
  return count as Nanos;
}

export function seconds(count: number): Nanos {
  return (count * SECOND) as Nanos;
}

export function later(instant: Nanos, delay: Nanos): Nanos {
  return (instant + delay) as Nanos;
}

/** `1.5 ms`, `400 s`, `0 s`: the largest unit that leaves at most three decimals. */
export function formatNanos(duration: Nanos): string {
  if (duration === 0) return '0 s';
  const size = Math.abs(duration);
  if (size >= SECOND) return `${trim(duration / SECOND)} s`;
  if (size >= MILLISECOND) return `${trim(duration / MILLISECOND)} ms`;
  if (size >= MICROSECOND) return `${trim(duration / MICROSECOND)} µs`;
  return `${duration} ns`;
}

function trim(quantity: number): string {
  return String(Math.round(quantity * 1000) / 1000);
}
