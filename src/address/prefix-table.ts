import { type Cidr, contains } from './cidr.ts';
import type { Ipv4 } from './ipv4.ts';

export interface PrefixTable<Value> {
  readonly entries: readonly { readonly block: Cidr; readonly value: Value }[];
  lookup(address: Ipv4): number;
}

export function prefixTable<Value>(
  entries: readonly { readonly block: Cidr; readonly value: Value }[],
): PrefixTable<Value> {
  return {
    entries,
    lookup(address) {
      let best = -1;
      let length = -1;
      for (let index = 0; index < entries.length; index += 1) {
        const block = (entries[index] as { block: Cidr }).block;
        if (block.prefix > length && contains(block, address)) {
          best = index;
          length = block.prefix;
        }
      }
      return best;
    },
  };
}
