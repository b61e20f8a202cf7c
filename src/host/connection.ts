import type { Ipv4, Port } from '../address/index.ts';
import type { Nanos } from '../base/index.ts';
import type { Service } from './application.ts';
import type { ByteQueue } from './byte-queue.ts';

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
  readonly local: Ipv4;
  readonly localPort: Port;
  readonly remote: Ipv4;
  readonly remotePort: Port;
  /** The application that answers, or null: then the user of the stack hears events. */
  readonly service: Service | null;
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

/** The connections of one machine, by both ends. */
export interface ConnectionTable {
  /** by local port, then by remote address and port; machines with several addresses look at the local one last */
  readonly byPort: Map<number, Map<number, Connection[]>>;
  readonly byId: Map<number, Connection>;
  /** in TIME-WAIT, first to expire first */
  readonly waiting: Set<Connection>;
}

export function connectionTable(): ConnectionTable {
  return { byPort: new Map(), byId: new Map(), waiting: new Set() };
}

export function findConnection(
  table: ConnectionTable,
  local: Ipv4,
  localPort: Port,
  remote: Ipv4,
  remotePort: Port,
): Connection | null {
  const peers = table.byPort.get(localPort)?.get(peerKey(remote, remotePort));
  if (peers === undefined) return null;
  for (const connection of peers) if (connection.local === local) return connection;
  return null;
}

export function addConnection(table: ConnectionTable, connection: Connection): void {
  table.byId.set(connection.id, connection);
  let onPort = table.byPort.get(connection.localPort);
  if (onPort === undefined) {
    onPort = new Map();
    table.byPort.set(connection.localPort, onPort);
  }
  const key = peerKey(connection.remote, connection.remotePort);
  const peers = onPort.get(key);
  if (peers === undefined) onPort.set(key, [connection]);
  else peers.push(connection);
}

/** Forgets the connection and marks it closed. */
export function removeConnection(table: ConnectionTable, connection: Connection): void {
  connection.state = 'closed';
  table.byId.delete(connection.id);
  table.waiting.delete(connection);
  const onPort = table.byPort.get(connection.localPort);
  const key = peerKey(connection.remote, connection.remotePort);
  const others = onPort?.get(key)?.filter((other) => other !== connection) ?? [];
  if (others.length > 0) onPort?.set(key, others);
  else onPort?.delete(key);
  if (onPort?.size === 0) table.byPort.delete(connection.localPort);
}

/** 48 bits: exact in a number. */
function peerKey(remote: Ipv4, remotePort: Port): number {
  return (remote >>> 0) * 65536 + remotePort;
}
