import { type Ip, ipv4, isGroupAddress, isIpv6, isMartianSource } from '../address/index.ts';
import type { Nanos, Random } from '../base/index.ts';
import type { IpPacket } from '../packet/index.ts';
import type { Service } from './application.ts';
import type { Connection, ConnectionTable } from './connection.ts';
import type { DropCounts } from './drop.ts';
import type { HostEvent } from './event.ts';
import type { Path } from './path-mtu.ts';
import type { Secrecy } from './secrecy.ts';
import type { UdpResponder } from './udp.ts';

/** Everything one stack knows: the record that the files of this room work on. */
export interface Machine {
  readonly addresses: readonly Ip[];
  /** directed broadcast addresses of the subnets it is on */
  readonly broadcasts: readonly Ip[];
  readonly send: (packet: IpPacket) => void;
  /** the same for a datagram that it has cut */
  readonly sendPieces: (whole: IpPacket, pieces: readonly IpPacket[]) => void;
  readonly notify: (event: HostEvent) => void;
  /** bytes of the longest packet that its link carries */
  readonly mtu: number;
  /** targets to which less gets through */
  readonly paths: Map<Ip, Path>;
  /** asks to be woken at a time; infinity: not any more */
  readonly alarm: (at: number, awaited: boolean) => void;
  /** how long a connection waits for an acknowledgement before it is given up */
  readonly patience: Nanos;
  /** the time of the call that is at work */
  now: Nanos;
  /** no timer runs out before */
  wakeAt: number;
  /** what `alarm` was told last */
  announced: number;
  announcedAsAwaited: boolean;
  /** the largest TCP payload it announces */
  readonly segmentSize: number;
  readonly segmentSizeOption: Uint8Array;
  /** chance for initial sequence numbers, used for nothing else */
  random: Random;
  readonly counters: Counters;
  readonly drops: DropCounts;
  /** what applications have to say later, first one first */
  later: readonly Delayed[];
  readonly services: Service[];
  readonly serviceOfPort: Map<number, Service>;
  /** ports whose connections belong to the user of the stack */
  readonly accepting: Set<number>;
  readonly connections: ConnectionTable;
  /** bound UDP ports; null: datagrams become events */
  readonly udp: Map<number, UdpResponder | null>;
  /** keys, and what was used of them */
  readonly secrecy: Secrecy;
  /** identifiers of echo requests sent, whose replies are expected */
  readonly pings: Set<number>;
}

/** Bytes of an application that leave at a time; the last ones may end the stream. */
export interface Delayed {
  readonly at: Nanos;
  readonly connection: Connection;
  readonly bytes: Uint8Array;
  readonly close: boolean;
}

/** What counts up; plain data. */
export interface Counters {
  /** of the next packet that may be fragmented */
  identification: number;
  tcpPort: number;
  udpPort: number;
  pingIdentifier: number;
  connection: number;
}

export const LIMITED_BROADCAST: Ip = ipv4(0xffffffff);

/** Sent to more than one machine: limited or directed broadcast, or multicast. */
export function isForMany(machine: Machine, target: Ip): boolean {
  return isBroadcast(machine, target) || isGroupAddress(target);
}

export function isBroadcast(machine: Machine, target: Ip): boolean {
  return target === LIMITED_BROADCAST || machine.broadcasts.includes(target);
}

/** An address that can only be one machine's, seen from outside: not 0/8, 127/8, 224/4, 240/4 nor a broadcast; in IPv6 not ::/127 nor a group. */
export function isOneMachine(machine: Machine, address: Ip): boolean {
  if (isMartianSource(address) || machine.broadcasts.includes(address)) return false;
  return isIpv6(address) || address >>> 28 < 14;
}

export function isMine(machine: Machine, address: Ip): boolean {
  return machine.addresses[0] === address || machine.addresses.includes(address);
}
