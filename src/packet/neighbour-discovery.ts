import { type Ipv6, type Mac, mac } from '../address/index.ts';
import {
  read8,
  read16,
  read32,
  readIpv6,
  readMac,
  view,
  write8,
  write16,
  write32,
  writeBytes,
  writeIpv6,
  writeMac,
} from './bytes.ts';
import { ICMPV6_TYPE } from './icmp.ts';
import type { NeighbourDiscovery } from './values.ts';

/* Neighbour solicitation and advertisement (RFC 4861 4.3, 4.4). Routers do not advertise themselves: routes are given. */

/** Type, code, checksum, flags and the address. */
export const NEIGHBOUR_HEADER = 24;

/** Options that hold a link address of Ethernet: of the sender of a solicitation, of the target of an advertisement. */
const SOURCE_LINK = 1;
const TARGET_LINK = 2;
const LINK_OPTION = 8;

export function typeOfNeighbour({ operation }: NeighbourDiscovery): number {
  return operation === 'solicitation'
    ? ICMPV6_TYPE.neighbourSolicitation
    : ICMPV6_TYPE.neighbourAdvertisement;
}

export function writeNeighbour(body: NeighbourDiscovery, buffer: Uint8Array, offset: number): number {
  write8(buffer, offset, typeOfNeighbour(body));
  write8(buffer, offset + 1, 0);
  write16(buffer, offset + 2, body.checksum);
  write32(buffer, offset + 4, body.flags);
  writeIpv6(buffer, offset + 8, body.target);
  return writeBytes(buffer, offset + NEIGHBOUR_HEADER, body.options);
}

/** `null` for any other message, and for one whose length or options make no sense (RFC 4861 7.1). */
export function readNeighbour(bytes: Uint8Array, offset: number, end: number): NeighbourDiscovery | null {
  const type = read8(bytes, offset);
  const known = type === ICMPV6_TYPE.neighbourSolicitation || type === ICMPV6_TYPE.neighbourAdvertisement;
  if (!known || end - offset < NEIGHBOUR_HEADER || read8(bytes, offset + 1) !== 0) return null;
  const options = view(bytes, offset + NEIGHBOUR_HEADER, end);
  if (!areOptions(options)) return null;
  return {
    kind: 'neighbour-discovery',
    operation: type === ICMPV6_TYPE.neighbourSolicitation ? 'solicitation' : 'advertisement',
    flags: read32(bytes, offset + 4),
    target: readIpv6(bytes, offset + 8),
    checksum: read16(bytes, offset + 2),
    options,
  };
}

/** The link address that a message names: the sender's in a solicitation, the target's in an advertisement. */
export function linkAddressOf({ operation, options }: NeighbourDiscovery): Mac | null {
  const wanted = operation === 'solicitation' ? SOURCE_LINK : TARGET_LINK;
  for (let at = 0; at < options.length; at += lengthOfOption(options, at)) {
    if (read8(options, at) === wanted && lengthOfOption(options, at) === LINK_OPTION)
      return readMac(options, at + 2);
  }
  return null;
}

/** The option with a link address, as a message of this kind has it. */
export function linkOption(operation: NeighbourDiscovery['operation'], address: Mac): Uint8Array {
  const option = new Uint8Array(LINK_OPTION);
  write8(option, 0, operation === 'solicitation' ? SOURCE_LINK : TARGET_LINK);
  write8(option, 1, LINK_OPTION / 8);
  writeMac(option, 2, address);
  return option;
}

/** ff02::1:ffXX:XXXX, where whoever has `address` listens (RFC 4291 2.7.1). */
export function solicitedNode(address: Ipv6): Ipv6 {
  return (0xff0200000000000000000001ff000000n | (address & 0xffffffn)) as Ipv6;
}

/** The link address of a group: 33:33 and its last 32 bits (RFC 2464 section 7). */
export function groupMac(group: Ipv6): Mac {
  return mac(0x3333_0000_0000 + Number(group & 0xffffffffn));
}

function areOptions(options: Uint8Array): boolean {
  let at = 0;
  while (at < options.length) {
    const length = lengthOfOption(options, at);
    if (length === 0 || at + length > options.length) return false;
    at += length;
  }
  return true;
}

function lengthOfOption(options: Uint8Array, at: number): number {
  return at + 1 < options.length ? read8(options, at + 1) * 8 : 0;
}
