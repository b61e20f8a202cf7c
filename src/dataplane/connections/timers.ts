import { type Nanos, seconds } from '../../base/index.ts';
import { PROTOCOL } from '../../packet/index.ts';
import { CONNECTION, type ConnectionState } from './connection-state.ts';

/** How long a connection lives after the last packet that refreshed it. */
export interface TimerProfile {
  readonly tcp: Readonly<Record<ConnectionState, Nanos>>;
  /** only the originator was heard */
  readonly udpUnanswered: Nanos;
  /** both were heard */
  readonly udp: Nanos;
  readonly icmp: Nanos;
  /** protocols without ports */
  readonly other: Nanos;
  /** how long a port rests before another client gets it */
  readonly rest: Nanos;
}

export type TimerProfileName = 'rfc' | 'linux' | 'aws';

const { opening, answered, established, originatorFinished, responderFinished, closing, reset } = CONNECTION;

const LINUX_TCP: TimerProfile['tcp'] = {
  [opening]: seconds(120),
  [answered]: seconds(60),
  [established]: seconds(432_000),
  [originatorFinished]: seconds(60),
  [responderFinished]: seconds(60),
  [closing]: seconds(120),
  [reset]: seconds(10),
};

export const TIMER_PROFILES: Readonly<Record<TimerProfileName, TimerProfile>> = {
  /**
   * What the RFCs ask: UDP 5 minutes (RFC 4787 REQ-5c), TCP 2 h 4 min established and 4 minutes else (RFC
   * 5382 REQ-5, after a reset RFC 7857 section 2.2), ICMP queries 60 s (RFC 5508 REQ-2), ports 120 s of rest
   * (RFC 6888 REQ-8). A half-closed TCP connection is still established: its other half may be silent for as
   * long. No RFC speaks of other protocols; they live as long as UDP.
   */
  rfc: {
    tcp: {
      [opening]: seconds(240),
      [answered]: seconds(240),
      [established]: seconds(7440),
      [originatorFinished]: seconds(7440),
      [responderFinished]: seconds(7440),
      [closing]: seconds(240),
      [reset]: seconds(240),
    },
    udpUnanswered: seconds(300),
    udp: seconds(300),
    icmp: seconds(60),
    other: seconds(300),
    rest: seconds(120),
  },
  /**
   * The defaults of the Linux kernel's connection tracking (nf_conntrack), which fall short of the RFCs in
   * most. Not modelled: 300 s for established TCP with unacknowledged data, 120 s between a FIN and its
   * acknowledgement, 30 s for the last acknowledgement.
   */
  linux: {
    tcp: LINUX_TCP,
    udpUnanswered: seconds(30),
    udp: seconds(120),
    icmp: seconds(30),
    other: seconds(600),
    rest: seconds(0),
  },
  /**
   * The defaults that AWS documents for security groups (five days for established TCP; Nitro v6 instances
   * 350 s). Nothing is documented for TCP that is not established: those are Linux' figures.
   */
  aws: {
    tcp: LINUX_TCP,
    udpUnanswered: seconds(30),
    udp: seconds(180),
    icmp: seconds(600),
    other: seconds(600),
    rest: seconds(0),
  },
};

/** How long a connection in this state lives without another packet. */
export function lifetime(profile: TimerProfile, protocol: number, state: ConnectionState): Nanos {
  switch (protocol) {
    case PROTOCOL.tcp:
      return profile.tcp[state];
    case PROTOCOL.udp:
      return state === opening ? profile.udpUnanswered : profile.udp;
    case PROTOCOL.icmp:
    case PROTOCOL.icmpv6:
      return profile.icmp;
    default:
      return profile.other;
  }
}
