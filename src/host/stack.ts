import type { Ip, Port } from '../address/index.ts';
import { assert, type Nanos, present, type Random, type Result, START, seconds } from '../base/index.ts';
import type { IpPacket } from '../packet/index.ts';
import type { Application, Context } from './application.ts';
import { type Connection, connectionTable, type TcpState } from './connection.ts';
import { type DropCounts, type HostDrop, noDrops } from './drop.ts';
import { FIRST_EPHEMERAL } from './ephemeral.ts';
import type { HostEvent } from './event.ts';
import { type PingRequest, sendPing } from './icmp.ts';
import { receivePacket } from './input.ts';
import type { Machine } from './machine.ts';
import type { SendFault } from './outgoing.ts';
import { pathMtu } from './path-mtu.ts';
import { restoreMachine, type SavedHost, saveMachine } from './saved.ts';
import { noSecrecy, type Peer, shareKeys } from './secrecy.ts';
import { ETHERNET_MTU, segmentHeaders, segmentSizeOption } from './segment-size.ts';
import { startService } from './service.ts';
import { type ConnectFault, type ConnectRequest, openActively } from './tcp-open.ts';
import { abort, finish, write } from './tcp-output.ts';
import { announceAlarm, announceAnew, wakeConnections } from './tcp-timer.ts';
import { type DatagramRequest, sendUdp, type UdpResponder } from './udp.ts';

/**
 * The IP stack of a machine at the edge, above the link layer: ICMP, UDP and TCP ends.
 *
 * It is handed the packets that the data plane delivers and hands back those that it wants sent; routes, ARP and
 * link headers are not its business. Nothing happens by itself: every call names the time.
 *
 * What is not acknowledged is sent again: after a timeout (RFC 6298), or as soon as three acknowledgements of the same
 * byte tell of the loss (RFC 5681, RFC 6582), until the patience of the connection is over. For that it asks to be
 * woken. TIME-WAIT is looked at and not waited for.
 *
 * Left out: congestion control (links have no queues), delayed acknowledgements, Nagle, urgent data, window scaling, SACK,
 * timestamps, keep-alive, a limit on half-open connections. Datagrams that come in pieces are put together below it.
 */
export interface HostStack {
  readonly addresses: readonly Ip[];
  /** Takes a packet addressed to this machine. Returns why it was of no use, or null; such packets are counted. */
  receive(packet: IpPacket, now: Nanos): HostDrop | null;
  /** To be called when the time has come that `alarm` named. */
  wake(now: Nanos): void;
  /** How many packets were of no use, by reason. */
  dropped(): Readonly<DropCounts>;

  /** Runs an application behind TCP ports. `random` must be its own; the ports must be free. */
  listen<State>(ports: readonly Port[], application: Application<State>, random: Random, now: Nanos): void;

  /** Alters the state of an application from outside, by the name of the application; nothing where none has it. */
  alter(application: string, now: Nanos, change: (state: unknown, context: Context) => unknown): void;

  /** Takes connections to a port for the user, who hears `accepted` of each, until {@link refuse}. */
  accept(port: Port): void;
  /** A port that was accepted is closed: who calls it is refused from now on. What is open stays. */
  refuse(port: Port): void;

  /** Opens a connection and returns its number; what becomes of it is told by events. */
  connect(request: ConnectRequest, now: Nanos): Result<number, ConnectFault>;
  /** Sends bytes, now or when the handshake and the window allow. False if our direction or all of it is over. */
  write(connection: number, bytes: Uint8Array, now: Nanos): boolean;
  /** Ends our direction after what was written. */
  finish(connection: number, now: Nanos): void;
  /** Ends the connection with a reset. */
  abort(connection: number, now: Nanos): void;
  /** The state of a connection opened by `connect`; `closed` if it is over or never was. */
  stateOf(connection: number): TcpState;
  /** The ends of a connection, or null once it is over. */
  endsOf(connection: number): ConnectionEnds | null;

  /** Binds a UDP port to a responder, or, without one, to events. */
  bindUdp(port: Port, responder?: UdpResponder): void;
  closeUdp(port: Port): void;
  /** Returns the source port. */
  sendUdp(request: DatagramRequest, now: Nanos): Result<Port, SendFault>;
  /**
   * On these UDP ports it talks to its peers in records of DTLS, and hears nothing else. Said again, keys are others, and what was
   * used of those of a peer stays.
   */
  secure(ports: ReadonlySet<number>, peers: readonly Peer[]): void;
  /** Bytes of the longest packet to send there, as far as this machine knows (RFC 1191). */
  pathMtu(target: Ip, now: Nanos): number;
  /** Sends an echo request and returns its identifier. */
  ping(request: PingRequest, now: Nanos): Result<Port, SendFault>;

  /** Everything that changes, as plain data that JSON keeps. */
  save(): SavedHost;
  /** Continues from saved data: on a stack with the same addresses, services and responders in the same order. */
  restore(saved: SavedHost): void;
}

export type ConnectionEnds = Pick<Connection, 'local' | 'localPort' | 'remote' | 'remotePort'>;

export interface HostOptions {
  /** at least one; the first is the source of what names none */
  readonly addresses: readonly Ip[];
  /** the directed broadcast addresses of its subnets, if packets to them are delivered */
  readonly broadcasts?: readonly Ip[];
  /** bytes of the longest packet that its link carries, 1500 if left out */
  readonly mtu?: number;
  /** the TCP payload that fits its link; 40 less than its MTU if left out, 60 in IPv6 */
  readonly segmentSize?: number;
  /** for initial sequence numbers only, so that no application changes them */
  readonly random: Random;
  /** Takes a packet that is to leave. It may not call back into the stack: let it queue. */
  readonly send: (packet: IpPacket) => void;
  /** Takes a datagram that the stack has cut. If left out, its pieces are sent one by one. */
  readonly sendPieces?: (whole: IpPacket, pieces: readonly IpPacket[]) => void;
  /** Hears what happens to connections, datagrams and pings. It may call back into the stack. */
  readonly notify?: (event: HostEvent) => void;
  /**
   * Hears when the stack wants to be woken; infinity: not any more. Without it nothing is sent again. Nobody waits for a
   * connection that was half opened from outside: its opener tries again by itself.
   */
  readonly alarm?: (at: number, awaited: boolean) => void;
  /** How long data may wait for their acknowledgement; the 100 s of RFC 1122 4.2.3.5 if left out. */
  readonly patience?: Nanos;
}

const PATIENCE = seconds(100);

export function hostStack(options: HostOptions): HostStack {
  const machine = newMachine(options);
  const primary = present(machine.addresses[0], 'a machine has an address');
  const find = (id: number) => machine.connections.ofUser.get(id);
  const at = <Outcome>(now: Nanos, deed: () => Outcome): Outcome => {
    machine.now = now;
    const outcome = deed();
    announceAlarm(machine);
    return outcome;
  };

  return {
    addresses: machine.addresses,
    receive: (packet, now) => {
      machine.now = now;
      const reason = receivePacket(machine, packet, now);
      announceAlarm(machine);
      return reason;
    },
    wake: (now) => at(now, () => wakeConnections(machine, now)),
    dropped: () => machine.drops,
    listen: (ports, application, random, now) => {
      const service = startService(ports, application, random, now);
      machine.services.push(service);
      for (const port of ports) {
        assert(!machine.serviceOfPort.has(port), `port ${port} has one application`);
        machine.serviceOfPort.set(port, service);
      }
    },
    alter: (application, now, change) => {
      machine.services.find(({ name }) => name === application)?.alter(change, now);
    },
    accept: (port) => {
      assert(!machine.serviceOfPort.has(port), `port ${port} has an application`);
      machine.accepting.add(port);
    },
    refuse: (port) => {
      machine.accepting.delete(port);
    },
    connect: (request, now) => {
      const opened = at(now, () => openActively(machine, request, request.source ?? primary, now));
      return opened.ok ? { ok: true, value: opened.value.id } : opened;
    },
    write: (id, bytes, now) => {
      const connection = find(id);
      return connection !== undefined && at(now, () => write(machine, connection, bytes));
    },
    finish: (id, now) => {
      const connection = find(id);
      if (connection !== undefined) at(now, () => finish(machine, connection, now));
    },
    abort: (id, now) => {
      const connection = find(id);
      if (connection !== undefined) at(now, () => abort(machine, connection, now));
    },
    stateOf: (id) => find(id)?.state ?? 'closed',
    endsOf: (id) => {
      const connection = find(id);
      if (connection === undefined) return null;
      const { local, localPort, remote, remotePort } = connection;
      return { local, localPort, remote, remotePort };
    },
    bindUdp: (port, responder) => {
      machine.udp.set(port, responder ?? null);
    },
    closeUdp: (port) => {
      machine.udp.delete(port);
      machine.secrecy.callers.delete(port);
    },
    sendUdp: (request, now) => sendUdp(machine, request, request.source ?? primary, now),
    secure: (ports, peers) => shareKeys(machine.secrecy, ports, peers),
    ping: (request, now) => sendPing(machine, request, request.source ?? primary, now),
    pathMtu: (target, now) => pathMtu(machine, target, now),
    save: () => saveMachine(machine),
    restore: (saved) => {
      restoreMachine(machine, saved);
      announceAnew(machine);
    },
  };
}

function newMachine(options: HostOptions): Machine {
  const { send } = options;
  const mtu = options.mtu ?? ETHERNET_MTU;
  const primary = present(options.addresses[0], 'a machine has an address');
  const segmentSize = options.segmentSize ?? mtu - segmentHeaders(primary);
  return {
    addresses: options.addresses,
    broadcasts: options.broadcasts ?? [],
    send,
    sendPieces:
      options.sendPieces ??
      ((_whole, pieces) => {
        for (const piece of pieces) send(piece);
      }),
    notify: options.notify ?? (() => undefined),
    alarm: options.alarm ?? (() => undefined),
    patience: options.patience ?? PATIENCE,
    now: START,
    wakeAt: Number.POSITIVE_INFINITY,
    announced: Number.POSITIVE_INFINITY,
    announcedAsAwaited: false,
    mtu,
    paths: new Map(),
    segmentSize,
    segmentSizeOption: segmentSizeOption(segmentSize),
    random: options.random,
    counters: {
      identification: 1,
      tcpPort: FIRST_EPHEMERAL,
      udpPort: FIRST_EPHEMERAL,
      pingIdentifier: 1,
      connection: 1,
    },
    drops: noDrops(),
    later: [],
    services: [],
    serviceOfPort: new Map(),
    accepting: new Set(),
    connections: connectionTable(),
    udp: new Map(),
    secrecy: noSecrecy(),
    pings: new Set(),
  };
}
