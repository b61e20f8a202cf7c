import type { Nanos } from '../base/index.ts';
import { type IpPacket, TCP, type Tcp } from '../packet/index.ts';
import { type Connection, findConnection, removeConnection } from './connection.ts';
import type { HostDrop } from './drop.ts';
import { isForMany, type Machine } from './machine.ts';
import { sendReset } from './outgoing.ts';
import { distance } from './sequence.ts';
import { acknowledgeHandshake } from './tcp-acknowledgement.ts';
import { endConnection, expireWaiting } from './tcp-close.ts';
import { learnFromSyn, openPassively, sendSyn } from './tcp-open.ts';
import { acknowledge, transmit } from './tcp-output.ts';
import { receiveSynchronized } from './tcp-synchronized.ts';

/** A segment arrives (RFC 9293 3.10.7). Returns why it was of no use, or null. */
export function receiveTcp(machine: Machine, packet: IpPacket, tcp: Tcp, now: Nanos): HostDrop | null {
  if (isForMany(machine, packet.target)) return 'host.broadcast';
  const { source, target } = packet;
  // a port that answered itself would acknowledge its own acknowledgements for ever
  if (source === target && tcp.source === tcp.target) return 'host.bad-source';
  expireWaiting(machine, now);
  const connection = findConnection(machine.connections, target, tcp.target, source, tcp.source);
  if (connection === null) return receiveUnconnected(machine, packet, tcp, now);
  if (connection.state === 'syn-sent') return receiveInSynSent(machine, connection, packet, tcp, now);
  if (isReopening(connection, tcp)) {
    removeConnection(machine.connections, connection);
    return receiveUnconnected(machine, packet, tcp, now);
  }
  return receiveSynchronized(machine, connection, packet, tcp, now);
}

/** In LISTEN or CLOSED (RFC 9293 3.10.7.1 and 3.10.7.2): a new connection, or a reset for the sender. */
function receiveUnconnected(machine: Machine, packet: IpPacket, tcp: Tcp, now: Nanos): HostDrop | null {
  const flags = tcp.segment.flags;
  if (flags & TCP.rst) return 'host.tcp-no-connection';
  const service = machine.serviceOfPort.get(tcp.target);
  const listens = service !== undefined || machine.accepting.has(tcp.target);
  if (flags & TCP.ack || (!listens && !(flags & TCP.syn))) {
    sendReset(machine, packet, tcp);
    return 'host.tcp-no-connection';
  }
  if (!listens) {
    sendReset(machine, packet, tcp);
    return 'host.tcp-port-closed';
  }
  if ((flags & (TCP.syn | TCP.fin)) !== TCP.syn) return 'host.tcp-bad-flags';
  openPassively(machine, service ?? null, packet, tcp, now);
  return null;
}

/** In SYN-SENT (RFC 9293 3.10.7.3): the answer to our SYN, or a SYN that crossed it. */
function receiveInSynSent(
  machine: Machine,
  connection: Connection,
  packet: IpPacket,
  tcp: Tcp,
  now: Nanos,
): HostDrop | null {
  const { flags, acknowledgement } = tcp.segment;
  const acknowledges = (flags & TCP.ack) !== 0;
  if (acknowledges && acknowledgement !== connection.sendNext) {
    if (!(flags & TCP.rst)) sendReset(machine, packet, tcp);
    return 'host.tcp-bad-acknowledgement';
  }
  if (flags & TCP.rst) {
    // Without an acknowledgement anybody could have sent it.
    if (!acknowledges) return 'host.tcp-bad-flags';
    endConnection(machine, connection, now);
    machine.notify({ kind: 'reset', connection: connection.id });
    return null;
  }
  if (!(flags & TCP.syn)) return 'host.tcp-bad-flags';

  learnFromSyn(machine, connection, tcp, now);
  if (!acknowledges) {
    connection.state = 'syn-received';
    sendSyn(machine, connection, TCP.syn | TCP.ack);
    return null;
  }
  acknowledgeHandshake(machine, connection, acknowledgement, now);
  acknowledge(machine, connection);
  machine.notify({ kind: 'connected', connection: connection.id });
  transmit(machine, connection);
  return null;
}

/** A SYN that may replace a connection in TIME-WAIT: it begins beyond everything the old one used (MAY-2). */
function isReopening(connection: Connection, tcp: Tcp): boolean {
  const { flags, sequence } = tcp.segment;
  const isFresh = (flags & (TCP.syn | TCP.ack | TCP.rst | TCP.fin)) === TCP.syn;
  return isFresh && connection.state === 'time-wait' && distance(connection.receiveNext, sequence) >= 0;
}
