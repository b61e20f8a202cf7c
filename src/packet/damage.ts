import { failure, type Result } from '../base/index.ts';
import { decodeFrame } from './decoding.ts';
import { encodeFrame, frameLength, packetLength } from './encoding.ts';
import type { DecodeFault } from './fault.ts';
import { headerLength, isFragment, isIp } from './ip.ts';
import { isVxlan, UDP_HEADER } from './udp.ts';
import type { Frame, IpPacket } from './values.ts';
import { VXLAN_HEADER } from './vxlan.ts';

/** A frame of which one bit was turned over. */
export interface Damage {
  /** counted from the first byte of the frame */
  readonly byte: number;
  /** 0 is the lowest */
  readonly bit: number;
  /** whether some checksum of the packet tells its receiver */
  readonly detectable: boolean;
  /** the frame as its receiver reads it, or why it cannot be read any more */
  readonly frame: Result<Frame, DecodeFault>;
}

interface Span {
  readonly start: number;
  readonly end: number;
  readonly detectable: boolean;
}

/**
 * Turns over one bit, as a device with a fault in its memory does: the link's own check sequence is made after
 * that and fits.
 *
 * Only bits are turned over that a checksum of IPv4, ICMP, TCP or UDP covers, the header of IPv4 among them but not that of IPv6, and the data of UDP datagrams whose sender
 * left the checksum out. Bits that nothing but the check sequence protects (link headers, ARP, the wrapper of
 * VXLAN) stay as they are: with them a changed bit would lead a sound packet into another network.
 *
 * @param position 0 … 1, exclusive: where among those bits
 * @returns `null` for a frame without such bits
 */
export function damageFrame(frame: Frame, position: number): Damage | null {
  const spans = spansOf(frame, 0);
  const total = spans.reduce((bits, { start, end }) => bits + (end - start) * 8, 0);
  let left = Math.floor(position * total);
  for (const { start, end, detectable } of spans) {
    const size = (end - start) * 8;
    if (left >= size) {
      left -= size;
      continue;
    }
    const [byte, bit] = [start + (left >>> 3), left & 7];
    const bytes = encodeFrame(frame);
    bytes[byte] = (bytes[byte] ?? 0) ^ (1 << bit);
    const decoded = decodeFrame(bytes);
    return { byte, bit, detectable, frame: decoded.ok ? decoded : failure(decoded.fault) };
  }
  return null;
}

function spansOf(frame: Frame, offset: number): readonly Span[] {
  const packet = frame.body;
  if (!isIp(packet)) return [];
  const start = offset + frameLength(frame) - packetLength(packet);
  const body = start + headerLength(packet);
  const header: Span = { start, end: body, detectable: true };
  const inside = spansOfBody(packet, body, start + packetLength(packet));
  return packet.kind === 'ipv4' ? [header, ...inside] : inside;
}

/** What a fragment or an unknown protocol carries is left alone: nobody but its last receiver can judge it. */
function spansOfBody(packet: IpPacket, start: number, end: number): readonly Span[] {
  const { body } = packet;
  if (isFragment(packet) || body.kind === 'opaque-body') return [];
  if (body.kind !== 'udp') return [{ start, end, detectable: true }];
  if (isVxlan(body.body)) return spansOf(body.body.inner, start + UDP_HEADER + VXLAN_HEADER);
  if (body.checksum !== 0) return [{ start, end, detectable: true }];
  return [{ start: start + UDP_HEADER, end, detectable: false }];
}
