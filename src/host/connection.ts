import { type Ip, isIpv6, type Port, unsigned } from '../address/index.ts';
import type { Nanos } from '../base/index.ts';
import type { Service } from './application.ts';
import type { ByteQueue } from './byte-queue.ts';
import type { Recovery } from './recovery.ts';

/** The states of RFC 9293 3.3.2. LISTEN is a service without a connection; CLOSED has left the table. */
export type TcpState =
  | 'syn-sent'
  | 'syn-received'
  | 'established'
  | 'fin-wait-1'
  | 'fin-wait-2'
  | 'close-wait'
  | 'closing'
  | 'last-ack'
  | 'time-wait'
  | 'closed';

/** One TCP connection as one end sees it (the control block of RFC 9293 3.3.1). Changed in place by the stack. */
export interface Connection {
  readonly id: number;
  readonly local: Ip;
  readonly localPort: Port;
  readonly remote: Ip;
  readonly remotePort: Port;
  /** The application that answers, or null: then the user of the stack hears events. */
  readonly service: Service | null;
  /** the other end began it */
  readonly passive: boolean;
  state: TcpState;
  /** SND.UNA: the oldest sequence number not acknowledged yet. */
  unacknowledged: number;
  /** SND.NXT */
  sendNext: number;
  /** SND.WND, as the peer last announced it. */
  sendWindow: number;
  /** The largest payload we may send: what the peer announced, at most our own. */
  segmentSize: number;
  /** RCV.NXT */
  receiveNext: number;
  /** Something arrived that no segment of ours has acknowledged yet. */
  acknowledgeDue: boolean;
  readonly unsent: ByteQueue;
  /** Sent and not acknowledged yet, from `unacknowledged` on; SYN and FIN are not among the bytes. */
  readonly flight: ByteQueue;
  readonly recovery: Recovery;
  /** Our direction is to end once `unsent` is empty. */
  finishing: boolean;
  /** Our FIN is on its way; it has the sequence number before `sendNext`. */
  finSent: boolean;
  /** Nobody listens any more: what still arrives is acknowledged and thrown away. */
  deaf: boolean;
  /** Segments beyond a gap, by rising sequence number. */
  readonly held: HeldSegment[];
  /** When TIME-WAIT ends; 0 in other states. */
  expiresAt: Nanos;
}

export interface HeldSegment {
  readonly sequence: number;
  readonly body: Uint8Array;
  readonly fin: boolean;
}

/** The connections of one machine. */
export interface ConnectionTable {
  /** by the local end, then by the remote end */
  readonly byEnds: Map<EndKey, Map<EndKey, Connection>>;
  /** those of the user, by number */
  readonly ofUser: Map<number, Connection>;
  /** in TIME-WAIT, first to expire first */
  readonly waiting: Set<Connection>;
  /** those that wait for an acknowledgement, or for a window */
  readonly timed: Set<Connection>;
}

export function connectionTable(): ConnectionTable {
  return { byEnds: new Map(), ofUser: new Map(), waiting: new Set(), timed: new Set() };
}

export function findConnection(
  table: ConnectionTable,
  local: Ip,
  localPort: Port,
  remote: Ip,
  remotePort: Port,
): Connection | null {
  return table.byEnds.get(endKey(local, localPort))?.get(endKey(remote, remotePort)) ?? null;
}

export function addConnection(table: ConnectionTable, connection: Connection): void {
  const local = endKey(connection.local, connection.localPort);
  let peers = table.byEnds.get(local);
  if (peers === undefined) {
    peers = new Map();
    table.byEnds.set(local, peers);
  }
  peers.set(endKey(connection.remote, connection.remotePort), connection);
  if (connection.service === null) table.ofUser.set(connection.id, connection);
}

/** Forgets the connection and marks it closed. */
export function removeConnection(table: ConnectionTable, connection: Connection): void {
  connection.state = 'closed';
  table.ofUser.delete(connection.id);
  table.waiting.delete(connection);
  table.timed.delete(connection);
  const local = endKey(connection.local, connection.localPort);
  const peers = table.byEnds.get(local);
  peers?.delete(endKey(connection.remote, connection.remotePort));
  if (peers?.size === 0) table.byEnds.delete(local);
}

/** All of them, in the order of their numbers. */
export function allConnections(table: ConnectionTable): Connection[] {
  const all = [...table.byEnds.values()].flatMap((peers) => [...peers.values()]);
  return all.sort((one, other) => one.id - other.id);
}

export function forgetConnections(table: ConnectionTable): void {
  table.byEnds.clear();
  table.ofUser.clear();
  table.waiting.clear();
  table.timed.clear();
}

/** Address and port in 48 bits, exact in a number; those of IPv6 in 144. */
type EndKey = number | bigint;

function endKey(address: Ip, port: Port): EndKey {
  if (isIpv6(address)) return (address << 16n) | BigInt(port);
  return unsigned(address) * 65536 + port;
}
