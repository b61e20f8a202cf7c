import { type Family, familyOf, type Ip, isIpv6 } from '../address/index.ts';
import { assert } from '../base/index.ts';
import { view, write8, write32, writeBytes } from './bytes.ts';
import { ipPacket } from './construction.ts';
import { decodePacket } from './decoding.ts';
import { encodePacket, packetLength } from './encoding.ts';
import { ESP_HEADER } from './esp.ts';
import { IPV4_HEADER, LARGEST_PACKET } from './ipv4.ts';
import { IPV6_HEADER } from './ipv6.ts';
import { ICV_LENGTH, type SealingKey } from './sealing-key.ts';
import { type Esp, type IpPacket, PROTOCOL } from './values.ts';
import { combineEcn, withEcn } from './wrapping.ts';

/*
 * ESP in tunnel mode: a whole packet becomes the secret of another one (RFC 4303, AES-GCM by RFC 4106). The outer header is
 * made by RFC 4301 5.1.2.1: fresh TTL, DSCP and DF copied; ECN is copied outwards and combined on the way back
 * (RFC 6040, normal mode).
 */

/** RFC 4106 section 3.1: the explicit part of the nonce. */
const IV_LENGTH = 8;
/** Pad length and next header. */
const TRAILER = 2;
/** RFC 4303 2.4: the trailer ends on a 4-byte boundary. */
const ALIGNMENT = 4;
/** IANA: a packet of this family is inside. */
const NEXT: { readonly [K in IpPacket['kind']]: number } = { ipv4: 4, ipv6: 41 };

/** One direction of a protected path between two gateways. */
export interface TunnelEnds {
  /** what the receiver knows its key by: the SPI of ESP, the receiver's index of WireGuard */
  readonly number: number;
  readonly key: SealingKey;
  /** of one family with `target` */
  readonly source: Ip;
  readonly target: Ip;
}

/** What anybody can read of a sealed packet. */
export interface Mark {
  /** as in {@link TunnelEnds} */
  readonly number: number;
  /** which packet under its key: 1 for the first */
  readonly sequence: number;
  /** the same as the header counts it */
  readonly shown: string;
}

/** Why a packet could not be opened; or the packet inside. */
export type Opened = IpPacket | 'not-authentic' | 'not-ip' | 'congested';

/** How long the outer header is. */
export const OUTER_HEADER: { readonly [F in Family]: number } = { 4: IPV4_HEADER, 6: IPV6_HEADER };

/** How long a packet becomes when it is sealed, outer header included. */
export function sealedLength(inner: number, outer: Family = 4): number {
  return OUTER_HEADER[outer] + ESP_HEADER + IV_LENGTH + paddedLength(inner) + ICV_LENGTH;
}

/** How long a packet may be so that it is no longer than `mtu` once it is sealed: 1446 of 1500, and 1426 over IPv6. */
export function sealableLength(mtu: number, outer: Family = 4): number {
  const room = mtu - OUTER_HEADER[outer] - ESP_HEADER - IV_LENGTH - ICV_LENGTH;
  return Math.floor(room / ALIGNMENT) * ALIGNMENT - TRAILER;
}

/** The packet for the far gateway. `sequence` is used once for each key: it is the IV too (RFC 4106 section 3.1). */
export function sealPacket(inner: IpPacket, ends: TunnelEnds, sequence: number, ttl: number): IpPacket {
  const { number: spi, key, source, target } = ends;
  const length = sealedLength(packetLength(inner), familyOf(source));
  assert(length <= LARGEST_PACKET, 'a sealed packet fits into a packet');
  const iv = new Uint8Array(IV_LENGTH);
  write32(iv, IV_LENGTH - 4, sequence);
  const secret = key.seal(iv, associatedData(spi, sequence), withTrailer(inner));
  const sealed = new Uint8Array(IV_LENGTH + secret.length);
  writeBytes(sealed, writeBytes(sealed, 0, iv), secret);
  const { dscp, ecn, dontFragment } = inner.kept;
  const choice = {
    source,
    target,
    ttl,
    dscp,
    ecn,
    dontFragment,
    // an atomic datagram needs none (RFC 6864), one that may be cut a different one each time; IPv6 has no such field
    identification: dontFragment || isIpv6(source) ? 0 : sequence & 0xffff,
  };
  return ipPacket(choice, PROTOCOL.esp, { kind: 'esp', spi, sequence, sealed });
}

/** ESP of a packet, or `null` for any other. */
export function espOf(packet: IpPacket): Esp | null {
  return packet.body.kind === 'esp' ? packet.body : null;
}

/** Which association opens it, and its number. */
export function espMark(packet: IpPacket): Mark | null {
  const esp = espOf(packet);
  return esp === null ? null : { number: esp.spi, sequence: esp.sequence, shown: `seq ${esp.sequence}` };
}

/** The packet inside, once the ICV proves that the other end of the association sealed it. */
export function openPacket(outer: IpPacket, key: SealingKey): Opened {
  const esp = espOf(outer);
  assert(esp !== null, 'only ESP is opened');
  const { spi, sequence, sealed } = esp;
  if (sealed.length < IV_LENGTH + ICV_LENGTH) return 'not-authentic';
  const iv = view(sealed, 0, IV_LENGTH);
  const plaintext = key.open(iv, associatedData(spi, sequence), view(sealed, IV_LENGTH, sealed.length));
  if (plaintext === null) return 'not-authentic';
  const opened = withoutTrailer(plaintext);
  const inner = opened === null ? null : decodePacket(opened.packet);
  if (opened === null || inner === null || !inner.ok || NEXT[inner.value.kind] !== opened.next)
    return 'not-ip';
  const ecn = combineEcn(outer.kept.ecn, inner.value.kept.ecn);
  if (ecn === null) return 'congested';
  return ecn === inner.value.kept.ecn ? inner.value : withEcn(inner.value, ecn);
}

/** RFC 4106 section 5: SPI and sequence number are not secret, and cannot be changed either. */
function associatedData(spi: number, sequence: number): Uint8Array {
  const data = new Uint8Array(ESP_HEADER);
  write32(data, 0, spi);
  write32(data, 4, sequence);
  return data;
}

function paddedLength(inner: number): number {
  return Math.ceil((inner + TRAILER) / ALIGNMENT) * ALIGNMENT;
}

/** Padding 1, 2, 3 …, its length and what is inside (RFC 4303 2.4 to 2.6). */
function withTrailer(inner: IpPacket): Uint8Array {
  const packet = encodePacket(inner);
  const bytes = new Uint8Array(paddedLength(packet.length));
  const padding = bytes.length - packet.length - TRAILER;
  writeBytes(bytes, 0, packet);
  for (let index = 0; index < padding; index += 1) write8(bytes, packet.length + index, index + 1);
  write8(bytes, bytes.length - 2, padding);
  write8(bytes, bytes.length - 1, NEXT[inner.kind]);
  return bytes;
}

/** The packet before the trailer, or `null` where something else than a packet was sealed. */
function withoutTrailer(bytes: Uint8Array): { readonly packet: Uint8Array; readonly next: number } | null {
  const [padding, next] = [bytes.at(-2), bytes.at(-1)];
  if (padding === undefined || next === undefined) return null;
  const end = bytes.length - TRAILER - padding;
  if (end < 0) return null;
  for (let index = 0; index < padding; index += 1) if (bytes[end + index] !== index + 1) return null;
  return { packet: view(bytes, 0, end), next };
}
