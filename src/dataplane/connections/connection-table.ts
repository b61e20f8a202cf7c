import type { Ip, Port } from '../../address/index.ts';
import { assert, later, type Nanos, nanos } from '../../base/index.ts';
import type { Flow } from '../../packet/index.ts';
import { AddressBook } from './address-book.ts';
import type { ConnectionState } from './connection-state.ts';
import { type ConnectionView, flowIn, type Slot } from './connection-view.ts';
import { EndpointMappings } from './endpoint-mappings.ts';
import { FlowIndex } from './flow-index.ts';
import { hashFlow } from './hash.ts';
import type { Opening } from './opening.ts';
import { PortRefusals } from './port-refusals.ts';
import * as records from './records.ts';
import { type Direction, ORIGINAL, REPLY, type Records } from './records.ts';

/**
 * The connections of one device: two flows each, a state and an instant at which it ends.
 *
 * The records are a log. `open` appends; nothing is moved or unlinked one by one. When the log is full,
 * connections that are over are squeezed out and both indexes are built anew: in place while at most three
 * quarters are still needed, else half as big again. So the indexes know neither tombstones nor shifting,
 * their load is bounded whatever comes and goes, the order of the log is the order of opening, and a new
 * connection stays amortised O(1).
 *
 * Being over is a matter of time, not of clean-up: whoever asks says what time it is, and squeezing out
 * changes no answer. 36 bytes a record and 10.7 of index are 46.7 bytes a connection in a full log and 70 in
 * one that has just grown. A table that was never used owns no array.
 */
export class ConnectionTable implements ConnectionView {
  /** How long a reply flow that has ended stays closed to other clients (RFC 6888 REQ-8). */
  readonly rest: Nanos;
  private log: Records = NO_RECORDS;
  private capacity = 0;
  private byOriginal: FlowIndex = NO_ORIGINALS;
  private byReply: FlowIndex = NO_REPLIES;
  private used = 0;
  private readonly book: AddressBook;
  readonly refusals: PortRefusals = new PortRefusals();
  private readonly mappings: EndpointMappings | null;

  /** @param mapping whether a client's port has one outer port for all destinations (RFC 4787 section 4.1) */
  constructor(
    rest: Nanos,
    mapping: Mapping = 'address-and-port-dependent',
    book: AddressBook = new AddressBook(),
  ) {
    this.rest = rest;
    this.book = book;
    this.mappings = mapping === 'endpoint-independent' ? new EndpointMappings() : null;
  }

  /**
   * Adds a connection. Neither of its flows may belong to one that is alive.
   *
   * @param note 0 … 65535, given back by `noteOf`
   */
  open(opening: Opening, now: Nanos, note = 0): Slot {
    if (this.used === this.capacity) this.makeRoom(now);
    const log = this.log;
    const { book } = this;
    const { protocol } = opening;
    const source = book.wordOf(opening.originalSource);
    const target = book.wordOf(opening.originalTarget);
    const ports = records.portsWord(opening.originalSourcePort, opening.originalTargetPort);
    const hash = hashFlow(protocol, source, target, ports);
    const cell = this.byOriginal.locate(log, hash, protocol, source, target, ports);
    const former = this.byOriginal.slotAt(cell);
    assert(former === -1 || !this.alive(former, now), 'an original flow opens one connection at a time');

    const replySource = book.wordOf(opening.replySource);
    const replyTarget = book.wordOf(opening.replyTarget);
    const replyPorts = records.portsWord(opening.replySourcePort, opening.replyTargetPort);
    const replyHash = hashFlow(protocol, replySource, replyTarget, replyPorts);
    const replyCell = this.byReply.locate(log, replyHash, protocol, replySource, replyTarget, replyPorts);
    const rested = this.byReply.slotAt(replyCell);
    assert(rested === -1 || !this.alive(rested, now), 'a reply flow leads back to one connection');
    // the newcomer takes the flow over, and its rest with it
    if (rested !== -1) records.writeExpiry(log, rested, CLOSED);

    const slot = this.used;
    records.writeRecord(log, slot, opening, { source, target, replySource, replyTarget }, note);
    this.byOriginal.put(cell, hash, slot);
    this.byReply.put(replyCell, replyHash, slot);
    this.used = slot + 1;
    this.mappings?.add(this, slot, now);
    return slot;
  }

  /** A packet of this connection passed: its state now, and the instant at which it ends without another. */
  touch(slot: Slot, state: ConnectionState, expiresAt: Nanos): void {
    const before = this.expiresAt(slot);
    assert(before !== CLOSED, 'a closed connection is not touched');
    if (expiresAt < before) this.reconsider(slot, later(expiresAt, this.rest));
    records.writeExpiry(this.log, slot, expiresAt);
    records.writeState(this.log, slot, state);
  }

  /** Ends a connection at once and without rest: by an operator's order, not by its packets. */
  close(slot: Slot): void {
    this.reconsider(slot, CLOSED);
    records.writeExpiry(this.log, slot, CLOSED);
  }

  /** Gives back the memory of connections that are over. Never needed for a right answer. */
  sweep(now: Nanos): void {
    const kept = this.countHeld(now);
    this.rebuild(kept === 0 ? 0 : Math.min(this.capacity, grown(kept)), now);
  }

  /** A table that answers the same and then goes its own way: for checkpoints. */
  copy(): ConnectionTable {
    const twin = new ConnectionTable(
      this.rest,
      this.mappings === null ? 'address-and-port-dependent' : 'endpoint-independent',
      this.book.copy(),
    );
    if (this.capacity === 0) return twin;
    twin.log = this.log.slice();
    twin.capacity = this.capacity;
    twin.byOriginal = this.byOriginal.copy(this.capacity);
    twin.byReply = this.byReply.copy(this.capacity);
    twin.used = this.used;
    for (let slot = 0; slot < this.used; slot += 1) twin.mappings?.add(twin, slot, EARLIEST);
    return twin;
  }

  findOriginal(
    protocol: number,
    source: Ip,
    sourcePort: Port,
    target: Ip,
    targetPort: Port,
    now: Nanos,
  ): Slot {
    const slot = this.lookUp(this.byOriginal, protocol, source, sourcePort, target, targetPort);
    return slot !== -1 && this.alive(slot, now) ? slot : -1;
  }

  findReply(protocol: number, source: Ip, sourcePort: Port, target: Ip, targetPort: Port, now: Nanos): Slot {
    const slot = this.lookUp(this.byReply, protocol, source, sourcePort, target, targetPort);
    return slot !== -1 && this.alive(slot, now) ? slot : -1;
  }

  holderOfReply(
    protocol: number,
    source: Ip,
    sourcePort: Port,
    target: Ip,
    targetPort: Port,
    now: Nanos,
  ): Slot {
    const slot = this.lookUp(this.byReply, protocol, source, sourcePort, target, targetPort);
    return slot !== -1 && this.held(slot, now) ? slot : -1;
  }

  private lookUp(
    index: FlowIndex,
    protocol: number,
    source: Ip,
    sourcePort: Port,
    target: Ip,
    targetPort: Port,
  ): Slot {
    const [from, to] = [this.book.find(source), this.book.find(target)];
    if (from === null || to === null) return -1;
    return index.find(this.log, protocol, from, to, records.portsWord(sourcePort, targetPort));
  }

  mappedPort(protocol: number, client: Ip, port: Port, now: Nanos): Port | null {
    return this.mappings?.portOf(this, protocol, client, port, now) ?? null;
  }

  holderOfPort(protocol: number, port: Port, now: Nanos): Slot {
    return this.mappings?.holderOf(this, protocol, port, now) ?? -1;
  }

  flowOf(slot: Slot, direction: Direction): Flow {
    return flowIn(this, slot, direction);
  }

  protocolOf(slot: Slot): number {
    return records.protocolAt(this.log, slot);
  }

  sourceOf(slot: Slot, direction: Direction): Ip {
    return this.book.at(records.sourceAt(this.log, slot, direction));
  }

  sourcePortOf(slot: Slot, direction: Direction): Port {
    return records.sourcePortAt(this.log, slot, direction);
  }

  targetOf(slot: Slot, direction: Direction): Ip {
    return this.book.at(records.targetAt(this.log, slot, direction));
  }

  targetPortOf(slot: Slot, direction: Direction): Port {
    return records.targetPortAt(this.log, slot, direction);
  }

  stateOf(slot: Slot): ConnectionState {
    return records.stateAt(this.log, slot);
  }

  noteOf(slot: Slot): number {
    return records.noteAt(this.log, slot);
  }

  expiresAt(slot: Slot): Nanos {
    return records.expiryAt(this.log, slot);
  }

  heldUntil(slot: Slot): Nanos {
    return later(this.expiresAt(slot), this.rest);
  }

  size(now: Nanos): number {
    let count = 0;
    for (let slot = 0; slot < this.used; slot += 1) if (this.alive(slot, now)) count += 1;
    return count;
  }

  *slots(now: Nanos): Generator<Slot, void, undefined> {
    for (let slot = 0; slot < this.used; slot += 1) if (this.alive(slot, now)) yield slot;
  }

  /** The bytes of its arrays: none as long as it has no connection. */
  get bytes(): number {
    if (this.capacity === 0) return 0;
    return this.log.byteLength + this.byOriginal.bytes + this.byReply.bytes;
  }

  /** A refusal for all destinations at once is forgotten as soon as anything is freed earlier. */
  private reconsider(slot: Slot, until: Nanos): void {
    if (this.mappings === null) this.refusals.reconsider(this, slot, until);
    else this.refusals.clear();
  }

  private alive(slot: Slot, now: Nanos): boolean {
    return now < this.expiresAt(slot);
  }

  private held(slot: Slot, now: Nanos): boolean {
    return now < this.heldUntil(slot);
  }

  private countHeld(now: Nanos): number {
    let count = 0;
    for (let slot = 0; slot < this.used; slot += 1) if (this.held(slot, now)) count += 1;
    return count;
  }

  private makeRoom(now: Nanos): void {
    const { capacity } = this;
    const crowded = this.countHeld(now) * 4 > capacity * 3;
    this.rebuild(crowded || capacity === 0 ? grown(capacity) : capacity, now);
  }

  /** Squeezes the log, in its order, into `capacity` places. */
  private rebuild(capacity: number, now: Nanos): void {
    const log = this.log;
    if (capacity !== this.capacity) {
      this.capacity = capacity;
      this.log = capacity === 0 ? NO_RECORDS : records.newRecords(capacity);
      this.byOriginal = capacity === 0 ? NO_ORIGINALS : new FlowIndex(ORIGINAL, capacity);
      this.byReply = capacity === 0 ? NO_REPLIES : new FlowIndex(REPLY, capacity);
    } else if (capacity !== 0) {
      this.byOriginal.clear();
      this.byReply.clear();
    }
    this.mappings?.clear();
    let kept = 0;
    for (let slot = 0; slot < this.used; slot += 1) {
      if (now >= later(records.expiryAt(log, slot), this.rest)) continue;
      records.copyRecord(log, slot, this.log, kept);
      this.byOriginal.link(this.log, kept);
      this.byReply.link(this.log, kept);
      this.mappings?.add(this, kept, now);
      kept += 1;
    }
    this.used = kept;
    this.refusals.clear();
    if (!this.book.isEmpty) this.book.keep(records.wordsOf(this.log, kept));
  }
}

type Mapping = 'address-and-port-dependent' | 'endpoint-independent';

const EARLIEST = nanos(0);

/** Before any instant: over, and not resting either. */
const CLOSED = nanos(-(2 ** 63));

/** Half as big again, and 8 at least. */
function grown(capacity: number): number {
  return Math.max(8, Math.floor(capacity * 1.5));
}

const NO_RECORDS = records.newRecords(0);
const NO_ORIGINALS = new FlowIndex(ORIGINAL, 0);
const NO_REPLIES = new FlowIndex(REPLY, 0);
