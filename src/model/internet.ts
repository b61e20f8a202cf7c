import type { Ip, Ipv4, Mac } from '../address/index.ts';
import { type Cidr, cidr, contains, ipv4 } from '../address/index.ts';
import type { Source } from '../base/index.ts';
import type { Endpoint } from './hsms.ts';
import type { Model, Records } from './records.ts';

/** The one router that stands for the whole Internet. */
export const INTERNET = 'internet';

/** Somebody on the Internet, outside of all virtual networks. */
export interface InternetHost {
  readonly name: string;
  readonly address: Ipv4;
  readonly mac: Mac;
  readonly listen: Records<Endpoint>;
  readonly from: Source | null;
}

/** Whether the model has an Internet at all: somebody is on it, a network has a gateway to it, or a channel crosses it. */
export function hasInternet(model: Model): boolean {
  return (
    Object.keys(model.internetHosts).length > 0 ||
    Object.values(model.gateways).some(({ kind }) => kind === 'internet') ||
    Object.values(model.channels).some(({ kind }) => kind.kind !== 'direct')
  );
}

/** Addresses of the Internet's own routers (TEST-NET-1, RFC 5737), which nobody else may have. */
export const INTERNET_BLOCK: Cidr = cidr(ipv4(0xc0000200), 24);

/**
 * Blocks that are not globally reachable (RFC 6890) and so are no addresses on the Internet. The documentation blocks
 * of RFC 5737 are none of these: examples need addresses, and here they stand for public ones.
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
];

/** Why nobody on the Internet can have this address, in words, or `null`. */
export function notPublic(address: Ip): string | null {
  if (contains(INTERNET_BLOCK, address)) return 'the Internet’s own routers have 192.0.2.0/24';
  const special = SPECIAL_BLOCKS.find(({ block }) => contains(block, address));
  return special === undefined ? null : `it is ${special.meaning}`;
}
