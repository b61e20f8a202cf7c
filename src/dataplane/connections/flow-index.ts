import { hashFlow } from './hash.ts';
import { type Direction, KIND, type Records, WORDS } from './records.ts';

/**
 * Finds a connection by one of its flows: an open-addressed array of cells, walked one by one.
 *
 * A cell is 0 when it is empty, else slot + 1 in the low bits and as much of the flow's hash as there is room
 * for above it: comparing those bits first spares a look at the record, a cache miss in a big table. Cells
 * are found by multiplication (Lemire's fast range), so that any number of them will do and memory need not
 * double to grow. There is no removal: the table builds its indexes anew when it squeezes its log.
 */
export class FlowIndex {
  private readonly cells: Int32Array;
  private readonly direction: Direction;
  private readonly scale: number;
  private readonly slotBits: number;
  private readonly slotMask: number;

  /** For slots 0 … `capacity` - 1, at a load of at most three quarters. */
  constructor(direction: Direction, capacity: number) {
    this.direction = direction;
    this.cells = capacity === 0 ? NO_CELLS : new Int32Array(Math.floor((capacity * 4) / 3) + 1);
    this.scale = this.cells.length / 2 ** 32;
    this.slotBits = 32 - Math.clz32(capacity | 1);
    this.slotMask = 2 ** this.slotBits - 1;
  }

  get bytes(): number {
    return this.cells.byteLength;
  }

  /** The slot that was linked last with this flow, or -1. */
  find(records: Records, protocol: number, source: number, target: number, ports: number): number {
    const hash = hashFlow(protocol, source, target, ports);
    return this.slotAt(this.locate(records, hash, protocol, source, target, ports));
  }

  /** The slot that a cell points to, or -1. */
  slotAt(cell: number): number {
    return ((this.cells[cell] as number) & this.slotMask) - 1;
  }

  /** Points a cell, which {@link locate} found for this hash, to a slot. */
  put(cell: number, hash: number, slot: number): void {
    this.cells[cell] = (hash << this.slotBits) | (slot + 1);
  }

  /** Points the flow of `slot` to it; an older slot with the same flow is forgotten. */
  link(records: Records, slot: number): void {
    const at = slot * WORDS + this.direction;
    const protocol = (records[slot * WORDS + KIND] as number) >>> 24;
    const source = records[at] as number;
    const target = records[at + 1] as number;
    const ports = records[at + 2] as number;
    const hash = hashFlow(protocol, source, target, ports);
    this.put(this.locate(records, hash, protocol, source, target, ports), hash, slot);
  }

  /** How many cells a search for this flow walks; 1 is the least. Measures the hash. */
  walk(records: Records, protocol: number, source: number, target: number, ports: number): number {
    const hash = hashFlow(protocol, source, target, ports);
    const steps = this.locate(records, hash, protocol, source, target, ports) - this.home(hash);
    return 1 + (steps < 0 ? steps + this.cells.length : steps);
  }

  clear(): void {
    this.cells.fill(0);
  }

  /** @param capacity the one that this index was made for */
  copy(capacity: number): FlowIndex {
    const twin = new FlowIndex(this.direction, capacity);
    twin.cells.set(this.cells);
    return twin;
  }

  /** Exact in a double: 32 bits times the number of cells, divided by a power of two. */
  private home(hash: number): number {
    return ((hash >>> 0) * this.scale) | 0;
  }

  /** The cell of this flow, or the empty one where it would go. There always is an empty one. */
  locate(
    records: Records,
    hash: number,
    protocol: number,
    source: number,
    target: number,
    ports: number,
  ): number {
    const cells = this.cells;
    const mask = this.slotMask;
    const tag = hash << this.slotBits;
    let cell = this.home(hash);
    for (;;) {
      const entry = cells[cell] as number;
      if (entry === 0) return cell;
      if ((entry & ~mask) === tag) {
        const record = ((entry & mask) - 1) * WORDS;
        const at = record + this.direction;
        if (
          records[at] === source &&
          records[at + 1] === target &&
          records[at + 2] === ports &&
          (records[record + KIND] as number) >>> 24 === protocol
        ) {
          return cell;
        }
      }
      cell += 1;
      if (cell === cells.length) cell = 0;
    }
  }
}

/** What all empty tables share: one cell that is never filled. */
const NO_CELLS = new Int32Array(1);
