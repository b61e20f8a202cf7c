import { PROTOCOL, TCP } from '../../packet/index.ts';
import { type Direction, ORIGINAL } from './records.ts';

/**
 * Where a connection stands, as a translator sees it: by flags alone, without sequence numbers.
 *
 * A small integer, because it lives in a table of integers.
 */
export type ConnectionState = (typeof CONNECTION)[keyof typeof CONNECTION];

export const CONNECTION = {
  /** the originator has sent; no answer yet */
  opening: 0,
  /** TCP: the responder has sent its SYN; the originator has not acknowledged it */
  answered: 1,
  /** both sides were heard */
  established: 2,
  /** TCP: the originator has sent FIN */
  originatorFinished: 3,
  /** TCP: the responder has sent FIN */
  responderFinished: 4,
  /** TCP: both have sent FIN */
  closing: 5,
  /** TCP: one side has sent RST */
  reset: 6,
} as const;

/** Its name, for people. */
export function stateName(state: ConnectionState): string {
  return STATE_NAMES[state];
}

/**
 * May a TCP segment with these flags be the first of a connection? A SYN, and nothing that contradicts it.
 */
export function opensTcp(flags: number): boolean {
  return (flags & (TCP.syn | TCP.ack | TCP.fin | TCP.rst)) === TCP.syn;
}

/**
 * Can a segment with these flags belong to a connection in this state? A combination that contradicts itself never can; nor can
 * an acknowledgement or a FIN of the originator before the responder was heard, nor a responder's FIN, or a bare
 * SYN of it where the connection stands already. What could be a repetition, or late, can.
 */
export function fitsTcp(state: ConnectionState, flags: number, direction: Direction): boolean {
  const sort = flags & (TCP.syn | TCP.ack | TCP.fin | TCP.rst);
  const fromOriginator = direction === ORIGINAL;
  switch (sort) {
    case TCP.rst:
    case TCP.rst | TCP.ack:
      return true;
    case TCP.syn:
      return fromOriginator || state < CONNECTION.established || state === CONNECTION.closing;
    case TCP.syn | TCP.ack:
      return !fromOriginator || state === CONNECTION.answered;
    case TCP.ack:
      return !fromOriginator || state !== CONNECTION.opening;
    case TCP.fin | TCP.ack:
      return state !== CONNECTION.opening;
    default:
      return false;
  }
}

/**
 * The state after a packet of this direction. Where it does not fit, the state stays: ICMP errors are not
 * asked at all (RFC 5382 REQ-10, RFC 5508 REQ-6).
 *
 * @param flags a sum of `TCP`; 0 for other protocols
 */
export function nextState(
  protocol: number,
  state: ConnectionState,
  flags: number,
  direction: Direction,
): ConnectionState {
  if (protocol === PROTOCOL.tcp) return nextTcpState(state, flags, direction);
  return direction === ORIGINAL ? state : CONNECTION.established;
}

/**
 * TCP's handshake, simultaneous open (RFC 5382 REQ-2a), close and reset.
 *
 * A reset connection stays so, whatever follows, until its time is over (RFC 7857 section 2.2) or its
 * originator sends a new SYN; so does one that is closed on both sides (TIME-WAIT, RFC 9293 section 3.6.1).
 */
export function nextTcpState(state: ConnectionState, flags: number, direction: Direction): ConnectionState {
  const fromOriginator = direction === ORIGINAL;
  if ((flags & TCP.rst) !== 0) return (flags & (TCP.syn | TCP.fin)) === 0 ? CONNECTION.reset : state;
  if ((flags & TCP.syn) !== 0)
    return (flags & TCP.fin) === 0 ? afterSyn(state, flags, fromOriginator) : state;
  if ((flags & TCP.fin) !== 0) return afterFin(state, fromOriginator);
  return acknowledges(state, flags, fromOriginator) ? CONNECTION.established : state;
}

function afterSyn(state: ConnectionState, flags: number, fromOriginator: boolean): ConnectionState {
  if (!fromOriginator) return state === CONNECTION.opening ? CONNECTION.answered : state;
  // of the two SYN-ACKs of a simultaneous open, the originator's acknowledges the responder's SYN
  if (acknowledges(state, flags, fromOriginator)) return CONNECTION.established;
  const over = state === CONNECTION.closing || state === CONNECTION.reset;
  return over && opensTcp(flags) ? CONNECTION.opening : state;
}

function afterFin(state: ConnectionState, fromOriginator: boolean): ConnectionState {
  switch (state) {
    case CONNECTION.opening:
      return state;
    case CONNECTION.answered:
    case CONNECTION.established:
      return fromOriginator ? CONNECTION.originatorFinished : CONNECTION.responderFinished;
    case CONNECTION.originatorFinished:
      return fromOriginator ? state : CONNECTION.closing;
    case CONNECTION.responderFinished:
      return fromOriginator ? CONNECTION.closing : state;
    case CONNECTION.closing:
    case CONNECTION.reset:
      return state;
  }
}

function acknowledges(state: ConnectionState, flags: number, fromOriginator: boolean): boolean {
  return fromOriginator && state === CONNECTION.answered && (flags & TCP.ack) !== 0;
}

const STATE_NAMES: Readonly<Record<ConnectionState, string>> = {
  [CONNECTION.opening]: 'opening',
  [CONNECTION.answered]: 'answered',
  [CONNECTION.established]: 'established',
  [CONNECTION.originatorFinished]: 'originator finished',
  [CONNECTION.responderFinished]: 'responder finished',
  [CONNECTION.closing]: 'closing',
  [CONNECTION.reset]: 'reset',
};
