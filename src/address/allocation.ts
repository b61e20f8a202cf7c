import { ip2long, Netmask } from 'netmask';
import { type Cidr, cidr, formatCidr, overlaps } from './cidr.ts';
import { type Ipv4, ipv4, unsigned } from './ipv4.ts';
import { rangeOf } from './range.ts';

/**
 * The lowest address of `block` that a device may have, that is not `taken` and in no `reserved` block; null
 * if there is none. Network and broadcast address are no device's, except in /31 (RFC 3021) and /32.
 */
export function allocateAddress(
  block: Cidr,
  taken: ReadonlySet<Ipv4>,
  reserved: readonly Cidr[] = [],
): Ipv4 | null {
  const hosts = new Netmask(formatCidr(block));
  const last = ip2long(hosts.last);
  let candidate = ip2long(hosts.first);
  while (candidate <= last) {
    const address = ipv4(candidate);
    const blocker = firstOverlap(reserved, cidr(address, 32));
    if (blocker !== null) candidate = rangeOf(blocker).last + 1;
    else if (taken.has(address)) candidate += 1;
    else return address;
  }
  return null;
}

/**
 * The lowest block of the given prefix length inside `space` that overlaps none of `taken`; null if there is
 * none. A prefix shorter than that of `space` never fits. It jumps over what is taken, so a small block in a
 * large space costs as many steps as there are obstacles, not as there are blocks.
 */
export function allocateBlock(space: Cidr, prefix: number, taken: readonly Cidr[]): Cidr | null {
  if (prefix < space.prefix) return null;
  const end = rangeOf(space).last;
  let candidate = new Netmask(formatCidr(cidr(space.address, prefix)));
  for (;;) {
    const block = cidr(ipv4(candidate.netLong), prefix);
    const blocker = firstOverlap(taken, block);
    if (blocker === null) return block;
    const beyond = Math.max(rangeOf(blocker).last, rangeOf(block).last) + 1;
    // The library wraps around behind 255.255.255.255, so the end is ours to see.
    if (beyond > end) return null;
    candidate = candidate.next((beyond - unsigned(block.address)) / candidate.size);
  }
}

function firstOverlap(blocks: readonly Cidr[], block: Cidr): Cidr | null {
  return blocks.find((other) => overlaps(other, block)) ?? null;
}
