import { type Ipv4, ipv4, type Port, port } from '../../src/address/index.ts';
import {
  decodePacket,
  echoPacket,
  encodePacket,
  type IcmpErrorChoice,
  type IpChoice,
  type IpPacket,
  type Ipv4Packet,
  icmpErrorPacket,
  piecesOf,
  recomputeChecksums,
  TCP,
  tcpPacket,
  udpPacket,
} from '../../src/packet/index.ts';
import { ADDRESS } from './topology.ts';

/* Packets that the cases send: as FIG. 3's client would, unless a case says otherwise. */

export type Choice = Partial<Omit<IpChoice, 'source' | 'target'>> & {
  readonly source?: string;
  readonly target?: string;
};

const TEXT = new TextEncoder().encode('a message of odd length');

export function address(text: string): Ipv4 {
  return ipv4(text.split('.').reduce((bits, part) => bits * 256 + Number(part), 0));
}

function ends(choice: Choice): IpChoice<Ipv4> {
  return {
    ...choice,
    source: address(choice.source ?? ADDRESS.app),
    target: address(choice.target ?? ADDRESS.outer),
  };
}

export interface Ports {
  readonly from?: number;
  readonly to?: number;
}

export const CLIENT_PORT = 40_000;
export const SERVICE_PORT = 1792;

function ports({ from, to }: Ports): { readonly sourcePort: Port; readonly targetPort: Port } {
  return { sourcePort: port(from ?? CLIENT_PORT), targetPort: port(to ?? SERVICE_PORT) };
}

export function udp(choice: Choice & Ports & { readonly payload?: Uint8Array } = {}): Uint8Array {
  return encodePacket(udpPacket({ payload: TEXT, ...ends(choice), ...ports(choice) }));
}

export function tcp(
  flags: number,
  choice: Choice &
    Ports & {
      readonly sequence?: number;
      readonly acknowledgement?: number;
      readonly window?: number;
      readonly payload?: Uint8Array;
      readonly options?: Uint8Array;
    } = {},
): Uint8Array {
  return encodePacket(tcpPacket({ sequence: 1000, ...choice, ...ends(choice), ...ports(choice), flags }));
}

export function echo(
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
      payload: TEXT,
      ...ends(choice),
      identifier: port(choice.identifier ?? 77),
    }),
  );
}

/** A packet of a protocol that has no ports. */
export function unknownProtocol(number: number, choice: Choice = {}): Uint8Array {
  const packet: Ipv4Packet = udpPacket({ ...ends(choice), ...ports({}) });
  return encodePacket(
    recomputeChecksums({
      ...packet,
      kept: { ...packet.kept, protocol: number },
      body: { kind: 'opaque-body', payload: TEXT },
    }),
  );
}

/** An ICMP message that is neither an echo nor an error: a timestamp request, say. */
export function otherIcmp(type: number, choice: Choice = {}): Uint8Array {
  const packet = echoPacket({
    direction: 'request',
    identifier: port(77),
    sequence: 7,
    ...ends(choice),
    payload: new Uint8Array(12),
  });
  const payload = encodePacket(packet).slice(24);
  return encodePacket(
    recomputeChecksums({ ...packet, body: { kind: 'icmp-other', type, code: 0, checksum: 0, payload } }),
  );
}

/** An error about a packet as somebody saw it, by default from the one it was for. */
export function errorAbout(
  offending: Uint8Array,
  type: number,
  code: number,
  choice: Pick<IcmpErrorChoice, 'parameter'> & { readonly source?: string } = {},
): Uint8Array {
  const packet = decoded(offending);
  return encodePacket(
    icmpErrorPacket({
      source: choice.source === undefined ? packet.target : address(choice.source),
      target: packet.source,
      error: [type, code],
      parameter: choice.parameter ?? 0,
      offending: packet,
    }),
  );
}

/** ICMP 3/3 with only the first bytes of the offending packet. */
export function shortError(offending: Uint8Array, bytes: number): Uint8Array {
  const { source, target } = decoded(offending);
  const packet = echoPacket({
    source: target,
    target: source,
    direction: 'request',
    identifier: port(0),
    sequence: 0,
  });
  const payload = new Uint8Array(4 + bytes);
  payload.set(offending.subarray(0, bytes), 4);
  return encodePacket(
    recomputeChecksums({ ...packet, body: { kind: 'icmp-other', type: 3, code: 3, checksum: 0, payload } }),
  );
}

/** Pieces of a datagram, by the bytes of its data: `[0, 551]`. */
export function pieces(
  packet: Uint8Array,
  ...stretches: readonly (readonly [first: number, last: number])[]
): readonly Uint8Array[] {
  const asked = stretches.map(([first, last]) => ({ first, last }));
  return piecesOf(decoded(packet), asked).map(encodePacket);
}

/** So many bytes of data that shows where it was cut. */
export function text(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => 0x61 + (index % 26));
}

/** The same with the bytes at `at` changed: what damages a packet. */
export function damaged(packet: Uint8Array, at: number, mask = 0xff): Uint8Array {
  const copy = packet.slice();
  copy[at] = (copy[at] ?? 0) ^ mask;
  return copy;
}

/** A UDP packet without a checksum. */
export function withoutChecksum(packet: Uint8Array): Uint8Array {
  const copy = packet.slice();
  copy.fill(0, 26, 28);
  return copy;
}

export function decoded(packet: Uint8Array): Ipv4Packet {
  const result = decodePacket(packet);
  if (!result.ok) throw new Error(result.fault.message);
  if (result.value.kind !== 'ipv4') throw new Error('a packet of IPv4');
  return result.value;
}

/** What an answer says of its own: a TCP segment its flags and number. */
export type AnswerChoice = Choice & {
  readonly flags?: number;
  readonly sequence?: number;
  readonly payload?: Uint8Array;
};

/** What a silent machine would have answered: UDP and echo with the same data, TCP with what the case says. */
export function answerTo(packet: Uint8Array, choice: AnswerChoice = {}): Uint8Array {
  return answerOf(decoded(packet), choice);
}

/** The same for a packet of either family. */
export function answerOf({ source, target, body }: IpPacket, choice: AnswerChoice): Uint8Array {
  const turned = { ...choice, source: target, target: source };
  switch (body.kind) {
    case 'udp':
      return encodePacket(
        udpPacket({ payload: TEXT, ...turned, sourcePort: body.target, targetPort: body.source }),
      );
    case 'tcp': {
      const { sequence, flags } = body.segment;
      const counted = body.body.length + (flags & (TCP.syn | TCP.fin) ? 1 : 0);
      return encodePacket(
        tcpPacket({
          sequence: 5000,
          ...turned,
          acknowledgement: sequence + counted,
          flags: choice.flags ?? TCP.syn | TCP.ack,
          sourcePort: body.target,
          targetPort: body.source,
        }),
      );
    }
    case 'icmp-echo':
      return encodePacket(
        echoPacket({
          payload: body.body,
          ...turned,
          direction: 'reply',
          identifier: body.identifier,
          sequence: body.sequence,
        }),
      );
    default:
      throw new Error(`${body.kind} has no answer`);
  }
}
