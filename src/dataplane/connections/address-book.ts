import { type Ip, ipv4, isIpv6 } from '../../address/index.ts';
import { assert, present } from '../../base/index.ts';

/**
 * Addresses as words of 32 bits, so that a record of a connection is as long in IPv6 as in IPv4.
 *
 * An IPv4 address is its own word. An IPv6 address gets a number of 0/8, which no packet of IPv4 may carry (RFC 1122 3.2.1.3);
 * numbers that no connection uses any more are given again.
 */
export class AddressBook {
  private readonly words: Map<bigint, number> = new Map();
  private readonly addresses: Ip[] = [];
  private free: number[] = [];

  /** The word of an address, a new one if it has none yet. */
  wordOf(address: Ip): number {
    if (!isIpv6(address)) return address;
    const known = this.words.get(address);
    if (known !== undefined) return known;
    const word = this.free.pop() ?? this.addresses.length;
    assert(word <= LAST_WORD, 'a table knows at most 2^24 addresses of IPv6');
    this.words.set(address, word);
    this.addresses[word] = address;
    return word;
  }

  /** The word of an address, or `null`: no connection has it. */
  find(address: Ip): number | null {
    return isIpv6(address) ? (this.words.get(address) ?? null) : address;
  }

  /** The address that a word stands for. */
  at(word: number): Ip {
    if (this.words.size === 0 || word >>> 24 !== 0) return ipv4(word);
    return present(this.addresses[word], 'a word of a record stands for an address');
  }

  /** Forgets the addresses whose words are not among those in use. */
  keep(used: ReadonlySet<number>): void {
    for (const [address, word] of this.words) {
      if (used.has(word)) continue;
      this.words.delete(address);
      this.free.push(word);
    }
  }

  get isEmpty(): boolean {
    return this.words.size === 0;
  }

  copy(): AddressBook {
    const twin = new AddressBook();
    for (const [address, word] of this.words) {
      twin.words.set(address, word);
      twin.addresses[word] = address as Ip;
    }
    twin.free = [...this.free];
    return twin;
  }
}

const LAST_WORD = 0xffffff;
