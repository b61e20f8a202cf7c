import { type Ip, type Ipv4, ipv4, port } from '../../src/address/index.ts';
import { type Nanos, nanos, START, seededRandom } from '../../src/base/index.ts';
import { type HostEvent, type HostOptions, type HostStack, hostStack } from '../../src/host/index.ts';
import { type IpPacket, TCP, type TcpChoice, tcpPacket, verifyChecksums } from '../../src/packet/index.ts';

export const CLIENT: Ipv4 = ipv4(0x0a000007);
export const SERVER: Ipv4 = ipv4(0x0a0a0003);
export const CLIENT_BROADCAST: Ipv4 = ipv4(0x0a0000ff);
export const HSM_PORT = port(1792);

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (data: Uint8Array): string => new TextDecoder().decode(data);

/** A stack with what it sent and heard. */
export interface Seat {
  readonly stack: HostStack;
  readonly sent: IpPacket[];
  readonly events: HostEvent[];
}

export function seat(address: Ip, options: Partial<HostOptions> = {}): Seat {
  const sent: IpPacket[] = [];
  const events: HostEvent[] = [];
  const stack = hostStack({
    addresses: [address],
    random: seededRandom(1, `sequence numbers of ${address}`),
    send: (packet) => sent.push(packet),
    notify: (event) => {
      events.push(event);
    },
    ...options,
  });
  return { stack, sent, events };
}

/** Two seats and everything that ever crossed between them. */
export interface Wire {
  readonly one: Seat;
  readonly other: Seat;
  readonly crossed: IpPacket[];
  /** the time of the next delivery */
  now: Nanos;
}

export function wire(one: Seat, other: Seat): Wire {
  return { one, other, crossed: [], now: START };
}

/**
 * Carries packets until both ends are silent. Each delivery takes a microsecond; every packet that crosses must be
 * right to the last checksum. `pick` chooses which of the waiting packets of one direction goes next.
 */
export function settle(between: Wire, pick: (waiting: number) => number = () => 0): void {
  for (let turns = 0; between.one.sent.length + between.other.sent.length > 0; turns += 1) {
    if (turns > 100_000) throw new Error('the two ends never fall silent');
    carry(between, pick);
  }
}

/** Carries one packet, if any waits: from the side that has waited longest. */
export function carry(between: Wire, pick: (waiting: number) => number = () => 0): void {
  const [from, to] =
    between.one.sent.length > 0 ? [between.one, between.other] : [between.other, between.one];
  const [packet] = from.sent.splice(pick(from.sent.length), 1);
  if (packet === undefined) return;
  if (verifyChecksums(packet) !== 'good') throw new Error(`a bad checksum: ${describe(packet)}`);
  between.now = nanos(between.now + 1000);
  between.crossed.push(packet);
  to.stack.receive(packet, between.now);
}

/** `> SYN 0`, `< SYN ACK 0`: direction, control bits, payload length. */
export function describe(packet: IpPacket): string {
  const direction = packet.source === CLIENT ? '>' : '<';
  const body = packet.body;
  if (body.kind === 'icmp-error') return `${direction} icmp ${body.type}/${body.code}`;
  if (body.kind === 'icmp-echo') return `${direction} echo ${body.direction} ${body.body.length}`;
  if (body.kind !== 'tcp') return `${direction} ${body.kind}`;
  const { flags } = body.segment;
  const names = (['syn', 'fin', 'rst', 'psh', 'ack'] as const).filter((name) => flags & TCP[name]);
  return `${direction} ${names.map((name) => name.toUpperCase()).join(' ')} ${body.body.length}`;
}

export function heard(side: Seat): string[] {
  return side.events.map((event) => event.kind);
}

/** Everything received on the user's connections of one side, in order. */
export function bytesHeard(side: Seat): Uint8Array {
  return joined(side.events.map((event) => (event.kind === 'received' ? event.bytes : new Uint8Array(0))));
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function tcpOf(packet: IpPacket | undefined) {
  if (packet?.body.kind !== 'tcp') throw new Error('not a TCP segment');
  return packet.body;
}

/** The number of a connection that must have been opened. */
export function opened(result: ReturnType<HostStack['connect']>): number {
  if (!result.ok) throw new Error(result.fault);
  return result.value;
}

/** A segment that nobody's stack made. */
export function segment(
  source: Ipv4,
  sourcePort: number,
  target: Ipv4,
  targetPort: number,
  choice: Pick<TcpChoice, 'sequence' | 'flags' | 'acknowledgement' | 'payload'>,
): IpPacket {
  return tcpPacket({
    source,
    sourcePort: port(sourcePort),
    target,
    targetPort: port(targetPort),
    ...choice,
    sequence: choice.sequence >>> 0,
    acknowledgement: (choice.acknowledgement ?? 0) >>> 0,
  });
}
