import type { Cidr } from './cidr.ts';
import type { Ip } from './ip.ts';

/** One line of a prefix table: what holds for the addresses of `block`, unless a longer prefix says otherwise. */
export interface PrefixEntry<Value, Address extends Ip = Ip> {
  readonly block: Cidr<Address>;
  readonly value: Value;
}
