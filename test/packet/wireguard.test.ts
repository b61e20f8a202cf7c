import { createCipheriv, createDecipheriv } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ipv4, port } from '../../src/address/index.ts';
import {
  decodePacket,
  deriveWireguardKey,
  encodePacket,
  type IpPacket,
  openWireguard,
  packetLength,
  recomputeChecksums,
  sealWireguard,
  udpPacket,
  verifyChecksums,
  wireguardKey,
  wireguardLength,
  wireguardMark,
  wireguardRoom,
} from '../../src/packet/index.ts';
import { fromHex, toHex } from '../support/hex.ts';
import { anyPacket } from '../support/packets.ts';
import { hasPeer } from '../support/peer.ts';
import { fields, PROBLEMS } from '../support/tshark.ts';

const RAW = fromHex('000102030405060708090a0b0c0d0e0f 101112131415161718191a1b1c1d1e1f');
const ENDS = {
  number: 0x1001,
  key: wireguardKey(RAW),
  source: ipv4(0xc6336419),
  target: ipv4(0xc6336463),
};
const INNER = udpPacket({
  source: ipv4(0xac100012),
  target: ipv4(0x0a0000c9),
  sourcePort: port(40_000),
  targetPort: port(1792),
  payload: new TextEncoder().encode('the payload that nobody on the way may read'),
});
const anySequence = fc.constantFrom(1, 2, 65_536, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER);
/** What differs on the way back is only what RFC 6040 combines. */
const anyInner = anyPacket.filter(({ kept }) => kept.ecn !== 1);

describe('a transport data message of WireGuard', () => {
  it('[S-03] [S-05] is undone by opening: the very packet comes out, whatever it was', () => {
    fc.assert(
      fc.property(anyInner, anySequence, (inner, sequence) => {
        const outer = sealWireguard(inner, ENDS, sequence, 64);
        expect(verifyChecksums(outer)).toBe('good');
        const arrived = decodePacket(encodePacket(outer));
        expect(arrived).toEqual({ ok: true, value: outer });
        expect(wireguardMark(outer)).toMatchObject({ number: ENDS.number, sequence });
        if (arrived.ok) expect(openWireguard(arrived.value, ENDS.key)).toEqual(inner);
      }),
    );
  });

  it('[S-03] has the layout of the protocol, numbers little-endian, and OpenSSL opens what we seal', () => {
    fc.assert(
      fc.property(anyInner, anySequence, (inner, sequence) => {
        const bytes = encodePacket(sealWireguard(inner, ENDS, sequence, 64));
        expect(bytes).toHaveLength(wireguardLength(packetLength(inner)));
        const message = Buffer.from(bytes.subarray(28));
        expect(message.readUInt32LE(0)).toBe(4);
        expect(message.readUInt32LE(4)).toBe(ENDS.number);
        expect(message.readBigUInt64LE(8)).toBe(BigInt(sequence) - 1n);
        const nonce = Buffer.concat([Buffer.alloc(4), message.subarray(8, 16)]);
        const open = createDecipheriv('chacha20-poly1305', RAW, nonce, { authTagLength: 16 });
        open.setAuthTag(message.subarray(-16));
        const plaintext = Buffer.concat([open.update(message.subarray(16, -16)), open.final()]);
        expect(plaintext.length % 16).toBe(0);
        const length = packetLength(inner);
        expect(toHex(plaintext.subarray(0, length))).toBe(toHex(encodePacket(inner)));
        expect(plaintext.subarray(length).every((byte) => byte === 0)).toBe(true);
      }),
    );
  });

  it('[S-03] is opened also where OpenSSL has sealed it', () => {
    const nonce = Buffer.concat([Buffer.alloc(4), Buffer.from([6, 0, 0, 0, 0, 0, 0, 0])]);
    const seal = createCipheriv('chacha20-poly1305', RAW, nonce, { authTagLength: 16 });
    const plain = Buffer.alloc(Math.ceil(packetLength(INNER) / 16) * 16);
    plain.set(encodePacket(INNER));
    const header = Buffer.from([4, 0, 0, 0, 1, 0x10, 0, 0]);
    const secret = Buffer.concat([seal.update(plain), seal.final(), seal.getAuthTag()]);
    const payload = new Uint8Array(Buffer.concat([header, nonce.subarray(4), secret]));
    const { source, target } = ENDS;
    const outer = udpPacket({ source, target, sourcePort: port(1), targetPort: port(51_820), payload });
    expect(wireguardMark(outer)).toEqual({ number: 0x1001, sequence: 7, shown: 'counter 6' });
    expect(openWireguard(outer, ENDS.key)).toEqual(INNER);
  });

  it('[S-03] [S-07] opens with no other key, and with no bit of the message changed', () => {
    const outer = sealWireguard(INNER, ENDS, 7, 64);
    expect(openWireguard(outer, deriveWireguardKey('a secret', 0x1001))).toBe('not-authentic');
    expect(
      toHex(encodePacket(sealWireguard(INNER, { ...ENDS, key: deriveWireguardKey('a', 1) }, 7, 64))),
    ).not.toBe(
      toHex(encodePacket(sealWireguard(INNER, { ...ENDS, key: deriveWireguardKey('a', 2) }, 7, 64))),
    );
    const bytes = encodePacket(outer);
    fc.assert(
      fc.property(
        fc.integer({ min: (28 + 8) * 8, max: bytes.length * 8 - 1 }),
        fc.boolean(),
        (bit, mended) => {
          const damaged = bytes.slice();
          damaged[bit >>> 3] = (damaged[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
          const arrived = decodePacket(damaged);
          if (!arrived.ok) throw new Error('it can be read');
          // somebody who changes it on purpose mends the checksum of UDP, which anybody can compute
          const packet = mended ? recomputeChecksums(arrived.value) : arrived.value;
          expect(openWireguard(packet, ENDS.key)).toBe('not-authentic');
        },
      ),
    );
  });

  it('[S-03] is no message of this kind on another port, of another type, cut in pieces, or too short for a tag', () => {
    const outer = sealWireguard(INNER, ENDS, 1, 64);
    const { body } = outer;
    if (body.kind !== 'udp' || !(body.body instanceof Uint8Array)) throw new Error('it is UDP');
    const changed = (change: object): IpPacket => ({ ...outer, body: { ...body, ...change } }) as IpPacket;
    const first = body.body.slice();
    first[0] = 1;
    const reserved = body.body.slice();
    reserved[2] = 1;
    for (const wrong of [
      changed({ target: port(51_821) }),
      changed({ body: first }),
      changed({ body: reserved }),
      changed({ body: body.body.slice(0, 31) }),
      INNER,
    ]) {
      expect(wireguardMark(wrong)).toBeNull();
    }
  });

  it('costs what it costs: 1440 bytes are the most that 1500 carry', () => {
    expect(wireguardLength(1440)).toBe(1500);
    expect(wireguardRoom(1500)).toBe(1440);
    fc.assert(
      fc.property(fc.integer({ min: 576, max: 9_000 }), (mtu) => {
        expect(wireguardLength(wireguardRoom(mtu))).toBeLessThanOrEqual(mtu);
        expect(wireguardLength(wireguardRoom(mtu) + 1)).toBeGreaterThan(mtu);
      }),
    );
  });

  it('brings a congestion mark from the way inside, or drops what cannot take it (RFC 6040)', () => {
    const marked = (ecn: number): IpPacket => {
      const inner = recomputeChecksums({ ...INNER, kept: { ...INNER.kept, ecn } });
      const outer = sealWireguard(inner, ENDS, 1, 64);
      return recomputeChecksums({ ...outer, kept: { ...outer.kept, ecn: 3 } } as IpPacket);
    };
    expect(openWireguard(marked(0), ENDS.key)).toBe('congested');
    for (const ecn of [1, 2, 3]) {
      const opened = openWireguard(marked(ecn), ENDS.key);
      expect(typeof opened === 'string' ? opened : opened.kept.ecn).toBe(3);
    }
  });

  it('takes nothing but a packet out, also from the holder of the key', () => {
    const around = (plaintext: Uint8Array): IpPacket => {
      const counter = new Uint8Array(8);
      const secret = ENDS.key.seal(counter, new Uint8Array(0), plaintext);
      const payload = Uint8Array.of(4, 0, 0, 0, 1, 0x10, 0, 0, ...counter, ...secret);
      const { source, target } = ENDS;
      return udpPacket({ source, target, sourcePort: port(1), targetPort: port(51_820), payload });
    };
    // a keepalive has nothing inside
    expect(openWireguard(around(new Uint8Array(0)), ENDS.key)).toBe('not-ip');
    expect(openWireguard(around(new Uint8Array(16)), ENDS.key)).toBe('not-ip');
    expect(openWireguard(around(encodePacket(INNER)), ENDS.key)).toEqual(INNER);
  });
});

describe.skipIf(!hasPeer('tshark'))('tshark', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vnsim-wireguard-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('[S-03] [S-07] takes it for WireGuard, and sees the index, the counter and nothing of what is inside', () => {
    const words = (...values: readonly number[]) => new Uint8Array(Uint32Array.from(values).buffer);
    const parts: Uint8Array[] = [words(0xa1b2c3d4, 0x00040002, 0, 0, 65_535, 101)];
    for (const sequence of [1, 2, 2 ** 32 + 1]) {
      const bytes = encodePacket(sealWireguard(INNER, ENDS, sequence, 64));
      parts.push(words(0, 0, bytes.length, bytes.length), bytes);
    }
    const file = join(folder, 'wireguard.pcap');
    writeFileSync(file, Buffer.concat(parts));
    expect(fields(file, 'wg', 'wg.type', 'wg.receiver', 'wg.counter', 'ip.src', 'udp.port')).toEqual(
      ['0', '1', '4294967296'].map((counter) => `4\t0x00001001\t${counter}\t198.51.100.25\t51820,51820`),
    );
    expect(
      fields(
        file,
        PROBLEMS.replace(' || !frame.interface_name || !frame.packet_flags_direction', ''),
        'frame.number',
      ),
    ).toEqual([]);
  });
});
