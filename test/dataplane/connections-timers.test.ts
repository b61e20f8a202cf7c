import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seconds } from '../../src/base/index.ts';
import {
  CONNECTION,
  type ConnectionState,
  type Direction,
  lifetime,
  nextState,
  nextTcpState,
  ORIGINAL,
  opensTcp,
  REPLY,
  stateName,
  TIMER_PROFILES,
  type TimerProfile,
} from '../../src/dataplane/connections/index.ts';
import { PROTOCOL, TCP } from '../../src/packet/index.ts';

const SYN = TCP.syn;
const ACK = TCP.ack;
const FIN = TCP.fin | TCP.ack;
const RST = TCP.rst;

type Segment = readonly [Direction, number];

/** The names of the states that a connection goes through after its first SYN. */
function story(...segments: Segment[]): string[] {
  let state: ConnectionState = CONNECTION.opening;
  return segments.map(([direction, flags]) => {
    state = nextTcpState(state, flags, direction);
    return stateName(state);
  });
}

describe('state of a TCP connection', () => {
  it('[T-11] follows handshake, data and close from either side', () => {
    const handshake: Segment[] = [
      [REPLY, SYN | ACK],
      [ORIGINAL, ACK],
      [REPLY, ACK | TCP.psh],
    ];
    const opened = ['answered', 'established', 'established'];
    expect(story(...handshake, [ORIGINAL, FIN], [REPLY, ACK], [REPLY, FIN], [ORIGINAL, ACK])).toEqual([
      ...opened,
      'originator finished',
      'originator finished',
      'closing',
      'closing',
    ]);
    expect(story(...handshake, [ORIGINAL, FIN], [ORIGINAL, FIN]).at(-1)).toBe('originator finished');
    expect(story(...handshake, [REPLY, FIN], [REPLY, FIN], [ORIGINAL, FIN])).toEqual([
      ...opened,
      'responder finished',
      'responder finished',
      'closing',
    ]);
  });

  it('[T-11] follows a simultaneous open in either order (RFC 5382 REQ-2a)', () => {
    expect(story([REPLY, SYN], [ORIGINAL, SYN | ACK], [REPLY, SYN | ACK])).toEqual([
      'answered',
      'established',
      'established',
    ]);
    expect(story([REPLY, SYN], [REPLY, SYN | ACK], [ORIGINAL, SYN | ACK])).toEqual([
      'answered',
      'answered',
      'established',
    ]);
  });

  it('[T-11] a SYN sent again opens nothing twice; one after the end opens anew, from the originator only', () => {
    expect(story([ORIGINAL, SYN], [REPLY, SYN | ACK], [ORIGINAL, SYN])).toEqual([
      'opening',
      'answered',
      'answered',
    ]);
    const end: Segment[] = [
      [REPLY, SYN | ACK],
      [ORIGINAL, ACK],
      [ORIGINAL, FIN],
      [REPLY, FIN],
    ];
    expect(story(...end, [REPLY, SYN]).at(-1)).toBe('closing');
    expect(story(...end, [ORIGINAL, SYN]).at(-1)).toBe('opening');
    expect(story([REPLY, RST | ACK], [ORIGINAL, SYN])).toEqual(['reset', 'opening']);
  });

  it('[T-11] is reset by RST in every state, and by nothing else', () => {
    const states = fc.constantFrom(...Object.values(CONNECTION));
    const direction = fc.constantFrom<Direction>(ORIGINAL, REPLY);
    fc.assert(
      fc.property(states, fc.nat(255), direction, (state, flags, from) => {
        const next = nextTcpState(state, flags, from);
        if (state === CONNECTION.reset) return;
        const isReset = (flags & TCP.rst) !== 0 && (flags & (TCP.syn | TCP.fin)) === 0;
        expect(next === CONNECTION.reset).toBe(isReset);
      }),
    );
  });

  it('[T-11] is established only when both sides were heard', () => {
    const flags = fc.constantFrom(SYN, ACK, SYN | ACK, ACK | TCP.psh, TCP.fin);
    const segment = fc.tuple(fc.constantFrom<Direction>(ORIGINAL, REPLY), flags);
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 8 }), (segments) => {
        const reached = story(...segments);
        const at = reached.indexOf('established');
        if (at === -1) return;
        const heard = segments.slice(0, at + 1);
        expect(heard.some(([from, flags]) => from === REPLY && (flags & SYN) !== 0)).toBe(true);
        expect(heard.some(([from, flags]) => from === ORIGINAL && (flags & ACK) !== 0)).toBe(true);
      }),
    );
  });

  it('[T-11] begins with a plain SYN: no nonsense opens a connection', () => {
    expect([SYN, SYN | TCP.ece | TCP.cwr].map(opensTcp)).toEqual([true, true]);
    const nonsense = [0, ACK, FIN, RST, SYN | ACK, SYN | TCP.fin, SYN | RST, TCP.fin | RST, 63];
    expect(nonsense.map(opensTcp)).toEqual(nonsense.map(() => false));
  });

  it('[T-11] other protocols are established by the first answer', () => {
    for (const protocol of [PROTOCOL.udp, PROTOCOL.icmp, 50]) {
      expect(nextState(protocol, CONNECTION.opening, 0, ORIGINAL)).toBe(CONNECTION.opening);
      expect(nextState(protocol, CONNECTION.opening, 0, REPLY)).toBe(CONNECTION.established);
      expect(nextState(protocol, CONNECTION.established, 0, ORIGINAL)).toBe(CONNECTION.established);
    }
    expect(nextState(PROTOCOL.tcp, CONNECTION.answered, ACK, ORIGINAL)).toBe(CONNECTION.established);
  });
});

describe('timers', () => {
  const row = (profile: TimerProfile): number[] =>
    [
      lifetime(profile, PROTOCOL.udp, CONNECTION.opening),
      lifetime(profile, PROTOCOL.udp, CONNECTION.established),
      lifetime(profile, PROTOCOL.tcp, CONNECTION.opening),
      lifetime(profile, PROTOCOL.tcp, CONNECTION.established),
      lifetime(profile, PROTOCOL.tcp, CONNECTION.closing),
      lifetime(profile, PROTOCOL.tcp, CONNECTION.reset),
      lifetime(profile, PROTOCOL.icmp, CONNECTION.opening),
      lifetime(profile, 50, CONNECTION.opening),
      profile.rest,
    ].map((nanoseconds) => nanoseconds / seconds(1));

  it('[T-11] are those of the RFCs by default, and those of Linux and AWS on demand', () => {
    expect(row(TIMER_PROFILES.rfc)).toEqual([300, 300, 240, 7440, 240, 240, 60, 300, 120]);
    expect(row(TIMER_PROFILES.linux)).toEqual([30, 120, 120, 432_000, 120, 10, 30, 600, 0]);
    expect(row(TIMER_PROFILES.aws)).toEqual([30, 180, 120, 432_000, 120, 10, 600, 600, 0]);
  });
});
