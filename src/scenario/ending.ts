import { isIpv6 } from '../address/index.ts';
import { type Nanos, nanos } from '../base/index.ts';
import type { HostEvent, Unreachable } from '../host/index.ts';
import { meaningOfError } from '../packet/index.ts';
import type { Carry } from './scenario.ts';

/**
 * What came of what an application sent, as the application sees it.
 *
 * `answered`: something came back for it; `connected`: a connection was opened, and nothing was said; `refused`: a TCP
 * reset or ICMP 3/3, so somebody is there and does not want; `unreachable`: another ICMP error; `reset`: an open connection
 * was broken off; `timed-out`: a connection was given up; `silent`: nothing came back, and nobody waits for it; `not-configured`:
 * the machine lacks the software to ask with, and `tampered`: the device was opened; either way nothing was sent.
 */
export const OUTCOMES = [
  'answered',
  'connected',
  'refused',
  'unreachable',
  'reset',
  'timed-out',
  'silent',
  'not-configured',
  'tampered',
] as const;

export type ConversationOutcome = (typeof OUTCOMES)[number];

export interface Ending {
  readonly outcome: ConversationOutcome;
  /** from sending to hearing of it; `null`: nothing was heard */
  readonly took: Nanos | null;
  /** what is known of the reason, in words that help; `null`: nothing */
  readonly hint: string | null;
}

/** An event of the conversation, and when the application heard it. */
export interface Heard {
  readonly event: HostEvent;
  readonly at: Nanos;
}

/** What the events of one conversation come to; the worst that happened to a connection counts. */
export function endingOf(carry: Carry, heard: readonly Heard[], startedAt: Nanos): Ending {
  const connected = heard.find(({ event }) => event.kind === 'connected');
  const ending = (outcome: ConversationOutcome, by: Heard | undefined): Ending => ({
    outcome,
    took: by === undefined ? null : nanos(by.at - startedAt),
    hint: null,
  });
  const broken = heard.find(({ event }) => event.kind === 'reset' || event.kind === 'timed-out');
  if (broken !== undefined) {
    if (broken.event.kind === 'timed-out') return ending('timed-out', broken);
    return ending(connected === undefined ? 'refused' : 'reset', broken);
  }
  const answered = heard.find(({ event }) => 'bytes' in event);
  if (answered !== undefined) return ending('answered', answered);
  if (connected !== undefined) return ending('connected', connected);
  const error = heard.find(({ event }) => event.kind === 'unreachable');
  if (error === undefined) return ending('silent', undefined);
  return ending(isRefusal(carry, error.event as Unreachable) ? 'refused' : 'unreachable', error);
}

/** The target itself says that nobody is behind the port. */
function isRefusal(carry: Carry, { type, code, target }: Unreachable): boolean {
  const kind = isIpv6(target) ? 'ipv6' : 'ipv4';
  return carry.kind !== 'icmp-echo' && meaningOfError(kind, type, code) === 'portUnreachable';
}
