import { type Cidr, cidr, lastAddress, overlaps, single, sizeOf } from './cidr.ts';
import { compareIp, type Ip, offset } from './ip.ts';

/**
 * The lowest address of `block` that a device may have, that is not `taken` and in no `reserved` block; null
 * if there is none. Network and broadcast address are no device's, except in the two smallest blocks (RFC 3021, RFC 6164);
 * in IPv6 the lowest is the routers' anycast address (RFC 4291 2.6.1), and the highest stays free as in IPv4.
 */
export function allocateAddress<Address extends Ip>(
  block: Cidr<Address>,
  taken: ReadonlySet<Ip>,
  reserved: readonly Cidr[] = [],
): Address | null {
  const edges = sizeOf(block) > 2 ? 1 : 0;
  const last = offset(lastAddress(block), -edges);
  let candidate: Address = offset(block.address, edges);
  for (;;) {
    const blocker = firstOverlap(reserved, single(candidate));
    if (blocker === null && !taken.has(candidate)) return candidate;
    // what overlaps an address is of its family
    const obstacle = blocker === null ? candidate : (lastAddress(blocker) as Address);
    if (compareIp(obstacle, last) >= 0) return null;
    candidate = offset(obstacle, 1);
  }
}

/**
 * The lowest block of the given prefix length inside `space` that overlaps none of `taken`; null if there is
 * none. A prefix shorter than that of `space` never fits. It jumps over what is taken, so a small block in a
 * large space costs as many steps as there are obstacles, not as there are blocks.
 */
export function allocateBlock(space: Cidr, prefix: number, taken: readonly Cidr[]): Cidr | null {
  if (prefix < space.prefix) return null;
  const end = lastAddress(space);
  let block = cidr(space.address, prefix);
  for (;;) {
    const blocker = firstOverlap(taken, block);
    if (blocker === null) return block;
    // of two blocks that overlap one holds the other: what follows the larger is aligned for the smaller
    const larger = blocker.prefix < block.prefix ? blocker : block;
    const obstacle = lastAddress(larger);
    if (compareIp(obstacle, end) >= 0) return null;
    block = cidr(offset(obstacle, 1), prefix);
  }
}

function firstOverlap(blocks: readonly Cidr[], block: Cidr): Cidr | null {
  return blocks.find((other) => overlaps(other, block)) ?? null;
}
