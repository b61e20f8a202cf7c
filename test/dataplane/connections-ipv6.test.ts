import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Ip, ipv4, ipv6, port } from '../../src/address/index.ts';
import { nanos } from '../../src/base/index.ts';
import { AddressBook } from '../../src/dataplane/connections/address-book.ts';
import { CONNECTION } from '../../src/dataplane/connections/connection-state.ts';
import { ConnectionTable } from '../../src/dataplane/connections/connection-table.ts';
import { openingOf } from '../../src/dataplane/connections/opening.ts';
import { ORIGINAL, REPLY } from '../../src/dataplane/connections/records.ts';
import type { Flow } from '../../src/packet/index.ts';

const host = (bits: bigint): Ip => ipv6((0xfd00n << 112n) | bits);
/** Two of them differ in the upper half alone, and one looks like an IPv4 address in its last bits. */
const anyHost: fc.Arbitrary<Ip> = fc.constantFrom(
  host(7n),
  host(7n | (1n << 80n)),
  host(0x0a000007n),
  host(0n),
);

function flow(source: Ip, sourcePort: number, target: Ip): Flow {
  return { protocol: 17, source, sourcePort: port(sourcePort), target, targetPort: port(1792) };
}

describe('[N-18] connections of IPv6', () => {
  it('are found by either flow and by no other, as long as they live', () => {
    const calls = fc.uniqueArray(
      fc.tuple(anyHost, fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 9 })),
      {
        selector: ([source, number]) => `${source} ${number}`,
        maxLength: 20,
      },
    );
    fc.assert(
      fc.property(calls, (opened) => {
        const table = new ConnectionTable(nanos(0));
        const [outer, inward, hsm] = [host(0xc9n), host(0x37n), host(3n)];
        let now = nanos(0);
        const live: {
          readonly source: Ip;
          readonly number: number;
          readonly picked: number;
          readonly until: number;
        }[] = [];
        for (const [index, [source, number, life]] of opened.entries()) {
          now = nanos(index);
          const picked = 5000 + index;
          const original = flow(source, number, outer);
          const reply: Flow = { ...flow(hsm, 1792, inward), targetPort: port(picked) };
          table.open(openingOf(original, reply, CONNECTION.opening, nanos(index + life)), now);
          live.push({ source, number, picked, until: index + life });
          if (index % 4 === 3) table.sweep(now);
        }
        for (const { source, number, picked, until } of live) {
          const slot = table.findOriginal(17, source, port(number), outer, port(1792), now);
          expect(slot !== -1).toBe(now < until);
          expect(table.findOriginal(17, source, port(number), inward, port(1792), now)).toBe(-1);
          if (slot === -1) continue;
          expect(table.flowOf(slot, ORIGINAL)).toEqual(flow(source, number, outer));
          expect(table.findReply(17, hsm, port(1792), inward, port(picked), now)).toBe(slot);
          expect(table.copy().sourceOf(slot, REPLY)).toBe(hsm);
        }
      }),
    );
  });

  it('leave an address no number once nobody has it any more', () => {
    const book = new AddressBook();
    const [one, other] = [book.wordOf(host(1n)), book.wordOf(host(2n))];
    expect(book.wordOf(host(1n))).toBe(one);
    expect(book.wordOf(ipv4(0x0a000007))).toBe(0x0a000007);
    book.keep(new Set([other]));
    expect(book.find(host(1n))).toBeNull();
    expect(book.at(other)).toBe(host(2n));
    expect(book.wordOf(host(3n))).toBe(one);
    expect(book.at(one)).toBe(host(3n));
  });
});
