import { type Result, success } from '../base/index.ts';
import { countBits } from './bits.ts';
import { type Cidr, cidr, formatCidr, maskOf } from './cidr.ts';
import { type AddressFault, judge, type Objection, refuse } from './fault.ts';
import type { Ip } from './ip.ts';
import type { Ipv4 } from './ipv4.ts';
import { readIpv4 } from './ipv4-text.ts';
import type { Ipv6 } from './ipv6.ts';
import { readIpv6 } from './ipv6-text.ts';

/**
 * Reads a block such as `10.0.0.0/16` or `fd00:308::/64`; what has a colon is taken for IPv6. The host bits must be zero;
 * otherwise the fault names the block that was probably meant. A mask instead of a length (`/255.255.0.0`) is refused with
 * the length as near miss.
 */
export function parseCidr(text: string): Result<Cidr, AddressFault> {
  if (text.includes(':')) return judge(text, 'an IPv6 block', readBlock(IPV6, text));
  return judge(text, 'an IPv4 block', readBlock(IPV4, text));
}

/** The same for IPv4 alone. */
export function parseIpv4Block(text: string): Result<Cidr<Ipv4>, AddressFault> {
  return judge(text, 'an IPv4 block', readBlock(IPV4, text));
}

/** What reading a block needs to know of its family: the rest is one grammar. */
interface Grammar<Address extends Ip> {
  readonly width: number;
  readonly read: (text: string) => Result<Address, Objection>;
  /** The prefix length that a mask stands for, or null. */
  readonly lengthOfMask: (mask: string) => number | null;
}

const IPV4: Grammar<Ipv4> = {
  width: 32,
  read: readIpv4,
  lengthOfMask(text) {
    const mask = readIpv4(text);
    if (!mask.ok) return null;
    const length = countBits(mask.value);
    return maskOf(length) === mask.value ? length : null;
  },
};

const IPV6: Grammar<Ipv6> = {
  width: 128,
  read: readIpv6,
  lengthOfMask: () => null,
};

function readBlock<Address extends Ip>(
  family: Grammar<Address>,
  text: string,
): Result<Cidr<Address>, Objection> {
  const slash = text.indexOf('/');
  const address = family.read(slash < 0 ? text : text.slice(0, slash));
  const length =
    slash < 0
      ? refuse('address/prefix-length', 'the prefix length is missing', String(family.width))
      : readLength(family, text.slice(slash + 1));

  const nearMiss = guess(family, address, length);
  if (!address.ok) return refuse(address.fault.code, address.fault.because, nearMiss);
  if (!length.ok) return refuse(length.fault.code, length.fault.because, nearMiss);

  const block = cidr(address.value, length.value);
  if (block.address === address.value) return success(block);
  return refuse('address/host-bits', `the block is ${formatCidr(block)}`, nearMiss);
}

function readLength(
  family: { readonly width: number; readonly lengthOfMask: (mask: string) => number | null },
  text: string,
): Result<number, Objection> {
  const value = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= family.width && String(value) === text) return success(value);

  const ofMask = family.lengthOfMask(text);
  if (ofMask !== null) {
    return refuse('address/prefix-length', 'a length is expected, not a mask', String(ofMask));
  }
  if (value <= family.width) {
    return refuse('address/not-canonical', 'prefix lengths have no leading zero', String(value));
  }
  return refuse('address/prefix-length', `prefix lengths go from 0 to ${family.width}`);
}

/** The block that was probably meant, from what can be understood of both halves; null if one cannot. */
function guess<Address extends Ip>(
  family: Grammar<Address>,
  address: Result<Address, Objection>,
  length: Result<number, Objection>,
): string | null {
  const meant = address.ok ? address : family.read(address.fault.nearMiss ?? '');
  const prefix = length.ok ? length.value : Number(length.fault.nearMiss ?? Number.NaN);
  return meant.ok && !Number.isNaN(prefix) ? formatCidr(cidr(meant.value, prefix)) : null;
}
