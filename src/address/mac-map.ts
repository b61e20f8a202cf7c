import type { Mac } from './mac.ts';

/**
 * A `Map` by link address that finds faster than the built-in one, which hashes numbers over 32 bits the slow way.
 *
 * It is looked up for every frame that crosses a switch and written when a network is built or a station moves.
 */
export class MacMap<Value> extends Map<Mac, Value> {
  private keysAt: Float64Array = new Float64Array(0);
  private valuesAt: (Value | undefined)[] = [];

  constructor(entries: Iterable<readonly [Mac, Value]> = []) {
    super();
    for (const [mac, value] of entries) this.set(mac, value);
  }

  override get(mac: Mac): Value | undefined {
    const { keysAt } = this;
    const mask = keysAt.length - 1;
    if (mask < 0) return undefined;
    for (let at = slotOf(mac, mask); ; at = (at + 1) & mask) {
      const key = keysAt[at];
      if (key === mac) return this.valuesAt[at];
      if (key === EMPTY) return undefined;
    }
  }

  override set(mac: Mac, value: Value): this {
    super.set(mac, value);
    if (this.size * 2 > (this.keysAt?.length ?? 0)) this.rebuild();
    else this.place(mac, value);
    return this;
  }

  override delete(mac: Mac): boolean {
    const existed = super.delete(mac);
    if (existed) this.rebuild();
    return existed;
  }

  override clear(): void {
    super.clear();
    this.rebuild();
  }

  /** At most half full, so that a search ends soon. */
  private rebuild(): void {
    let length = 2;
    while (length < this.size * 2) length *= 2;
    this.keysAt = new Float64Array(length).fill(EMPTY);
    this.valuesAt = new Array<Value | undefined>(length).fill(undefined);
    for (const [mac, value] of this) this.place(mac, value);
  }

  private place(mac: Mac, value: Value): void {
    const mask = this.keysAt.length - 1;
    let at = slotOf(mac, mask);
    while (this.keysAt[at] !== EMPTY && this.keysAt[at] !== mac) at = (at + 1) & mask;
    this.keysAt[at] = mac;
    this.valuesAt[at] = value;
  }
}

/** No link address is negative. */
const EMPTY = -1;

function slotOf(mac: Mac, mask: number): number {
  // `| 0` takes the low 32 bits, where addresses of one maker differ
  const low = mac | 0;
  return (low ^ (low >>> 15)) & mask;
}
