import type { Result } from '../base/index.ts';
import { type AddressFault, judge } from './fault.ts';
import type { Ip } from './ip.ts';
import { readIpv4 } from './ipv4-text.ts';
import { readIpv6 } from './ipv6-text.ts';

/** Reads an address of either family, by the rules of `parseIpv4` and `parseIpv6`; what has a colon is taken for IPv6. */
export function parseIp(text: string): Result<Ip, AddressFault> {
  if (text.includes(':')) return judge(text, 'an IPv6 address', readIpv6(text));
  return judge(text, 'an IPv4 address', readIpv4(text));
}
