import { type Ip, ipv4, ipv6, isIpv6, port } from '../address/index.ts';
import { assert, nanos, present, restoreRandom } from '../base/index.ts';
import type { SavedService } from './application.ts';
import { append, byteQueue } from './byte-queue.ts';
import {
  addConnection,
  allConnections,
  type Connection,
  forgetConnections,
  type TcpState,
} from './connection.ts';
import { type DropCounts, noDrops } from './drop.ts';
import type { Counters, Machine } from './machine.ts';
import type { Recovery } from './recovery.ts';
import type { Secrecy, Used } from './secrecy.ts';

/** A stack frozen between two calls: plain data that survives JSON. Bytes are lower-case hex. */
export interface SavedHost {
  readonly counters: Readonly<Counters>;
  readonly random: readonly number[];
  readonly drops: Readonly<DropCounts>;
  readonly services: readonly SavedService[];
  /** in the order in which their numbers were given */
  readonly connections: readonly SavedConnection[];
  /** numbers of the connections in TIME-WAIT, first to expire first */
  readonly waiting: readonly number[];
  /** UDP ports bound to events */
  readonly udp: readonly number[];
  /** UDP ports bound to responders, which must be bound again before restoring */
  readonly responders: readonly number[];
  readonly pings: readonly number[];
  /** targets to which less gets through than the link carries */
  readonly paths: readonly { readonly target: SavedIp; readonly mtu: number; readonly expiresAt: number }[];
  /** TCP ports that the user accepts for */
  readonly accepting: readonly number[];
  /** what was used of the keys that are shared with peers, by their names */
  readonly used: readonly (Used & { readonly peer: string })[];
  /** UDP ports from which peers were called */
  readonly callers: readonly number[];
  /** what applications have to say later, by the numbers of their connections */
  readonly later: readonly {
    readonly at: number;
    readonly connection: number;
    readonly bytes: string;
    readonly close: boolean;
  }[];
}

/** JSON knows no integers of 128 bits: those of IPv6 are decimal text. */
type SavedIp = number | string;

type Kept =
  | 'id'
  | 'passive'
  | 'state'
  | 'unacknowledged'
  | 'sendNext'
  | 'sendWindow'
  | 'segmentSize'
  | 'receiveNext'
  | 'acknowledgeDue'
  | 'finishing'
  | 'finSent'
  | 'deaf';

export interface SavedConnection extends Readonly<Pick<Connection, Kept>> {
  readonly state: TcpState;
  readonly local: SavedIp;
  readonly localPort: number;
  readonly remote: SavedIp;
  readonly remotePort: number;
  /** which application, by the order of `listen`; -1 for a connection of the user */
  readonly service: number;
  readonly unsent: string;
  readonly flight: string;
  readonly recovery: Readonly<Recovery>;
  readonly held: readonly { readonly sequence: number; readonly body: string; readonly fin: boolean }[];
  readonly expiresAt: number;
}

export function saveMachine(machine: Machine): SavedHost {
  const ports = [...machine.udp];
  return {
    counters: { ...machine.counters },
    random: machine.random.save(),
    drops: { ...machine.drops },
    services: machine.services.map((service) => service.save()),
    connections: allConnections(machine.connections).map((connection) => saveConnection(machine, connection)),
    waiting: [...machine.connections.waiting].map((connection) => connection.id),
    udp: ports.filter(([, responder]) => responder === null).map(([bound]) => bound),
    responders: ports.filter(([, responder]) => responder !== null).map(([bound]) => bound),
    pings: [...machine.pings],
    paths: [...machine.paths].map(([target, path]) => ({ target: saveIp(target), ...path })),
    accepting: [...machine.accepting],
    used: [...machine.secrecy.used].map(([peer, used]) => ({ peer, ...used })),
    callers: [...machine.secrecy.callers],
    later: machine.later.flatMap(({ at, connection, bytes, close }) =>
      connection.state === 'closed' ? [] : [{ at, connection: connection.id, bytes: toHex(bytes), close }],
    ),
  };
}

export function restoreMachine(machine: Machine, saved: SavedHost): void {
  assert(
    saved.services.length === machine.services.length,
    'a stack is restored with the applications it was saved with',
  );
  Object.assign(machine.counters, saved.counters);
  Object.assign(machine.drops, noDrops(), saved.drops);
  machine.random = restoreRandom(saved.random);
  machine.services.forEach((service, index) => {
    service.restore(present(saved.services[index], 'every application was saved'));
  });

  const table = machine.connections;
  forgetConnections(table);
  const connections = new Map(saved.connections.map((one) => [one.id, restoreConnection(machine, one)]));
  machine.wakeAt = Number.POSITIVE_INFINITY;
  for (const connection of connections.values()) {
    addConnection(table, connection);
    const { dueAt } = connection.recovery;
    if (dueAt === 0) continue;
    table.timed.add(connection);
    machine.wakeAt = Math.min(machine.wakeAt, dueAt);
  }
  machine.later = saved.later.map(({ at, connection, bytes, close }) => ({
    at: nanos(at),
    connection: present(connections.get(connection), 'a connection with something to say was saved'),
    bytes: fromHex(bytes),
    close,
  }));
  for (const id of saved.waiting) {
    table.waiting.add(present(connections.get(id), 'a connection in TIME-WAIT was saved'));
  }

  for (const [bound, responder] of machine.udp) if (responder === null) machine.udp.delete(bound);
  for (const bound of saved.udp) machine.udp.set(bound, null);
  for (const bound of saved.responders) {
    assert(machine.udp.has(bound), `the responder of UDP port ${bound} is bound before restoring`);
  }
  machine.accepting.clear();
  for (const accepted of saved.accepting) machine.accepting.add(accepted);
  restoreSecrecy(machine.secrecy, saved);
  machine.pings.clear();
  for (const identifier of saved.pings) machine.pings.add(identifier);
  machine.paths.clear();
  for (const { target, mtu, expiresAt } of saved.paths) {
    machine.paths.set(restoreIp(target), { mtu, expiresAt: nanos(expiresAt) });
  }
}

function restoreSecrecy({ used, callers }: Secrecy, saved: SavedHost): void {
  used.clear();
  for (const { peer, sent, window } of saved.used) used.set(peer, { sent, window });
  callers.clear();
  for (const port of saved.callers) callers.add(port);
}

function saveConnection(machine: Machine, connection: Connection): SavedConnection {
  const { id, passive, state, local, localPort, remote, remotePort, service, unsent, held } = connection;
  const { unacknowledged, sendNext, sendWindow, segmentSize, receiveNext } = connection;
  const { acknowledgeDue, finishing, finSent, deaf, expiresAt } = connection;
  return {
    id,
    passive,
    state,
    local: saveIp(local),
    localPort,
    remote: saveIp(remote),
    remotePort,
    service: service === null ? -1 : machine.services.indexOf(service),
    unacknowledged,
    sendNext,
    sendWindow,
    segmentSize,
    receiveNext,
    acknowledgeDue,
    unsent: unsent.chunks.map(toHex).join(''),
    flight: connection.flight.chunks.map(toHex).join(''),
    recovery: { ...connection.recovery },
    finishing,
    finSent,
    deaf,
    held: held.map(({ sequence, body, fin }) => ({ sequence, body: toHex(body), fin })),
    expiresAt,
  };
}

function restoreConnection(machine: Machine, saved: SavedConnection): Connection {
  const [unsent, flight] = [byteQueue(), byteQueue()];
  append(unsent, fromHex(saved.unsent));
  append(flight, fromHex(saved.flight));
  return {
    ...saved,
    local: restoreIp(saved.local),
    localPort: port(saved.localPort),
    remote: restoreIp(saved.remote),
    remotePort: port(saved.remotePort),
    service:
      saved.service === -1 ? null : present(machine.services[saved.service], 'the application listens'),
    unsent,
    flight,
    recovery: { ...saved.recovery },
    held: saved.held.map(({ sequence, body, fin }) => ({ sequence, body: fromHex(body), fin })),
    expiresAt: nanos(saved.expiresAt),
  };
}

function saveIp(address: Ip): SavedIp {
  return isIpv6(address) ? `${address}` : address;
}

function restoreIp(saved: SavedIp): Ip {
  return typeof saved === 'string' ? ipv6(BigInt(saved)) : ipv4(saved);
}

function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2);
  for (let index = 0; index < bytes.length; index += 1) {
    bytes[index] = Number.parseInt(text.slice(2 * index, 2 * index + 2), 16);
  }
  return bytes;
}
