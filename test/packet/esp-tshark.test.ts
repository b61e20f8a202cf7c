import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ipv4, port } from '../../src/address/index.ts';
import { encodePacket, espKey, sealPacket, udpPacket } from '../../src/packet/index.ts';
import { fromHex } from '../support/hex.ts';
import { hasPeer } from '../support/peer.ts';
import { fields, tshark } from '../support/tshark.ts';

const folder = mkdtempSync(join(tmpdir(), 'vnsim-esp-'));
afterAll(() => rmSync(folder, { recursive: true }));

const KEY = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
const SALT = 'cafebabe';

/** A classic capture file of packets without link headers (link type 101). */
function captureOf(packets: readonly Uint8Array[]): string {
  const words = (...values: readonly number[]) => new Uint8Array(Uint32Array.from(values).buffer);
  const parts: Uint8Array[] = [words(0xa1b2c3d4, 0x00040002, 0, 0, 65_535, 101)];
  for (const bytes of packets) parts.push(words(0, 0, bytes.length, bytes.length), bytes);
  const file = join(folder, 'esp.pcap');
  writeFileSync(file, Buffer.concat(parts));
  return file;
}

describe.skipIf(!hasPeer('tshark'))('tshark, given the key', () => {
  const ends = {
    number: 0x1001,
    key: espKey(fromHex(KEY), fromHex(SALT)),
    source: ipv4(0xc6336419),
    target: ipv4(0xc6336463),
  };
  const inner = [1, 2, 3, 4].map((length) =>
    udpPacket({
      source: ipv4(0xac100012),
      target: ipv4(0x0a0000c9),
      sourcePort: port(40_000),
      targetPort: port(1792),
      payload: new Uint8Array(length).fill(0x41),
    }),
  );
  const file = captureOf(inner.map((packet, index) => encodePacket(sealPacket(packet, ends, index + 1, 64))));

  it('[S-07] without it, sees SPI and sequence number and nothing of what is inside', () => {
    expect(fields(file, 'esp', 'esp.spi', 'esp.sequence', 'ip.src', 'udp.port')).toEqual(
      [1, 2, 3, 4].map((sequence) => `0x00001001\t${sequence}\t198.51.100.25\t`),
    );
  });

  it('[S-05] opens what we seal: ICV, padding and the packet inside are as it expects', () => {
    const association = `uat:esp_sa:"IPv4","*","*","*","AES-GCM with 16 octet ICV [RFC4106]","0x${KEY}${SALT}","NULL",""`;
    const enabled = [
      'esp.enable_encryption_decode:TRUE',
      'esp.enable_authentication_check:TRUE',
      association,
    ];
    const decoding = enabled.flatMap((preference) => ['-o', preference]);
    const shown = ['esp.pad_len', 'esp.icv_good', 'ip.dst', 'udp.length', '_ws.malformed'];
    const opened = tshark(file, ...decoding, '-T', 'fields', ...shown.flatMap((name) => ['-e', name]));
    expect(opened).toEqual([
      '1\t1\t198.51.100.99,10.0.0.201\t9\t',
      '0\t1\t198.51.100.99,10.0.0.201\t10\t',
      '3\t1\t198.51.100.99,10.0.0.201\t11\t',
      '2\t1\t198.51.100.99,10.0.0.201\t12\t',
    ]);
  });
});
