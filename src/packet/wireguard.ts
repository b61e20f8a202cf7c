import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { type Family, familyOf, isIpv6, type Port, port } from '../address/index.ts';
import { assert } from '../base/index.ts';
import { read32, view, write8, write32, writeBytes } from './bytes.ts';
import { udpPacket } from './construction.ts';
import { decodePacket } from './decoding.ts';
import { encodePacket, packetLength } from './encoding.ts';
import { LARGEST_PACKET } from './ipv4.ts';
import { type Mark, type Opened, OUTER_HEADER, type TunnelEnds } from './sealing.ts';
import { deriveMaterial, ICV_LENGTH, nonceOf, SealingKey } from './sealing-key.ts';
import { isVxlan, UDP_HEADER } from './udp.ts';
import { type IpPacket, NO_BYTES } from './values.ts';
import { verifyChecksums } from './verification.ts';
import { combineEcn, withEcn } from './wrapping.ts';

/*
 * The transport data message of WireGuard (Donenfeld, "WireGuard: Next Generation Kernel Network Tunnel", 5.4.6): in UDP, a type, the
 * receiver's index, a counter and a whole packet under ChaCha20-Poly1305 (RFC 8439). Numbers are little-endian. The
 * handshake that would agree on keys and indexes is not modelled.
 */

/** What WireGuard listens on where nobody says otherwise. */
export const WIREGUARD_PORT = 51_820;
const PORT: Port = port(WIREGUARD_PORT);
/** Of the four kinds of message the one that carries data. */
const TRANSPORT_DATA = 4;
/** Type and three reserved bytes, index, counter. */
const HEADER = 16;
/** The packet inside is padded with zeros to a multiple of this. */
const ALIGNMENT = 16;
const KEY_LENGTH = 32;
/** The nonce is 32 bits of zeros and the counter. */
const NO_SALT = new Uint8Array(4);

/** How long a packet becomes when it is sealed, outer IP and UDP headers included. */
export function wireguardLength(inner: number, outer: Family = 4): number {
  return OUTER_HEADER[outer] + UDP_HEADER + HEADER + Math.ceil(inner / ALIGNMENT) * ALIGNMENT + ICV_LENGTH;
}

/** How long a packet may be so that it is no longer than `mtu` once it is sealed: 1440 of 1500, and 1408 over IPv6. */
export function wireguardRoom(mtu: number, outer: Family = 4): number {
  const room = mtu - OUTER_HEADER[outer] - UDP_HEADER - HEADER - ICV_LENGTH;
  return Math.floor(room / ALIGNMENT) * ALIGNMENT;
}

/** The key of one direction, 32 bytes. */
export function wireguardKey(key: Uint8Array): SealingKey {
  assert(key.length === KEY_LENGTH, 'a key of ChaCha20 has 32 bytes');
  return new SealingKey((iv, associated) => chacha20poly1305(key, nonceOf(NO_SALT, iv), associated));
}

/** The key of the direction that the receiver calls `index`, from a secret that both gateways share. */
export function deriveWireguardKey(secret: string, index: number): SealingKey {
  return wireguardKey(deriveMaterial(secret, 'vnsim WireGuard ChaCha20-Poly1305', index, KEY_LENGTH));
}

/**
 * The datagram for the far gateway. The first packet has the counter 0. The outer header is the one that Linux makes: DSCP 0, ECN
 * copied, and it may be cut on the way.
 */
export function sealWireguard(inner: IpPacket, ends: TunnelEnds, sequence: number, ttl: number): IpPacket {
  const { number, key, source, target } = ends;
  const length = wireguardLength(packetLength(inner), familyOf(source));
  assert(length <= LARGEST_PACKET, 'a sealed packet fits into a packet');
  const header = new Uint8Array(HEADER);
  write8(header, 0, TRANSPORT_DATA);
  writeLittle32(header, 4, number);
  writeLittle32(header, 8, sequence - 1);
  writeLittle32(header, 12, Math.floor((sequence - 1) / 2 ** 32));
  const secret = key.seal(view(header, 8, HEADER), NO_BYTES, padded(encodePacket(inner)));
  const payload = new Uint8Array(HEADER + secret.length);
  writeBytes(payload, writeBytes(payload, 0, header), secret);
  return udpPacket({
    source,
    target,
    ttl,
    ecn: inner.kept.ecn,
    // IPv6 has no such field, and nobody cuts it on the way
    identification: isIpv6(source) ? 0 : sequence & 0xffff,
    dontFragment: false,
    sourcePort: PORT,
    targetPort: PORT,
    payload,
  });
}

/** Whom a datagram is for and which one it is, or `null` where it is no transport data message. */
export function wireguardMark(packet: IpPacket): Mark | null {
  const bytes = messageOf(packet);
  if (bytes === null) return null;
  const counter = littleEndian(bytes, 12) * 2 ** 32 + littleEndian(bytes, 8);
  return { number: littleEndian(bytes, 4), sequence: counter + 1, shown: `counter ${counter}` };
}

/** The packet inside, once the tag proves that the other end sealed it. UDP throws away what is damaged before that. */
export function openWireguard(outer: IpPacket, key: SealingKey): Opened {
  const bytes = messageOf(outer);
  assert(bytes !== null, 'only a transport data message is opened');
  if (verifyChecksums(outer) === 'bad') return 'not-authentic';
  const plaintext = key.open(view(bytes, 8, HEADER), NO_BYTES, view(bytes, HEADER, bytes.length));
  if (plaintext === null) return 'not-authentic';
  const inner = decodePacket(plaintext);
  if (!inner.ok) return 'not-ip';
  const ecn = combineEcn(outer.kept.ecn, inner.value.kept.ecn);
  if (ecn === null) return 'congested';
  return ecn === inner.value.kept.ecn ? inner.value : withEcn(inner.value, ecn);
}

function messageOf({ body }: IpPacket): Uint8Array | null {
  if (body.kind !== 'udp' || body.target !== WIREGUARD_PORT || isVxlan(body.body)) return null;
  const bytes = body.body;
  // the type and the reserved bytes are one little-endian number
  return bytes.length >= HEADER + ICV_LENGTH && littleEndian(bytes, 0) === TRANSPORT_DATA ? bytes : null;
}

function padded(packet: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(packet.length / ALIGNMENT) * ALIGNMENT);
  writeBytes(bytes, 0, packet);
  return bytes;
}

function littleEndian(bytes: Uint8Array, offset: number): number {
  return swapped(read32(bytes, offset));
}

function writeLittle32(bytes: Uint8Array, offset: number, value: number): void {
  write32(bytes, offset, swapped(value));
}

/** The low 32 bits with their bytes the other way round. */
function swapped(value: number): number {
  const bits = value >>> 0;
  return ((bits << 24) | ((bits & 0xff00) << 8) | ((bits >>> 8) & 0xff00) | (bits >>> 24)) >>> 0;
}
