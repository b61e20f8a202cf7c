import { familyOf, type Ip, type Port } from '../address/index.ts';
import { failure, type Nanos, type Result, success } from '../base/index.ts';
import { type IpPacket, TCP, type Tcp } from '../packet/index.ts';
import type { Service } from './application.ts';
import { byteQueue } from './byte-queue.ts';
import { addConnection, type Connection, findConnection, type TcpState } from './connection.ts';
import { FIRST_EPHEMERAL, LAST_EPHEMERAL, nextEphemeral } from './ephemeral.ts';
import type { Machine } from './machine.ts';
import { pathMtu } from './path-mtu.ts';
import { beginMeasuring, newRecovery } from './recovery.ts';
import { announcedSegmentSize, DEFAULT_SEGMENT_SIZE, segmentHeaders } from './segment-size.ts';
import { advance } from './sequence.ts';
import { expireWaiting } from './tcp-close.ts';
import { runTimer, sendSynAgain } from './tcp-output.ts';

export interface ConnectRequest {
  readonly target: Ip;
  readonly port: Port;
  /** the machine's first address if left out */
  readonly source?: Ip;
  /** the next ephemeral port if left out */
  readonly sourcePort?: Port;
  /** how long to wait for an acknowledgement; the machine's own patience if left out */
  readonly patience?: Nanos;
}

export type ConnectFault = 'port-in-use' | 'ports-exhausted' | 'other-family';

/**
 * Active open (RFC 9293 3.10.1): sends a SYN.
 *
 * A port cannot call itself: both ends would be one connection, which acknowledges its own acknowledgements for ever.
 */
export function openActively(
  machine: Machine,
  request: ConnectRequest,
  source: Ip,
  now: Nanos,
): Result<Connection, ConnectFault> {
  expireWaiting(machine, now);
  const { target, port: targetPort, sourcePort } = request;
  if (familyOf(target) !== familyOf(source)) return failure('other-family');
  const isFree = (candidate: Port) =>
    !(source === target && candidate === targetPort) &&
    findConnection(machine.connections, source, candidate, target, targetPort) === null;
  if (sourcePort !== undefined && !isFree(sourcePort)) return failure('port-in-use');
  const localPort = sourcePort ?? freeTcpPort(machine, isFree);
  if (localPort === null) return failure('ports-exhausted');

  const connection = newConnection(machine, source, localPort, target, targetPort, null, 'syn-sent');
  connection.recovery.patience = request.patience ?? machine.patience;
  addConnection(machine.connections, connection);
  sendSyn(machine, connection, TCP.syn);
  return success(connection);
}

/**
 * Passive open: a SYN for a port with a service, or one that the user accepts for (RFC 9293 3.10.7.2). Data that came with the SYN is not taken; its
 * sender will see that it is not acknowledged.
 */
export function openPassively(
  machine: Machine,
  service: Service | null,
  packet: IpPacket,
  tcp: Tcp,
  now: Nanos,
): Connection {
  const { source, target } = packet;
  const connection = newConnection(machine, target, tcp.target, source, tcp.source, service, 'syn-received');
  addConnection(machine.connections, connection);
  learnFromSyn(machine, connection, tcp, now);
  sendSyn(machine, connection, TCP.syn | TCP.ack);
  return connection;
}

/** Takes the peer's initial sequence number, window and segment size from its SYN. */
export function learnFromSyn(machine: Machine, connection: Connection, tcp: Tcp, now: Nanos): void {
  connection.receiveNext = advance(tcp.segment.sequence, 1);
  connection.sendWindow = tcp.segment.window;
  connection.segmentSize = Math.min(
    machine.segmentSize,
    announcedSegmentSize(tcp.segment.options),
    pathMtu(machine, connection.remote, now) - segmentHeaders(connection.remote),
  );
}

/** The SYN of either side, with our segment size. It occupies the sequence number before `sendNext`. */
export function sendSyn(machine: Machine, connection: Connection, flags: number): void {
  const { recovery } = connection;
  recovery.unheardSince = machine.now;
  beginMeasuring(recovery, connection.sendNext, machine.now);
  runTimer(machine, connection);
  sendSynAgain(machine, connection, flags);
}

function newConnection(
  machine: Machine,
  local: Ip,
  localPort: Port,
  remote: Ip,
  remotePort: Port,
  service: Service | null,
  state: TcpState,
): Connection {
  const initial = machine.random.integer(0, 0xffffffff);
  const id = machine.counters.connection;
  machine.counters.connection = id + 1;
  return {
    id,
    local,
    localPort,
    remote,
    remotePort,
    service,
    passive: state === 'syn-received',
    state,
    unacknowledged: initial,
    sendNext: advance(initial, 1),
    sendWindow: 0,
    segmentSize: DEFAULT_SEGMENT_SIZE,
    receiveNext: 0,
    acknowledgeDue: false,
    unsent: byteQueue(),
    flight: byteQueue(),
    recovery: newRecovery(machine.patience),
    finishing: false,
    finSent: false,
    deaf: false,
    held: [],
    expiresAt: 0 as Nanos,
  };
}

function freeTcpPort(machine: Machine, isFree: (candidate: Port) => boolean): Port | null {
  for (let tries: number = FIRST_EPHEMERAL; tries <= LAST_EPHEMERAL; tries += 1) {
    const candidate = machine.counters.tcpPort as Port;
    machine.counters.tcpPort = nextEphemeral(candidate);
    if (isFree(candidate)) return candidate;
  }
  return null;
}
