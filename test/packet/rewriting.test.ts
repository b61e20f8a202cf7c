import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4, port } from '../../src/address/index.ts';
import {
  decrementTtl,
  echoPacket,
  encodePacket,
  type Flow,
  flowOf,
  flowOfQuote,
  type IcmpError,
  type Ipv4Packet,
  incrementTtl,
  type Quote,
  quoteOf,
  recomputeChecksums,
  reverse,
  translate,
  translateQuote,
  udpPacket,
  verifyChecksums,
  verifyQuote,
} from '../../src/packet/index.ts';
import { toHex } from '../support/hex.ts';
import {
  anyAddress,
  anyErrorPacket,
  anyFlowPacket,
  anyFragment,
  anyOffendingPacket,
  anyOpaquePacket,
  anyPacket,
  anyPort,
  errorAbout,
  withGoodChecksums,
} from '../support/packets.ts';
import { judgeBytes } from '../support/reference-checksum.ts';

const anyEnds = fc.tuple(anyAddress, anyPort, anyAddress, anyPort);
const anyNewFlow: fc.Arbitrary<Flow> = anyEnds.map(([source, sourcePort, target, targetPort]) => ({
  protocol: 0,
  source,
  sourcePort,
  target,
  targetPort,
}));

describe('verification', () => {
  it('agrees with a slow judge of the bytes, on right and wrong checksums', () => {
    fc.assert(
      fc.property(anyPacket, fc.boolean(), (any, good) => {
        const packet = good ? withGoodChecksums(any) : any;
        const judged = judgeBytes(encodePacket(packet));
        expect(verifyChecksums(packet)).toBe(judged.header && judged.body !== false ? 'good' : 'bad');
        if (good) expect(verifyChecksums(packet)).toBe('good');
      }),
      { numRuns: 500 },
    );
  });

  it('notices one wrong bit in any checksum', () => {
    fc.assert(
      fc.property(anyFlowPacket.map(recomputeChecksums), fc.nat(15), (packet, bit) => {
        expect(verifyChecksums({ ...packet, checksum: packet.checksum ^ (1 << bit) })).toBe('bad');
      }),
    );
  });
});

describe('one hop less', () => {
  it('takes one off the TTL and nothing else (RFC 1812 5.3.1)', () => {
    fc.assert(
      fc.property(anyPacket, (packet) => {
        const after = decrementTtl(packet);
        expect({ ...after, ttl: packet.ttl, checksum: packet.checksum }).toEqual(packet);
        expect(after.ttl).toBe(packet.ttl - 1);
        expect(after.kept).toBe(packet.kept);
        expect(after.body).toBe(packet.body);
      }),
    );
  });

  it('gives the checksum that a full computation gives', () => {
    fc.assert(
      fc.property(anyPacket.map(recomputeChecksums), (packet) => {
        expect(decrementTtl(packet)).toEqual(recomputeChecksums(decrementTtl(packet)));
      }),
    );
  });

  it('is taken back exactly, as an error must quote what was received', () => {
    fc.assert(
      fc.property(anyPacket.map(recomputeChecksums), (packet) => {
        expect(incrementTtl(decrementTtl(packet))).toEqual(packet);
      }),
    );
  });

  it('refuses a packet that is already at its end', () => {
    fc.assert(
      fc.property(anyPacket, (packet) => {
        expect(() => decrementTtl({ ...packet, ttl: 0 })).toThrow('time to live');
      }),
    );
  });
});

describe('translation', () => {
  it('[T-01] [T-02] puts the packet into the flow asked for', () => {
    fc.assert(
      fc.property(anyFlowPacket, anyEnds, (packet, [source, sourcePort, target, targetPort]) => {
        const after = translate(packet, source, sourcePort, target, targetPort);
        const body = packet.body;
        const expected =
          body.kind !== 'icmp-echo'
            ? { sourcePort, targetPort }
            : body.direction === 'request'
              ? { sourcePort, targetPort: sourcePort }
              : { sourcePort: targetPort, targetPort };
        expect(flowOf(after)).toEqual({ protocol: packet.kept.protocol, source, target, ...expected });
      }),
    );
  });

  it('gives the checksums that a full computation gives (RFC 1624)', () => {
    fc.assert(
      fc.property(anyFlowPacket.map(recomputeChecksums), anyEnds, (packet, ends) => {
        const after = translate(packet, ...ends);
        expect(after).toEqual(recomputeChecksums(after));
      }),
      { numRuns: 1_000 },
    );
  });

  it('keeps the verdict on every checksum: good stays good, bad bad, absent absent', () => {
    fc.assert(
      fc.property(anyFlowPacket.filter(hasOneZero), anyEnds, (packet, ends) => {
        const after = translate(packet, ...ends);
        expect(judgeBytes(encodePacket(after))).toEqual(judgeBytes(encodePacket(packet)));
      }),
      { numRuns: 500 },
    );
  });

  it('changes addresses, ports and checksums, and not one byte more (RFC 3022 section 4)', () => {
    fc.assert(
      fc.property(anyFlowPacket, anyEnds, (packet, ends) => {
        const before = encodePacket(packet);
        const after = encodePacket(translate(packet, ...ends));
        expect(after.length).toBe(before.length);
        const touched = mayChange(packet);
        const changed = [...after.keys()].filter((at) => after[at] !== before[at] && !touched.has(at));
        expect(changed).toEqual([]);
      }),
    );
  });

  it('[T-03] is undone by translating back', () => {
    fc.assert(
      fc.property(anyFlowPacket.map(recomputeChecksums), anyEnds, (packet, ends) => {
        const flow = flowOf(packet);
        if (flow === null) return;
        const back = translate(
          translate(packet, ...ends),
          flow.source,
          flow.sourcePort,
          flow.target,
          flow.targetPort,
        );
        expect(back).toEqual(packet);
      }),
    );
  });

  it('changes nothing but addresses where there are no ports', () => {
    fc.assert(
      fc.property(fc.oneof(anyFragment, anyOpaquePacket, anyErrorPacket), anyEnds, (packet, ends) => {
        const after = translate(packet, ...ends);
        expect([after.source, after.target]).toEqual([ends[0], ends[2]]);
        expect(after.body).toBe(packet.body);
      }),
    );
  });

  it('sends a UDP checksum that comes out as 0 as 0xffff', () => {
    const packet = udpPacket({
      source: ipv4(0x0a000007),
      target: ipv4(0x0a0000c9),
      sourcePort: port(49152),
      targetPort: port(53),
    });
    const checksum = packet.body.kind === 'udp' ? packet.body.checksum : 0;
    // Adding the checksum's own value to the source port makes the sum all ones.
    const chosen = port(49152 + checksum - 0xffff < 0 ? 49152 + checksum : 49152 + checksum - 0xffff);
    const after = translate(packet, packet.source, chosen, packet.target, port(53));
    expect(after.body).toMatchObject({ checksum: 0xffff });
    expect(judgeBytes(encodePacket(after))).toEqual({ header: true, body: true });
  });

  it('knows the other zero of an echo whose words are all zero', () => {
    const reply = echoPacket({
      source: ipv4(1),
      target: ipv4(2),
      direction: 'reply',
      identifier: port(5),
      sequence: 0,
      payload: new Uint8Array(8),
    });
    const after = translate(reply, reply.source, port(0), reply.target, port(0));
    expect(after.body).toMatchObject({ identifier: 0, checksum: 0xffff });
    expect(after).toEqual(recomputeChecksums(after));
  });
});

describe('translation of an ICMP error', () => {
  const anyGoodError = errorAbout(anyOffendingPacket.map(withGoodChecksums)).map(withGoodChecksums);

  it('puts the quoted packet into the flow asked for, also when TCP was cut after its ports (RFC 5508 REQ-4)', () => {
    fc.assert(
      fc.property(anyErrorPacket, anyAddress, anyAddress, anyNewFlow, (packet, source, target, flow) => {
        const quoted = quoteIn(translateQuote(packet, source, target, flow));
        expect([quoted.packet.source, quoted.packet.target]).toEqual([flow.source, flow.target]);
        const before = flowOfQuote(quoteIn(packet));
        const after = flowOfQuote(quoted);
        expect(after === null).toBe(before === null);
        if (after === null || after.protocol === 1) return;
        expect(after).toEqual({ ...flow, protocol: after.protocol });
      }),
      { numRuns: 500 },
    );
  });

  it('quotes, byte for byte, what translating the offending packet back would have quoted', () => {
    fc.assert(
      fc.property(
        anyFlowPacket.map(withGoodChecksums).filter(hasOneZero),
        anyEnds,
        anyErrorPacket,
        // 17 is left out: half a TCP checksum cannot be restored, the carry of the other half is not known.
        fc.constantFrom(8, 9, 16, 18, 19, 20, 28, 60, 528),
        (sent, ends, error, data) => {
          const room = 20 + sent.kept.options.length + data;
          const flow = flowOf(sent);
          if (flow === null) return;
          const heard = withQuote(error, quoteOf(translate(sent, ...ends), room));
          const restored = translateQuote(heard, heard.source, heard.target, flow);
          const wanted = withQuote(error, quoteOf(sent, room));
          expect(toHex(bytesOfQuote(restored))).toBe(toHex(bytesOfQuote(wanted)));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('restores the quote of a first fragment as if the whole datagram had been translated', () => {
    fc.assert(
      fc.property(
        anyFlowPacket.map(withGoodChecksums).filter(hasOneZero),
        anyEnds,
        anyErrorPacket,
        fc.constantFrom(8, 16, 18, 24),
        (sent, ends, error, length) => {
          const flow = flowOf(sent);
          if (flow === null) return;
          const heard = withQuote(error, quoteOf(firstPiece(translate(sent, ...ends), length), 548));
          const restored = translateQuote(heard, heard.source, heard.target, flow);
          const wanted = withQuote(error, quoteOf(firstPiece(sent, length), 548));
          expect(toHex(bytesOfQuote(restored))).toBe(toHex(bytesOfQuote(wanted)));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('gives the checksums that a full computation gives, inside and outside', () => {
    fc.assert(
      fc.property(anyGoodError, anyAddress, anyAddress, anyNewFlow, (packet, source, target, flow) => {
        const after = translateQuote(packet, source, target, flow);
        expect(after).toEqual(recomputeChecksums(after));
        expect(verifyQuote(quoteIn(after))).toBe(verifyQuote(quoteIn(packet)));
        expect(verifyQuote(quoteIn(after))).toBe('good');
      }),
      { numRuns: 500 },
    );
  });

  it('keeps the verdict on wrong checksums too', () => {
    fc.assert(
      fc.property(anyErrorPacket, anyAddress, anyAddress, anyNewFlow, (packet, source, target, flow) => {
        const after = translateQuote(packet, source, target, flow);
        expect(judgeBytes(encodePacket(after))).toEqual(judgeBytes(encodePacket(packet)));
        expect(verifyQuote(quoteIn(after))).toBe(verifyQuote(quoteIn(packet)));
      }),
      { numRuns: 500 },
    );
  });

  it('keeps type, code, parameter, what is missing, and the TTL the reporter saw', () => {
    fc.assert(
      fc.property(anyErrorPacket, anyAddress, anyAddress, anyNewFlow, (packet, source, target, flow) => {
        const after = translateQuote(packet, source, target, flow);
        expect([after.source, after.target, after.ttl]).toEqual([source, target, packet.ttl]);
        const { type, code, parameter } = errorIn(packet);
        expect(errorIn(after)).toMatchObject({ type, code, parameter });
        expect(quoteIn(after).missing).toBe(quoteIn(packet).missing);
        expect(quoteIn(after).packet.ttl).toBe(quoteIn(packet).packet.ttl);
        expect(quoteIn(after).packet.kept).toBe(quoteIn(packet).packet.kept);
      }),
    );
  });

  it('is a broken promise for any other packet', () => {
    fc.assert(
      fc.property(anyFlowPacket, anyNewFlow, (packet, flow) => {
        expect(() => translateQuote(packet, flow.source, flow.target, flow)).toThrow('quotes');
      }),
    );
  });
});

describe('flows', () => {
  it('[T-03] reverse to themselves, and a reply reverses its request', () => {
    fc.assert(
      fc.property(anyFlowPacket, (packet) => {
        const flow = flowOf(packet);
        if (flow === null) return expect.unreachable('a packet with ports has a flow');
        expect(reverse(reverse(flow))).toEqual(flow);
        expect(reverse(flow)).toMatchObject({ source: flow.target, targetPort: flow.sourcePort });
      }),
    );
    const echo = { identifier: port(7), sequence: 1 };
    const request = echoPacket({ source: ipv4(1), target: ipv4(2), direction: 'request', ...echo });
    const reply = echoPacket({ source: ipv4(2), target: ipv4(1), direction: 'reply', ...echo });
    expect(flowOf(reply)).toEqual(reverse(flowOf(request) ?? expect.unreachable('an echo has a flow')));
  });

  it('are not read from fragments, unknown protocols and errors', () => {
    fc.assert(
      fc.property(fc.oneof(anyFragment, anyOpaquePacket, anyErrorPacket), (packet) => {
        expect(flowOf(packet)).toBeNull();
      }),
    );
  });

  it('are read from every quote of a packet that has one', () => {
    fc.assert(
      fc.property(errorAbout(anyFlowPacket), (packet) => {
        expect(flowOfQuote(quoteIn(packet))).not.toBeNull();
      }),
    );
  });
});

function errorIn(packet: Ipv4Packet): IcmpError {
  if (packet.body.kind !== 'icmp-error') throw new Error('not an error');
  return packet.body;
}

function quoteIn(packet: Ipv4Packet): Quote {
  return errorIn(packet).quote;
}

function withQuote(packet: Ipv4Packet, quote: Quote): Ipv4Packet {
  return { ...packet, body: { ...errorIn(packet), quote } };
}

/**
 * Not an echo whose words may all be zero: there the two zeros of one's complement are not the same to a receiver, and an
 * update, which cannot see the words, does not know which one to write.
 */
function hasOneZero(packet: Ipv4Packet): boolean {
  return packet.body.kind !== 'icmp-echo' || (packet.body.checksum !== 0 && packet.body.checksum !== 0xffff);
}

/** The first `length` bytes of the datagram, as a fragment. */
function firstPiece(packet: Ipv4Packet, length: number): Ipv4Packet {
  const start = 20 + packet.kept.options.length;
  const payload = encodePacket(packet).slice(start, start + length);
  const kept = { ...packet.kept, moreFragments: true };
  return recomputeChecksums({ ...packet, kept, body: { kind: 'opaque-body', payload } });
}

function bytesOfQuote(packet: Ipv4Packet): Uint8Array {
  return encodePacket(packet).subarray(20 + packet.kept.options.length + 8);
}

/** The offsets that a translator of this packet may touch. */
function mayChange(packet: Ipv4Packet): ReadonlySet<number> {
  const transport = 20 + packet.kept.options.length;
  const words = { udp: [0, 2, 6], tcp: [0, 2, 16], 'icmp-echo': [2, 4] } as const;
  const { kind } = packet.body;
  const own = kind === 'udp' || kind === 'tcp' || kind === 'icmp-echo' ? words[kind] : [];
  const offsets = [10, 12, 14, 16, 18, ...own.map((at) => transport + at)];
  return new Set(offsets.flatMap((at) => [at, at + 1]));
}
