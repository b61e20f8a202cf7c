import fc from 'fast-check';
import { cidr, formatCidr, formatIp, lastAddress, offset, parseCidr, sizeOf } from '../address/index.ts';
import { VnsimError } from '../library/index.ts';

/**
 * Addresses of a block as text, its ends first: where rules begin and end, mistakes live.
 *
 * @param block such as `10.0.0.0/16` or `2001:db8::/32`. Default: every IPv4 address
 * @throws {VnsimError} where the text is no block
 */
export function addresses(block = '0.0.0.0/0'): fc.Arbitrary<string> {
  const parsed = parseCidr(String(block));
  if (!parsed.ok) {
    const { message, nearMiss } = parsed.fault;
    throw VnsimError.about(
      'usage/argument',
      message,
      nearMiss === undefined ? 'a block is written 10.0.0.0/16' : `did you mean ${nearMiss}?`,
    );
  }
  const whole = parsed.value;
  const first = whole.address;
  const last = lastAddress(whole);
  const most = Math.min(sizeOf(whole) - 1, 0xffff_ffff);
  return fc
    .oneof(
      { weight: 1, arbitrary: fc.constantFrom(first, last) },
      { weight: 3, arbitrary: fc.nat({ max: most }).map((at) => offset(first, at)) },
    )
    .map(formatIp);
}

/** Blocks that people give their networks; most overlap with each other, as plans of customers who never met do. */
const USUAL = [
  '10.0.0.0/16',
  '10.0.0.0/8',
  '192.168.0.0/16',
  '172.16.0.0/12',
  '10.0.0.0/24',
  '10.0.128.0/17',
] as const;

/** Private blocks of IPv4 as text. They are drawn from few, so that two of them often overlap or are the same. */
export function blocks(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...USUAL) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(addresses('10.0.0.0/8'), fc.integer({ min: 8, max: 28 }))
        .map(([address, prefix]) => {
          const parsed = parseCidr(`${address}/32`);
          return parsed.ok ? formatCidr(cidr(parsed.value.address, prefix)) : USUAL[0];
        }),
    },
  );
}
