import type { Ip, PrefixTable } from '../address/index.ts';

/** One-to-one translation (RFC 3022 section 2.1, basic NAT): addresses change, ports do not, and nothing is remembered. */
export interface OneToOne {
  readonly gateway: string;
  /** outward: to the Internet, or from the rack into a service network */
  readonly direction: 'outward' | 'inward';
  /** the two sides in words: where the first address of a pair is, and where the second */
  readonly sides: { readonly inside: string; readonly outside: string };
  /** the address on this side, and the one that replaces it */
  readonly addresses: ReadonlyMap<Ip, Ip>;
}

/** What is globally reachable (RFC 6890). */
export interface Global {
  /** what no packet may bear as source or target, and why, in words */
  readonly special: PrefixTable<string>;
}
