import type { Nanos } from '../../base/index.ts';

/** How a balancer finds out who works: it connects to each target again and again. */
export interface HealthCheck {
  readonly every: Nanos;
  /** how long an answer may take; also to the connection of a client's request */
  readonly timeout: Nanos;
  /** answers in a row until a target counts as healthy again */
  readonly healthy: number;
  /** failures in a row until it counts as unhealthy */
  readonly unhealthy: number;
}

/** What is known of one target. A new one counts as healthy until it proves otherwise. */
export interface Health {
  readonly healthy: boolean;
  /** results in a row that speak against that */
  readonly against: number;
}

export const HEALTHY: Health = { healthy: true, against: 0 };

/** What is known after one more check. */
export function afterCheck(known: Health, answered: boolean, check: HealthCheck): Health {
  if (answered === known.healthy) return { healthy: known.healthy, against: 0 };
  const against = known.against + 1;
  const enough = known.healthy ? check.unhealthy : check.healthy;
  return against >= enough ? { healthy: answered, against: 0 } : { healthy: known.healthy, against };
}
