import type { Ipv6 } from '../address/index.ts';
import {
  read8,
  read16,
  read32,
  readIpv6,
  view,
  write8,
  write16,
  write32,
  writeBytes,
  writeIpv6,
} from './bytes.ts';
import { type DecodeFault, decodeFault, truncated } from './fault.ts';
import { type Ipv6Kept, type Ipv6Packet, NO_BYTES } from './values.ts';

/* The IPv6 header and its extension headers (RFC 8200). What it carries is stacked elsewhere. */

export const IPV6_HEADER = 40;
export const FRAGMENT_HEADER = 8;
const NEXT_HEADER = 6;

/** The smallest MTU that a link of IPv6 may have (RFC 8200 section 5). */
export const IPV6_LEAST_MTU = 1280;

/** Extension headers that are carried without being understood (RFC 8200 4.3, 4.4, 4.6). */
const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const DESTINATION = 60;

/** `payloadLength` counts what is behind the fixed header, also of what a quote left out. */
export function writeIpv6Header(
  packet: Ipv6Packet,
  payloadLength: number,
  buffer: Uint8Array,
  offset: number,
): void {
  const { kept } = packet;
  write32(buffer, offset, 0x60000000 | (kept.dscp << 22) | (kept.ecn << 20) | kept.flowLabel);
  write16(buffer, offset + 4, payloadLength);
  write8(buffer, offset + 6, kept.options.length === 0 ? firstOf(kept) : kept.nextHeader);
  write8(buffer, offset + 7, packet.ttl);
  writeIpv6(buffer, offset + 8, packet.source);
  writeIpv6(buffer, offset + 24, packet.target);
  const end = writeBytes(buffer, offset + IPV6_HEADER, kept.options);
  if (!kept.fragmented) return;
  const last = lastExtension(kept.options);
  if (last !== null) write8(buffer, offset + IPV6_HEADER + last, FRAGMENT);
  write8(buffer, end, kept.protocol);
  write8(buffer, end + 1, 0);
  write16(buffer, end + 2, kept.fragmentOffset | (kept.moreFragments ? 1 : 0));
  write32(buffer, end + 4, kept.identification);
}

function firstOf(kept: Ipv6Kept): number {
  return kept.fragmented ? FRAGMENT : kept.protocol;
}

/** What makes the header unreadable, or null. */
export function faultOfIpv6Header(bytes: Uint8Array, offset: number, end: number): DecodeFault | null {
  if (end - offset < IPV6_HEADER) return truncated('ipv6', offset, IPV6_HEADER, end - offset);
  const version = read8(bytes, offset) >>> 4;
  if (version !== 6)
    return decodeFault('packet/bad-version', 'ipv6', offset, `IP version is ${version}, not 6`);
  return null;
}

/** Bytes behind the fixed header, as the header says. */
export function readPayloadLength(bytes: Uint8Array, offset: number): number {
  return read16(bytes, offset + 4);
}

export function readIpv6Addresses(bytes: Uint8Array, offset: number): readonly [source: Ipv6, target: Ipv6] {
  return [readIpv6(bytes, offset + 8), readIpv6(bytes, offset + 24)];
}

/** The header fields and where the body begins. Extension headers that are cut off or lie about their length are a fault. */
export function readIpv6Kept(
  bytes: Uint8Array,
  offset: number,
  end: number,
): { readonly kept: Ipv6Kept; readonly start: number } | DecodeFault {
  const word = read32(bytes, offset);
  const nextHeader = read8(bytes, offset + 6);
  const service = { dscp: (word >>> 22) & 63, ecn: (word >>> 20) & 3, flowLabel: word & 0xfffff, nextHeader };
  const first = offset + IPV6_HEADER;
  let [at, next] = [first, nextHeader];
  while (isExtension(next)) {
    const length = end - at < 2 ? 2 : (read8(bytes, at + 1) + 1) * 8;
    if (end - at < length) return truncated('ipv6', at, length, end - at);
    next = read8(bytes, at);
    at += length;
  }
  const options = at === first ? NO_BYTES : view(bytes, first, at);
  if (next !== FRAGMENT) {
    const kept: Ipv6Kept = { ...WHOLE, ...service, protocol: next, options };
    return { kept, start: at };
  }
  if (end - at < FRAGMENT_HEADER) return truncated('ipv6', at, FRAGMENT_HEADER, end - at);
  const word2 = read16(bytes, at + 2);
  const protocol = read8(bytes, at);
  const kept: Ipv6Kept = {
    protocol,
    dscp: service.dscp,
    ecn: service.ecn,
    identification: read32(bytes, at + 4),
    dontFragment: true,
    moreFragments: (word2 & 1) !== 0,
    fragmentOffset: word2 & 0xfff8,
    options: at === first ? options : withNext(options, protocol),
    flowLabel: service.flowLabel,
    nextHeader: at === first ? protocol : nextHeader,
    fragmented: true,
  };
  return { kept, start: at + FRAGMENT_HEADER };
}

/** The fields of a packet that is no piece of another. */
const WHOLE = {
  identification: 0,
  dontFragment: true,
  moreFragments: false,
  fragmentOffset: 0,
  fragmented: false,
} as const;

function isExtension(next: number): boolean {
  return next === HOP_BY_HOP || next === ROUTING || next === DESTINATION;
}

/** The octet that names the protocol of the body: in the fixed header, or in the last one behind it. */
export function protocolAt({ kept }: Ipv6Packet): number {
  if (kept.fragmented) return IPV6_HEADER + kept.options.length;
  const last = lastExtension(kept.options);
  return last === null ? NEXT_HEADER : IPV6_HEADER + last;
}

/** Where the last extension header begins; `null` where there is none. */
function lastExtension(options: Uint8Array): number | null {
  let last: number | null = null;
  for (let at = 0; at < options.length; at += (read8(options, at + 1) + 1) * 8) last = at;
  return last;
}

/** The extension headers as they stand before this protocol. */
function withNext(options: Uint8Array, protocol: number): Uint8Array {
  const last = lastExtension(options);
  if (last === null) return options;
  const copy = options.slice();
  write8(copy, last, protocol);
  return copy;
}
