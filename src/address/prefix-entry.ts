import type { Cidr } from './cidr.ts';

/** One line of a prefix table: what holds for the addresses of `block`, unless a longer prefix says otherwise. */
export interface PrefixEntry<Value> {
  readonly block: Cidr;
  readonly value: Value;
}
