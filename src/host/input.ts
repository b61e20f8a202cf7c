import type { Nanos } from '../base/index.ts';
import { type IpPacket, isFragment, PROTOCOL, verifyChecksums } from '../packet/index.ts';
import type { HostDrop } from './drop.ts';
import { complain, receiveIcmp } from './icmp.ts';
import { isBroadcast, isMine, isOneMachine, type Machine } from './machine.ts';
import { receiveTcp } from './tcp-input.ts';
import { receiveUdp } from './udp.ts';

/** A packet has reached the machine. The checks come in the order of RFC 1122 3.2.1; what fails one is counted. */
export function receivePacket(machine: Machine, packet: IpPacket, now: Nanos): HostDrop | null {
  const reason = dispatch(machine, packet, now);
  if (reason !== null) machine.drops[reason] += 1;
  return reason;
}

function dispatch(machine: Machine, packet: IpPacket, now: Nanos): HostDrop | null {
  if (!isMine(machine, packet.target) && !isBroadcast(machine, packet.target)) return 'host.not-mine';
  if (!isOneMachine(machine, packet.source)) return 'host.bad-source';
  if (verifyChecksums(packet) === 'bad') return 'host.bad-checksum';
  if (isFragment(packet)) return 'host.fragment';
  const body = packet.body;
  switch (body.kind) {
    case 'udp':
      return receiveUdp(machine, packet, body, now);
    case 'tcp':
      return receiveTcp(machine, packet, body, now);
    case 'icmp-echo':
    case 'icmp-error':
    case 'icmp-other':
      return receiveIcmp(machine, packet, body, now);
    case 'neighbour-discovery':
      return 'host.icmp-ignored';
    case 'esp':
    case 'opaque-body':
      if (KNOWN.includes(packet.kept.protocol)) return 'host.malformed';
      complain(machine, packet, 'protocolUnreachable');
      return 'host.protocol-unknown';
  }
}

/** Protocols of which an opaque body can only be a header that makes no sense. */
const KNOWN: readonly number[] = [PROTOCOL.icmp, PROTOCOL.icmpv6, PROTOCOL.tcp, PROTOCOL.udp];
