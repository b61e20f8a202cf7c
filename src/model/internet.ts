import {
  type Cidr,
  cidr,
  type Family,
  familyOf,
  formatCidr,
  type Ip,
  ipv4,
  ipv6,
  type Mac,
  overlaps,
} from '../address/index.ts';
import type { Source } from '../base/index.ts';
import type { Endpoint } from './hsms.ts';
import type { Model, Records } from './records.ts';

/** The one router that stands for the whole Internet. */
export const INTERNET = 'internet';

/** Somebody on the Internet, outside of all virtual networks. */
export interface InternetHost {
  readonly name: string;
  readonly address: Ip;
  readonly mac: Mac;
  readonly listen: Records<Endpoint>;
  readonly from: Source | null;
}

/** Whether the model has an Internet at all: somebody is on it, a network has a gateway to it, or a channel crosses it. */
export function hasInternet(model: Model): boolean {
  return (
    Object.keys(model.internetHosts).length > 0 ||
    Object.values(model.gateways).some(({ kind }) => kind !== 'vpn') ||
    Object.values(model.channels).some(({ kind }) => kind.kind !== 'direct')
  );
}

/** Addresses of the Internet's own routers (TEST-NET-1, RFC 5737; RFC 9637), which nobody else may have. */
export const INTERNET_BLOCKS: { readonly [F in Family]: Cidr } = {
  4: cidr(ipv4(0xc0000200), 24),
  6: cidr(ipv6(0x3fffn << 112n), 20),
};

/**
 * Blocks that are not globally reachable (RFC 6890) and so are no addresses on the Internet. The documentation blocks
 * of RFC 5737 and RFC 3849 are none of these: examples need addresses, and here they stand for public ones.
 */
export const SPECIAL_BLOCKS: readonly { readonly block: Cidr; readonly meaning: string }[] = [
  { block: cidr(ipv4(0), 8), meaning: 'this network (RFC 791)' },
  { block: cidr(ipv4(0x0a000000), 8), meaning: 'private (RFC 1918)' },
  { block: cidr(ipv4(0x64400000), 10), meaning: 'shared by carriers (RFC 6598)' },
  { block: cidr(ipv4(0x7f000000), 8), meaning: 'loopback' },
  { block: cidr(ipv4(0xa9fe0000), 16), meaning: 'link-local (RFC 3927)' },
  { block: cidr(ipv4(0xac100000), 12), meaning: 'private (RFC 1918)' },
  { block: cidr(ipv4(0xc0000000), 24), meaning: 'for protocols (RFC 6890)' },
  { block: cidr(ipv4(0xc0a80000), 16), meaning: 'private (RFC 1918)' },
  { block: cidr(ipv4(0xc6120000), 15), meaning: 'for benchmarks (RFC 2544)' },
  { block: cidr(ipv4(0xe0000000), 4), meaning: 'multicast' },
  { block: cidr(ipv4(0xf0000000), 4), meaning: 'reserved' },
  { block: cidr(ipv6(0n), 8), meaning: 'for loopback and for addresses of IPv4 (RFC 4291)' },
  { block: cidr(ipv6(0x64ff9b0001n << 88n), 48), meaning: 'for translators (RFC 8215)' },
  { block: cidr(ipv6(0x0100n << 112n), 64), meaning: 'for discarding (RFC 6666)' },
  { block: cidr(ipv6(0x2001n << 112n), 23), meaning: 'for protocols (RFC 2928)' },
  { block: cidr(ipv6(0xfcn << 120n), 7), meaning: 'unique local (RFC 4193)' },
  { block: cidr(ipv6(0xfe80n << 112n), 10), meaning: 'link-local (RFC 4291)' },
  { block: cidr(ipv6(0xffn << 120n), 8), meaning: 'multicast' },
];

/** Why nobody on the Internet can have this address, in words, or `null`. */
export function notPublic(address: Ip): string | null {
  return notPublicBlock({ address, prefix: familyOf(address) === 6 ? 128 : 32 });
}

/** Why not every address of a block is one on the Internet, in words, or `null`. */
export function notPublicBlock(block: Cidr): string | null {
  const own = INTERNET_BLOCKS[familyOf(block.address)];
  if (overlaps(own, block)) return `the Internet’s own routers have ${formatCidr(own)}`;
  const special = SPECIAL_BLOCKS.find((one) => overlaps(one.block, block));
  return special === undefined ? null : `it is ${special.meaning}`;
}
