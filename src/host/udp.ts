import { familyOf, type Ip, type Port } from '../address/index.ts';
import { failure, type Nanos, type Result, success } from '../base/index.ts';
import { type IpPacket, isVxlan, NO_BYTES, type Udp } from '../packet/index.ts';
import type { HostDrop } from './drop.ts';
import { FIRST_EPHEMERAL, LAST_EPHEMERAL, nextEphemeral } from './ephemeral.ts';
import { complain } from './icmp.ts';
import { isForMany, type Machine } from './machine.ts';
import { type Cut, type Cutting, type SendFault, sendDatagram } from './outgoing.ts';
import { hearsRecords, openFrom, peerAt, sealFor } from './secrecy.ts';

/**
 * Answers a datagram: the bytes go back to where it came from, null is silence. The arguments are not kept by
 * the stack, and no object is made for the call. `peer` says whose key the datagram was sealed with, and the answer is sealed
 * for the same; `null`: it came in plain text.
 */
export type UdpResponder = (
  bytes: Uint8Array,
  source: Ip,
  sourcePort: Port,
  now: Nanos,
  peer: string | null,
) => Uint8Array | null;

export const echoDatagrams: UdpResponder = (bytes) => bytes;

/** Delivers to the bound port; a closed one is reported to the sender (RFC 1122 4.1.3.1). */
export function receiveUdp(machine: Machine, packet: IpPacket, udp: Udp, now: Nanos): HostDrop | null {
  const responder = machine.udp.get(udp.target);
  const carried = udp.body;
  // A wrapped frame is for an end of a tunnel, and that is the data plane's business, not a machine's.
  if (responder === undefined || isVxlan(carried)) {
    complain(machine, packet, 'portUnreachable');
    return 'host.udp-port-closed';
  }
  const opened = hearsRecords(machine.secrecy, udp.target) ? openFrom(machine.secrecy, carried) : null;
  if (typeof opened === 'string') return opened;
  const bytes = opened === null ? carried : opened.plain;
  if (responder === null) {
    machine.notify({
      kind: 'datagram',
      source: packet.source,
      sourcePort: udp.source,
      target: packet.target,
      targetPort: udp.target,
      bytes,
      ...(opened === null ? {} : { peer: opened.peer.name }),
    });
    return null;
  }
  const said = responder(bytes, packet.source, udp.source, now, opened?.peer.name ?? null);
  if (said !== null) {
    const answer = opened === null ? said : sealFor(machine.secrecy, opened.peer, said);
    const source = isForMany(machine, packet.target) ? firstAddress(machine, packet) : packet.target;
    sendDatagram(machine, source, udp.target, packet.source, udp.source, answer, 'path', now);
  }
  return null;
}

function firstAddress(machine: Machine, packet: IpPacket): Ip {
  return machine.addresses[0] ?? packet.target;
}

/** One datagram to send. */
export interface DatagramRequest {
  readonly target: Ip;
  readonly targetPort: Port;
  readonly bytes?: Uint8Array;
  /** the machine's first address if left out */
  readonly source?: Ip;
  /** the next ephemeral port if left out; it is bound, so that an answer is heard */
  readonly sourcePort?: Port;
  /** `path` if left out */
  readonly cutting?: Cutting;
  /** the pieces to send instead of the whole */
  readonly pieces?: Cut;
}

/** Sends, and returns the source port. A port that nobody bound is bound to events. */
export function sendUdp(
  machine: Machine,
  request: DatagramRequest,
  source: Ip,
  now: Nanos,
): Result<Port, SendFault> {
  const { target, targetPort, bytes, cutting, pieces } = request;
  if (familyOf(target) !== familyOf(source)) return failure('other-family');
  const from = request.sourcePort ?? freeUdpPort(machine);
  if (from === null) return failure('ports-exhausted');
  const mode = cutting ?? 'path';
  const peer = peerAt(machine.secrecy, target, targetPort);
  if (!machine.udp.has(from)) {
    machine.udp.set(from, null);
    if (peer !== null) machine.secrecy.callers.add(from);
  }
  const plain = bytes ?? NO_BYTES;
  const payload = peer === null ? plain : sealFor(machine.secrecy, peer, plain);
  const sent = sendDatagram(machine, source, from, target, targetPort, payload, mode, now, pieces);
  return sent ? success(from) : failure('too-long');
}

export function freeUdpPort(machine: Machine): Port | null {
  for (let tries: number = FIRST_EPHEMERAL; tries <= LAST_EPHEMERAL; tries += 1) {
    const candidate = machine.counters.udpPort as Port;
    machine.counters.udpPort = nextEphemeral(candidate);
    if (!machine.udp.has(candidate)) return candidate;
  }
  return null;
}
