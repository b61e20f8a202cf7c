import { ipv4, port } from '../../src/address/index.ts';
import { type Nanos, nanos } from '../../src/base/index.ts';
import {
  type ConnectionState,
  type ConnectionTable,
  ORIGINAL,
  REPLY,
  type Slot,
} from '../../src/dataplane/connections/index.ts';
import type { Flow } from '../../src/packet/index.ts';

/**
 * A connection table as one would write it without a thought for speed: a list that is searched from end to
 * end.
 */
export interface NaiveConnection {
  readonly original: Flow;
  readonly reply: Flow;
  readonly note: number;
  state: ConnectionState;
  expiresAt: Nanos;
}

export class NaiveTable {
  connections: NaiveConnection[] = [];
  readonly rest: Nanos;

  constructor(rest: Nanos) {
    this.rest = rest;
  }

  open(connection: NaiveConnection): void {
    this.connections = this.connections.filter((other) => !same(other.reply, connection.reply));
    this.connections.push(connection);
  }

  close(connection: NaiveConnection): void {
    this.connections = this.connections.filter((other) => other !== connection);
  }

  alive(now: Nanos): NaiveConnection[] {
    return this.connections.filter((connection) => now < connection.expiresAt);
  }

  byOriginal(flow: Flow, now: Nanos): NaiveConnection | undefined {
    return this.alive(now).find((connection) => same(connection.original, flow));
  }

  byReply(flow: Flow, now: Nanos): NaiveConnection | undefined {
    return this.alive(now).find((connection) => same(connection.reply, flow));
  }

  holder(flow: Flow, now: Nanos): NaiveConnection | undefined {
    return this.connections.find(
      (connection) => now < connection.expiresAt + this.rest && same(connection.reply, flow),
    );
  }
}

function same(one: Flow, other: Flow): boolean {
  return (
    one.protocol === other.protocol &&
    one.source === other.source &&
    one.sourcePort === other.sourcePort &&
    one.target === other.target &&
    one.targetPort === other.targetPort
  );
}

export function textOf(flow: Flow): string {
  return `${flow.protocol} ${flow.source}:${flow.sourcePort} ${flow.target}:${flow.targetPort}`;
}

export function flow(
  protocol: number,
  source: number,
  sourcePort: number,
  target: number,
  targetPort: number,
): Flow {
  return {
    protocol,
    source: ipv4(source),
    sourcePort: port(sourcePort),
    target: ipv4(target),
    targetPort: port(targetPort),
  };
}

export function findOriginal(table: ConnectionTable, of: Flow, now: number): Slot {
  return table.findOriginal(of.protocol, of.source, of.sourcePort, of.target, of.targetPort, nanos(now));
}

export function findReply(table: ConnectionTable, of: Flow, now: number): Slot {
  return table.findReply(of.protocol, of.source, of.sourcePort, of.target, of.targetPort, nanos(now));
}

export function holderOf(table: ConnectionTable, of: Flow, now: number): Slot {
  return table.holderOfReply(of.protocol, of.source, of.sourcePort, of.target, of.targetPort, nanos(now));
}

/** A connection with all that can be read of it, for comparison. */
export function described(table: ConnectionTable, slot: Slot): NaiveConnection {
  return {
    original: table.flowOf(slot, ORIGINAL),
    reply: table.flowOf(slot, REPLY),
    note: table.noteOf(slot),
    state: table.stateOf(slot),
    expiresAt: table.expiresAt(slot),
  };
}
