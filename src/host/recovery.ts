import { later, type Nanos, nanos, SECOND, seconds } from '../base/index.ts';

/** RFC 6298 2.1: before a round trip was measured. */
export const INITIAL_TIMEOUT: Nanos = seconds(1);
/** RFC 6298 2.4, and the most that 2.5 allows to be least. */
const LEAST_TIMEOUT: Nanos = seconds(1);
const GREATEST_TIMEOUT: Nanos = seconds(60);
/** RFC 6298 5.7: after a SYN had to be sent again, data begin with more patience. */
const AFTER_LOST_SYN: Nanos = seconds(3);

/** RFC 5681 3.2: so many acknowledgements of the same byte mean that the segment after it is lost. */
export const DUPLICATES_OF_A_LOSS = 3;

/** RFC 5961 7: how often one connection answers what may be forged, as often as Linux does by default. */
const CHALLENGE_INTERVAL: Nanos = nanos(500_000_000);

/** What one end of a connection knows of the way to the other, and how it goes about losses. Plain data. */
export interface Recovery {
  /** retransmission timeout, doubled at each try */
  timeout: Nanos;
  /** SRTT; 0 before the first measurement */
  smoothed: Nanos;
  /** RTTVAR */
  variation: Nanos;
  /** the segment whose round trip is being measured ends here; only while `timedAt` is not 0 */
  timedUntil: number;
  /** when it was sent, and one nanosecond; 0: none is being measured */
  timedAt: number;
  /** when something is sent again; 0: nothing waits for an acknowledgement */
  dueAt: number;
  /** when the oldest data that are not acknowledged yet were sent first */
  unheardSince: Nanos;
  /** how often the oldest were sent again */
  tries: number;
  /** acknowledgements in a row of what was acknowledged before */
  duplicates: number;
  /** a loss was found: up to here everything was sent before that; `null`: none */
  recoverUntil: number | null;
  /** how long data may wait for their acknowledgement before the connection is given up (RFC 9293 3.9.1) */
  patience: Nanos;
  /** when the connection may next answer what may be forged */
  challengeAfter: Nanos;
}

export function newRecovery(patience: Nanos): Recovery {
  return {
    timeout: INITIAL_TIMEOUT,
    smoothed: nanos(0),
    variation: nanos(0),
    timedUntil: 0,
    timedAt: 0,
    dueAt: 0,
    unheardSince: nanos(0),
    tries: 0,
    duplicates: 0,
    recoverUntil: null,
    patience,
    challengeAfter: nanos(0),
  };
}

/** Measures a round trip from now on; one at a time is enough. */
export function beginMeasuring(recovery: Recovery, until: number, now: Nanos): void {
  if (recovery.timedAt !== 0) return;
  recovery.timedAt = now + 1;
  recovery.timedUntil = until;
}

/** A round trip was measured (RFC 6298 2.2, 2.3). */
export function measured(recovery: Recovery, now: Nanos): void {
  const sample = now + 1 - recovery.timedAt;
  recovery.timedAt = 0;
  if (recovery.smoothed === 0) {
    recovery.smoothed = nanos(sample);
    recovery.variation = nanos(sample / 2);
  } else {
    recovery.variation = nanos((3 * recovery.variation) / 4 + Math.abs(recovery.smoothed - sample) / 4);
    recovery.smoothed = nanos((7 * recovery.smoothed) / 8 + sample / 8);
  }
  recovery.timeout = timeoutOf(recovery);
}

/** Something new was acknowledged: the next loss is met with the usual patience again. */
export function progressed(recovery: Recovery, now: Nanos): void {
  recovery.tries = 0;
  recovery.duplicates = 0;
  recovery.unheardSince = now;
  if (recovery.smoothed > 0) recovery.timeout = timeoutOf(recovery);
}

/** The handshake is over. */
export function handshaken(recovery: Recovery, now: Nanos): void {
  if (recovery.tries > 0) recovery.timeout = AFTER_LOST_SYN;
  recovery.tries = 0;
  recovery.unheardSince = now;
}

/** Whether the peer was silent for as long as anybody will wait. */
export function isHopeless(recovery: Recovery, now: Nanos): boolean {
  return now - recovery.unheardSince >= recovery.patience;
}

/** The next try takes twice as long (RFC 6298 5.5), and its round trip could not be told from the first (Karn). */
export function backOff(recovery: Recovery): void {
  recovery.tries += 1;
  recovery.timedAt = 0;
  recovery.timeout = nanos(Math.min(recovery.timeout * 2, GREATEST_TIMEOUT));
}

/** When to act next: the timer is up, or nobody will wait any longer. */
export function nextDue(recovery: Recovery, now: Nanos): Nanos {
  return nanos(Math.min(now + recovery.timeout, recovery.unheardSince + recovery.patience));
}

/** Whether what may be forged may be answered now; then it may not again for a while. */
export function mayChallenge(recovery: Recovery, now: Nanos): boolean {
  if (now < recovery.challengeAfter) return false;
  recovery.challengeAfter = later(now, CHALLENGE_INTERVAL);
  return true;
}

/** RFC 6298 2.3, in whole nanoseconds so that a saved state is exact. */
function timeoutOf({ smoothed, variation }: Recovery): Nanos {
  const wanted = Math.round(smoothed + Math.max(SECOND / 1000, 4 * variation));
  return nanos(Math.min(Math.max(wanted, LEAST_TIMEOUT), GREATEST_TIMEOUT));
}
