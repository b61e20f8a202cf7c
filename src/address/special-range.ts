import ipaddr from 'ipaddr.js';
import { present } from '../base/index.ts';
import { type Ip, isIpv6 } from './ip.ts';
import { type Ipv4, unsigned } from './ipv4.ts';
import { ipv6Groups } from './ipv6.ts';

/** Every name that {@link specialRange} gives. */
export const SPECIAL_RANGES = [
  'unicast',
  'unspecified',
  'loopback',
  'private',
  'linkLocal',
  'uniqueLocal',
  'carrierGradeNat',
  'multicast',
  'broadcast',
  'benchmarking',
  'reserved',
  'discard',
  'as112',
  'as112v6',
  'amt',
  'ipv4Mapped',
  'rfc6145',
  'rfc6052',
  '6to4',
  'teredo',
  'orchid2',
  'deprecatedOrchid',
  'deprecatedSiteLocal',
  'segmentRouting',
  'droneRemoteIdProtocolEntityTags',
] as const;

/**
 * What an address is set aside for, by the registries of RFC 6890. `unicast` is all the rest.
 *
 * IPv4 knows `private` (RFC 1918), `carrierGradeNat` (RFC 6598) and `broadcast`; IPv6 has `uniqueLocal`
 * (RFC 4193), `discard` (RFC 6666) and the kinds that carry an IPv4 address inside.
 */
export type SpecialRange = (typeof SPECIAL_RANGES)[number];

/** The special range that an address lies in. For messages and for the rules of a model, not for packets. */
export function specialRange(address: Ip): SpecialRange {
  const name: string = isIpv6(address) ? ipv6Groups(address).range() : octets(address).range();
  const known = SPECIAL_RANGES.find((range) => range === name);
  return present(known, `there is no range ${name} here`);
}

/** Loopback, nobody's address, multicast and the limited broadcast: no packet comes from there (RFC 1812 5.3.7, RFC 4291 2.7). */
export function isMartianSource(address: Ip): boolean {
  return isMartianTarget(address) || isGroupAddress(address);
}

/**
 * 127/8 and 0/8 (RFC 1122 3.2.1.3), ::1 and :: (RFC 4291 2.5.2, 2.5.3): a machine says it to itself, and nothing of it
 * belongs on a wire.
 */
export function isMartianTarget(address: Ip): boolean {
  if (isIpv6(address)) return address <= 1n;
  const first = address >>> 24;
  return first === 127 || first === 0;
}

/** Multicast (224/4, ff00::/8) or the limited broadcast: more than one machine. */
export function isGroupAddress(address: Ip): boolean {
  if (isIpv6(address)) return address >> 120n === 0xffn;
  return address >>> 28 === 14 || address === -1;
}

function octets(address: Ipv4): ipaddr.IPv4 {
  const bits = unsigned(address);
  return new ipaddr.IPv4([bits >>> 24, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255]);
}
