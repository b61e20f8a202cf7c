/*
 * A second, slow implementation of the checksums over bytes, to judge the one under test. It shares nothing with it: it
 * reads headers by hand and subtracts 65,535 instead of folding.
 */

/** RFC 1071 by the book: the complement of the one's complement sum; 0xffff instead of 0 only for zeros. */
export function slowChecksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) {
    sum += (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
    if (sum > 0xffff) sum -= 0xffff;
  }
  return 0xffff - sum;
}

export interface ByteVerdicts {
  readonly header: boolean;
  /** null: nothing to judge (no checksum, a fragment, an unknown protocol) */
  readonly body: boolean | null;
}

/** Judges the bytes of an IPv4 packet. */
export function judgeBytes(packet: Uint8Array): ByteVerdicts {
  const headerLength = ((packet[0] ?? 0) & 15) * 4;
  const header = slowChecksum(packet.subarray(0, headerLength)) === 0;
  const isPiece = (((packet[6] ?? 0) & 0x3f) | (packet[7] ?? 0)) !== 0;
  const protocol = packet[9] ?? 0;
  const data = packet.subarray(headerLength);
  if (isPiece || ![1, 6, 17].includes(protocol)) return { header, body: null };
  if (protocol === 1) return { header, body: slowChecksum(data) === 0 };
  if (protocol === 17 && data[6] === 0 && data[7] === 0) return { header, body: null };
  const pseudo = new Uint8Array(12 + data.length);
  pseudo.set(packet.subarray(12, 20), 0);
  pseudo[9] = protocol;
  pseudo[10] = data.length >>> 8;
  pseudo[11] = data.length & 255;
  pseudo.set(data, 12);
  return { header, body: slowChecksum(pseudo) === 0 };
}
