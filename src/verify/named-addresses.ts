import { type Cidr, type Ip, isIpv6, single } from '../address/index.ts';
import type { Program } from '../program/index.ts';

/** Every block and address of IPv6 that a Program names, in whatever stage and however deep. */
export function addressesIn({ hosts, stages }: Pick<Program, 'hosts' | 'stages'>): readonly Cidr[] {
  const found: Cidr[] = hosts.map(({ address }) => single(address));
  const seen = new Set<object>();
  const work: unknown[] = [...stages];
  for (let value = work.pop(); value !== undefined; value = work.pop()) {
    if (typeof value === 'bigint') found.push(single(value as Ip));
    if (typeof value !== 'object' || value === null || seen.has(value) || ArrayBuffer.isView(value)) continue;
    seen.add(value);
    if (isBlock(value)) found.push(value);
    else work.push(...partsOf(value).filter((part) => part !== undefined));
  }
  return found;
}

function isBlock(value: object): value is Cidr {
  return 'prefix' in value && 'address' in value && typeof value.prefix === 'number' && isIp(value.address);
}

function isIp(value: unknown): value is Ip {
  return typeof value === 'number' || isIpv6(value as Ip);
}

/** What is in a value. Of a table its entries say all; the rest is how it is searched. */
function partsOf(value: object): readonly unknown[] {
  if (value instanceof Map) return [...value.keys(), ...value.values()];
  if (value instanceof Set || Array.isArray(value)) return [...value];
  if ('entries' in value && Array.isArray(value.entries)) return value.entries;
  return Object.values(value);
}
