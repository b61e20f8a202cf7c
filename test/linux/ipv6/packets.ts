import { type Ipv6, type Port, parseIpv6, port } from '../../../src/address/index.ts';
import {
  decodePacket,
  echoPacket,
  encodePacket,
  type IpChoice,
  type Ipv6Packet,
  icmpErrorPacket,
  recomputeChecksums,
  tcpPacket,
  udpPacket,
} from '../../../src/packet/index.ts';
import {
  type AnswerChoice,
  answerOf,
  type Choice,
  CLIENT_PORT,
  type Ports,
  SERVICE_PORT,
  text,
} from '../packets.ts';
import { ADDRESS6 } from './topology.ts';

/* Packets of IPv6 that the cases send: as FIG. 3's client would, unless a case says otherwise. */

const WORDS = new TextEncoder().encode('a message of odd length');

export function address6(written: string): Ipv6 {
  const parsed = parseIpv6(written);
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.value;
}

function ends(choice: Choice): IpChoice<Ipv6> {
  return {
    ...choice,
    source: address6(choice.source ?? ADDRESS6.app),
    target: address6(choice.target ?? ADDRESS6.outer),
  };
}

function ports({ from, to }: Ports): { readonly sourcePort: Port; readonly targetPort: Port } {
  return { sourcePort: port(from ?? CLIENT_PORT), targetPort: port(to ?? SERVICE_PORT) };
}

export function udp6(choice: Choice & Ports & { readonly payload?: Uint8Array } = {}): Uint8Array {
  return encodePacket(udpPacket({ payload: WORDS, ...ends(choice), ...ports(choice) }));
}

/** A UDP packet of so many bytes in all. */
export function sized6(size: number, choice: Parameters<typeof udp6>[0] = {}): Uint8Array {
  return udp6({ ...choice, payload: text(size - 48) });
}

export function tcp6(
  flags: number,
  choice: Choice &
    Ports & {
      readonly sequence?: number;
      readonly acknowledgement?: number;
      readonly payload?: Uint8Array;
      readonly options?: Uint8Array;
    } = {},
): Uint8Array {
  return encodePacket(tcpPacket({ sequence: 1000, ...choice, ...ends(choice), ...ports(choice), flags }));
}

export function echo6(
  choice: Choice & {
    readonly identifier?: number;
    readonly direction?: 'request' | 'reply';
    readonly payload?: Uint8Array;
  } = {},
): Uint8Array {
  return encodePacket(
    echoPacket({
      direction: choice.direction ?? 'request',
      sequence: 7,
      payload: choice.payload ?? WORDS,
      ...ends(choice),
      identifier: port(choice.identifier ?? 77),
    }),
  );
}

/** An error about a packet as somebody saw it, by default from the one it was for. */
export function errorAbout6(
  offending: Uint8Array,
  type: number,
  code: number,
  choice: { readonly parameter?: number; readonly source?: string; readonly ttl?: number } = {},
): Uint8Array {
  const packet = decoded6(offending);
  return encodePacket(
    icmpErrorPacket({
      source: choice.source === undefined ? packet.target : address6(choice.source),
      target: packet.source,
      error: [type, code],
      parameter: choice.parameter ?? 0,
      ttl: choice.ttl ?? 64,
      offending: packet,
    }),
  );
}

export function decoded6(packet: Uint8Array): Ipv6Packet {
  const result = decodePacket(packet);
  if (!result.ok) throw new Error(result.fault.message);
  if (result.value.kind !== 'ipv6') throw new Error('a packet of IPv6');
  return result.value;
}

/** Pieces of a datagram by the bytes of its data, `[0, 551]`, each behind a fragment header (RFC 8200 4.5). */
export function pieces6(
  packet: Uint8Array,
  identification: number,
  ...stretches: readonly (readonly [first: number, last: number])[]
): readonly Uint8Array[] {
  const data = packet.subarray(40);
  return stretches.map(([first, last]) => {
    const more = last + 1 < data.length ? 1 : 0;
    const header = new Uint8Array(8);
    const view = new DataView(header.buffer);
    header[0] = packet[6] ?? 0;
    view.setUint16(2, first | more);
    view.setUint32(4, identification);
    return withHeaders(packet, 44, header, data.subarray(first, last + 1));
  });
}

/** The same packet with an extension header of this number in front of what it carries. */
export function extended6(packet: Uint8Array, number: number, options: readonly number[]): Uint8Array {
  const header = Uint8Array.of(packet[6] ?? 0, (2 + options.length) / 8 - 1, ...options);
  return withHeaders(packet, number, header, packet.subarray(40));
}

function withHeaders(packet: Uint8Array, next: number, header: Uint8Array, data: Uint8Array): Uint8Array {
  const whole = new Uint8Array(40 + header.length + data.length);
  whole.set(packet.subarray(0, 40));
  whole[6] = next;
  new DataView(whole.buffer).setUint16(4, header.length + data.length);
  whole.set(header, 40);
  whole.set(data, 40 + header.length);
  return whole;
}

/** What a silent machine would have answered: as {@link answerOf} says. */
export function answerTo6(packet: Uint8Array, choice: AnswerChoice = {}): Uint8Array {
  return answerOf(decoded6(packet), choice);
}

/** A packet of a protocol that has no ports. */
export function unknownProtocol6(number: number, choice: Choice = {}): Uint8Array {
  const packet = udpPacket({ ...ends(choice), ...ports({}) });
  return encodePacket(
    recomputeChecksums({
      ...packet,
      kept: { ...packet.kept, protocol: number, nextHeader: number },
      body: { kind: 'opaque-body', payload: WORDS },
    }),
  );
}
