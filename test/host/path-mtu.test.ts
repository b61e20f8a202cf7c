import { describe, expect, it } from 'vitest';
import { ipv6, port } from '../../src/address/index.ts';
import { type Nanos, nanos, present, SECOND, START } from '../../src/base/index.ts';
import {
  type IpPacket,
  type Ipv6Packet,
  icmpErrorPacket,
  packetLength,
  TCP,
} from '../../src/packet/index.ts';
import { CLIENT, HSM_PORT, SERVER, type Seat, seat } from './wire.ts';

/** ICMP 3/4 about a packet, from a router on the way. */
function tooLong(offending: IpPacket, mtu: number): IpPacket {
  return icmpErrorPacket({
    source: SERVER,
    target: CLIENT,
    error: [3, 4],
    parameter: mtu,
    offending,
  });
}

/** The packets of one datagram of so many bytes in all. */
function say({ stack, sent }: Seat, size: number, now: Nanos = START): readonly IpPacket[] {
  sent.length = 0;
  const bytes = new Uint8Array(size - 28);
  stack.sendUdp({ target: SERVER, targetPort: port(7), sourcePort: port(4000), bytes }, now);
  return [...sent];
}

const lengths = (packets: readonly IpPacket[]): readonly number[] => packets.map(packetLength);

/** A client that has heard once that its path carries so much. */
function told(mtu: number, size = 1500): Seat {
  const client = seat(CLIENT);
  const [packet] = say(client, size);
  client.stack.receive(tooLong(present(packet, 'it was sent'), mtu), START);
  return client;
}

describe('the path MTU of a machine (RFC 1191)', () => {
  it('is its link’s, until somebody says less', () => {
    const client = seat(CLIENT, { mtu: 1300 });
    expect(client.stack.pathMtu(SERVER, START)).toBe(1300);
    expect(lengths(say(client, 1300))).toEqual([1300]);
    expect(lengths(say(client, 1500))).toEqual([1300, 220]);
  });

  it('is what a router says, and longer datagrams leave in pieces that may be cut', () => {
    const client = told(1400);
    const [whole] = say(client, 1400);
    expect([whole?.kept.dontFragment, whole?.kept.identification]).toEqual([true, 0]);
    const pieces = say(client, 1500);
    expect(lengths(pieces)).toEqual([1396, 124]);
    expect(pieces.map(({ kept }) => kept.dontFragment)).toEqual([false, false]);
  });

  it('is not sent against: who forbids cutting is refused what does not fit', () => {
    const client = told(1400);
    const request = { target: SERVER, targetPort: port(7), bytes: new Uint8Array(1373) };
    client.sent.length = 0;
    expect(client.stack.sendUdp({ ...request, cutting: 'never' }, START)).toEqual({
      ok: false,
      fault: 'too-long',
    });
    expect(client.sent).toEqual([]);
  });

  it('is forgotten after ten minutes (section 6.3)', () => {
    const client = told(1400);
    const at = (seconds: number) => nanos(seconds * SECOND);
    expect(client.stack.pathMtu(SERVER, at(599))).toBe(1400);
    expect(client.stack.pathMtu(SERVER, at(600))).toBe(1500);
  });

  it('never rises by what a router says, and never falls below 68 (section 3)', () => {
    const client = told(1000);
    const [piece] = say(client, 1000);
    for (const lie of [1000, 1400, 65_535]) {
      client.stack.receive(tooLong(present(piece, 'it was sent'), lie), START);
      expect(client.stack.pathMtu(SERVER, START)).toBe(1000);
    }
    expect(told(20).stack.pathMtu(SERVER, START)).toBe(68);
  });

  it('is guessed where an old router names no length (section 7)', () => {
    expect(told(0).stack.pathMtu(SERVER, START)).toBe(1492);
    expect(told(0, 1492).stack.pathMtu(SERVER, START)).toBe(1006);
    expect(told(0, 68).stack.pathMtu(SERVER, START)).toBe(1500);
  });

  it('does not change by an error about what was never sent', () => {
    const client = seat(CLIENT);
    const [packet] = say(seat(CLIENT), 1500);
    client.stack.receive(tooLong(present(packet, 'another sent it'), 1400), START);
    expect(client.stack.pathMtu(SERVER, START)).toBe(1500);
  });

  it('outlives saving', () => {
    const client = told(1400);
    const other = seat(CLIENT);
    other.stack.bindUdp(port(4000));
    other.stack.restore(JSON.parse(JSON.stringify(client.stack.save())));
    expect(other.stack.pathMtu(SERVER, nanos(599 * SECOND))).toBe(1400);
  });

  it('bounds the segments of a connection, and the size that a SYN announces is the link’s', () => {
    const client = seat(CLIENT, { mtu: 1400 });
    client.stack.connect({ target: SERVER, port: HSM_PORT }, START);
    const body = client.sent[0]?.body;
    expect(body?.kind === 'tcp' ? [...body.segment.options.slice(0, 4)] : []).toEqual([2, 4, 5, 80]);
    expect(body?.kind === 'tcp' ? body.segment.flags : 0).toBe(TCP.syn);
  });
});

describe('[N-18] the path MTU of a machine of IPv6 (RFC 8201)', () => {
  const [own, target] = [ipv6((0xfd00n << 112n) | 7n), ipv6((0xfd00n << 112n) | 9n)];

  /** What a datagram of 1500 bytes leaves as, after a router has named a length. */
  function spoken(mtu: number): { readonly path: number; readonly lengths: readonly number[] } {
    const { stack, sent } = seat(own);
    const datagram = { target, targetPort: port(7), sourcePort: port(4000), bytes: new Uint8Array(1452) };
    stack.sendUdp(datagram, START);
    const offending = present(sent.pop(), 'it was sent') as Ipv6Packet;
    const told = icmpErrorPacket({ source: target, target: own, error: 'tooBig', parameter: mtu, offending });
    stack.receive(told, START);
    stack.sendUdp(datagram, START);
    return { path: stack.pathMtu(target, START), lengths: lengths(sent) };
  }

  it('is what a router says, and the sender cuts for it', () => {
    expect(spoken(1400)).toEqual({ path: 1400, lengths: [1400, 156] });
  });

  it('is never believed to be less than 1280', () => {
    expect(spoken(600).path).toBe(1280);
    expect(spoken(0).path).toBe(1492);
  });

  it('has nothing to do with the other family, which it does not talk to', () => {
    const { stack } = seat(own);
    expect(stack.sendUdp({ target: SERVER, targetPort: port(7) }, START)).toEqual({
      ok: false,
      fault: 'other-family',
    });
    expect(stack.ping({ target: SERVER }, START)).toEqual({ ok: false, fault: 'other-family' });
    expect(stack.connect({ target: SERVER, port: port(7) }, START)).toEqual({
      ok: false,
      fault: 'other-family',
    });
  });
});
