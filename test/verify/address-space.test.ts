import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Cidr,
  compareIp,
  contains,
  type Ip,
  ipv6,
  lastAddress,
  offset,
  single,
} from '../../src/address/index.ts';
import type { Program } from '../../src/program/index.ts';
import { addressSpace, IPV4_SPACE } from '../../src/verify/address-space.ts';
import { anyIpv4, crowdedCidr6, crowdedIpv6 } from '../address/arbitraries.ts';

/** A Program that names these blocks and addresses, in a map inside a stage. */
function naming(blocks: readonly Cidr[], addresses: readonly Ip[]): Program {
  const stages = [{ kind: 'named', inside: new Map(addresses.map((address) => [address, { blocks }])) }];
  return { hosts: [{ address: ipv6(7n) }], stages } as unknown as Program;
}

/** Where answers change: the ends of a block and their neighbours. */
function edgesOf(block: Cidr): readonly Ip[] {
  const last = lastAddress(block);
  return [offset(block.address, -1), block.address, last, offset(last, 1)];
}

describe('[N-18] the numbers of a Program’s addresses', () => {
  const blocks = fc.array(crowdedCidr6, { minLength: 1, maxLength: 6 });
  const addresses = fc.array(crowdedIpv6, { minLength: 1, maxLength: 6 });

  it('tell exactly what each block holds, and which address is alone', () => {
    fc.assert(
      fc.property(blocks, addresses, (named, alone) => {
        const space = addressSpace(naming(named, alone));
        const probes = [...named.flatMap(edgesOf), ...alone.flatMap((address) => edgesOf(single(address)))];
        for (const block of [...named, ...alone.map(single)]) {
          const [first, last] = space.stretchOf(block);
          for (const probe of probes) {
            const number = space.numberOf(probe);
            expect(first <= number && number <= last).toBe(contains(block, probe));
          }
        }
        for (const address of alone) {
          const number = space.numberOf(address);
          expect(space.exactly(address)).toEqual([number, number]);
          expect([space.addressOf(number), space.lastAddressOf(number)]).toEqual([address, address]);
        }
      }),
    );
  });

  it('keep the order of both families, and call no address alone that has a neighbour in its piece', () => {
    fc.assert(
      fc.property(blocks, fc.array(fc.oneof(anyIpv4, crowdedIpv6), { minLength: 2 }), (named, probes) => {
        const space = addressSpace(naming(named, [ipv6(7n)]));
        const ordered = [...probes].sort(compareIp);
        const numbers = ordered.map((probe) => space.numberOf(probe));
        expect(numbers).toEqual([...numbers].sort((one, other) => one - other));
        for (const probe of probes) {
          const number = space.numberOf(probe);
          const lonely = space.addressOf(number) === space.lastAddressOf(number);
          expect(space.exactly(probe) !== null).toBe(lonely);
        }
      }),
    );
  });

  it('are one and the same for all Programs without IPv6', () => {
    expect(addressSpace({ hosts: [], stages: [] } as unknown as Program)).toBe(IPV4_SPACE);
  });
});
