import fc from 'fast-check';
import { expect, describe as group, it } from 'vitest';
import { ipv4, mac, port } from '../../src/address/index.ts';
import {
  arpReply,
  arpRequest,
  describe,
  echoPacket,
  encodeFrame,
  type Frame,
  headersOf,
  type Ipv4Packet,
  icmpErrorPacket,
  type Link,
  quoteOf,
  TCP,
  tcpPacket,
  udpPacket,
  wrapFrame,
} from '../../src/packet/index.ts';
import { anyFrame } from '../support/packets.ts';

const LINK: Link = { target: mac(0x020000000002), source: mac(0x020000000001), vlan: null };
const CLIENT = ipv4(0x0a000007);
const SERVICE = ipv4(0x0a0000c9);
const ENDS = { source: CLIENT, target: SERVICE, sourcePort: port(49152), targetPort: port(1792) };
const SYN = tcpPacket({ ...ENDS, sequence: 4_000_000_000, flags: TCP.syn | TCP.ack, window: 64_240 });
const ETHERNET = { target: '02:00:00:00:00:02', source: '02:00:00:00:00:01', type: 0x0800 };

group('headers as JSON', () => {
  it('show TCP from the outside in', () => {
    expect(headersOf({ link: LINK, body: SYN })).toEqual({
      ethernet: ETHERNET,
      ipv4: {
        source: '10.0.0.7',
        target: '10.0.0.201',
        ttl: 64,
        protocol: 'tcp',
        dscp: 0,
        ecn: 0,
        identification: 0,
        dontFragment: true,
        moreFragments: false,
        fragmentOffset: 0,
        totalLength: 40,
        checksum: SYN.checksum,
      },
      tcp: {
        source: 49152,
        target: 1792,
        sequence: 4_000_000_000,
        acknowledgement: 0,
        flags: ['SYN', 'ACK'],
        window: 64_240,
        checksum: SYN.body.kind === 'tcp' ? SYN.body.checksum : -1,
      },
    });
  });

  it('show the tag, the wrapper and what it wraps, in this order', () => {
    const inner: Frame = {
      link: { ...LINK, vlan: null },
      body: udpPacket({ ...ENDS, payload: new Uint8Array(3) }),
    };
    const vlan = { id: 101, priority: 3, dropEligible: false };
    const outer = wrapFrame(
      inner,
      5001,
      { ...LINK, vlan },
      ipv4(0x64400001),
      ipv4(0x64400012),
      port(50_000),
      64,
    );
    const headers = headersOf(outer);
    expect(Object.keys(headers)).toEqual(['ethernet', 'vlan', 'ipv4', 'udp', 'vxlan', 'inner']);
    expect(headers).toMatchObject({
      vlan,
      ipv4: { source: '100.64.0.1', target: '100.64.0.18', protocol: 'udp' },
      udp: { source: 50_000, target: 4789, length: 8 + 8 + 14 + 31, checksum: 0 },
      vxlan: { vni: 5001 },
      inner: { ethernet: ETHERNET, udp: { source: 49152, target: 1792, length: 11 }, payload: { length: 3 } },
    });
  });

  it('show what an error quotes, with the lengths that the quoted headers had', () => {
    const offending = udpPacket({ ...ENDS, payload: new Uint8Array(1_000) });
    const error = icmpErrorPacket({
      source: SERVICE,
      target: CLIENT,
      error: [3, 4],
      parameter: 900,
      offending,
    });
    expect(headersOf({ link: LINK, body: error }).icmp).toMatchObject({
      type: 3,
      code: 4,
      parameter: 900,
      quote: {
        ipv4: { source: '10.0.0.7', totalLength: 1_028 },
        udp: { source: 49152, length: 1_008 },
        payload: { length: 520 },
        missing: 480,
      },
    });
  });

  it('show ARP, an echo, and the number of an unknown protocol', () => {
    expect(headersOf(arpRequest(mac(0xa), CLIENT, SERVICE))).toEqual({
      ethernet: { target: 'ff:ff:ff:ff:ff:ff', source: '00:00:00:00:00:0a', type: 0x0806 },
      arp: {
        operation: 'request',
        senderMac: '00:00:00:00:00:0a',
        senderAddress: '10.0.0.7',
        targetMac: '00:00:00:00:00:00',
        targetAddress: '10.0.0.201',
      },
    });
    expect(headersOf({ link: LINK, body: echo('request') }).icmp).toMatchObject({
      type: 8,
      code: 0,
      identifier: 7,
      sequence: 1,
    });
    expect(headersOf({ link: LINK, body: opaque(47) })).toMatchObject({
      ipv4: { protocol: 47 },
      payload: { length: 4 },
    });
  });

  it('survive JSON, and say the length that the frame has', () => {
    fc.assert(
      fc.property(anyFrame, (frame) => {
        const headers = headersOf(frame);
        expect(JSON.parse(JSON.stringify(headers))).toEqual(headers);
        if (headers.ipv4 === undefined) return;
        const link = headers.vlan === undefined ? 14 : 18;
        expect(headers.ipv4.totalLength + link).toBe(encodeFrame(frame).length);
      }),
    );
  });
});

group('one line for people', () => {
  const syn = tcpPacket({ ...ENDS, sequence: 1, flags: TCP.syn });
  const udp = udpPacket({ ...ENDS, payload: new Uint8Array(12) });
  const from = { source: ipv4(0x0a000001), target: CLIENT };

  it.each([
    ['TCP SYN 10.0.0.7:49152 → 10.0.0.201:1792', syn],
    ['TCP SYN+ACK 10.0.0.7:49152 → 10.0.0.201:1792', SYN],
    [
      'TCP 10.0.0.7:49152 → 10.0.0.201:1792 (1 byte)',
      tcpPacket({ ...ENDS, sequence: 1, flags: 0, payload: new Uint8Array(1) }),
    ],
    ['UDP 10.0.0.7:49152 → 10.0.0.201:1792 (12 bytes)', udp],
    ['ICMP echo request 10.0.0.7 → 10.0.0.201 id 7 seq 1', echo('request')],
    ['ICMP echo reply 10.0.0.7 → 10.0.0.201 id 7 seq 1', echo('reply')],
    ['IP protocol 47 10.0.0.7 → 10.0.0.201 (4 bytes)', opaque(47)],
    ['UDP fragment 1376-1379 10.0.0.7 → 10.0.0.201', piece(1376, false)],
    ['UDP fragment 0-3+ 10.0.0.7 → 10.0.0.201', piece(0, true)],
    [
      'ICMP time exceeded 10.0.0.1 → 10.0.0.7 about TCP 10.0.0.7:49152 → 10.0.0.201:1792',
      icmpErrorPacket({ ...from, error: [11, 0], offending: syn }),
    ],
    [
      'ICMP fragmentation needed (mtu 1400) 10.0.0.1 → 10.0.0.7 about UDP 10.0.0.7:49152 → 10.0.0.201:1792',
      icmpErrorPacket({ ...from, error: [3, 4], parameter: 1400, offending: udp }),
    ],
    [
      'ICMP error 3/9 10.0.0.1 → 10.0.0.7 about ICMP 10.0.0.7 → 10.0.0.201',
      icmpErrorPacket({ ...from, error: [3, 9], offending: echo('request') }),
    ],
    ['ICMP 13/0 10.0.0.7 → 10.0.0.201', timestamp()],
  ] as const)('%s', (text, packet) => {
    expect(describe({ link: LINK, body: packet })).toBe(text);
  });

  it('names ports in the quote of a TCP header that was cut', () => {
    const error = icmpErrorPacket({ ...from, error: [3, 3], offending: syn });
    if (error.body.kind !== 'icmp-error') return expect.unreachable('it is an error');
    const cut: Ipv4Packet = { ...error, body: { ...error.body, quote: quoteOf(syn, 28) } };
    expect(describe({ link: LINK, body: cut })).toBe(
      'ICMP port unreachable 10.0.0.1 → 10.0.0.7 about TCP 10.0.0.7:49152 → 10.0.0.201:1792',
    );
  });

  it('says what ARP asks and answers, tags and wrappers', () => {
    const vlan = { id: 101, priority: 0, dropEligible: false };
    const request = arpRequest(mac(0xa), CLIENT, SERVICE, vlan);
    expect(describe(request)).toBe('VLAN 101 ARP who has 10.0.0.201? tell 10.0.0.7');
    if (request.body.kind !== 'arp') return expect.unreachable('a request is ARP');
    expect(describe(arpReply(request.body, mac(0xb)))).toBe('ARP 10.0.0.201 is at 00:00:00:00:00:0b');
    const outer = wrapFrame(
      { link: LINK, body: syn },
      5001,
      LINK,
      ipv4(0x64400001),
      ipv4(0x64400012),
      port(50_000),
      64,
    );
    expect(describe(outer)).toBe(
      'VXLAN 5001 100.64.0.1 → 100.64.0.18 [TCP SYN 10.0.0.7:49152 → 10.0.0.201:1792]',
    );
    const unknown: Frame = {
      link: LINK,
      body: { kind: 'opaque-frame', etherType: 0x88cc, payload: new Uint8Array(2) },
    };
    expect(describe(unknown)).toBe('frame of type 0x88cc 02:00:00:00:00:01 → 02:00:00:00:00:02 (2 bytes)');
  });

  it('is one line for every frame', () => {
    fc.assert(
      fc.property(anyFrame, (frame) => {
        expect(describe(frame)).toMatch(/^[^\n]+$/);
      }),
    );
  });
});

function echo(direction: 'request' | 'reply'): Ipv4Packet {
  return echoPacket({ source: CLIENT, target: SERVICE, direction, identifier: port(7), sequence: 1 });
}

function opaque(protocol: number): Ipv4Packet {
  const { kept, ...rest } = udpPacket(ENDS);
  return { ...rest, kept: { ...kept, protocol }, body: { kind: 'opaque-body', payload: new Uint8Array(4) } };
}

function piece(fragmentOffset: number, moreFragments: boolean): Ipv4Packet {
  const packet = opaque(17);
  return { ...packet, kept: { ...packet.kept, fragmentOffset, moreFragments } };
}

function timestamp(): Ipv4Packet {
  const body = { kind: 'icmp-other', type: 13, code: 0, checksum: 0, payload: new Uint8Array(16) } as const;
  return { ...opaque(1), body };
}
