import { type Ip, isIpv6, type Port, port } from '../address/index.ts';
import type { Nanos } from '../base/index.ts';
import type { Cut, Cutting } from '../host/index.ts';
import { echoPacket, type IpPacket, NO_BYTES, piecesOf, TCP, tcpPacket, udpPacket } from '../packet/index.ts';
import type { RunningMachine } from './machines.ts';
import type { Carry, Stimulus } from './scenario.ts';

/** What became of a `send` line at its sender. */
export interface Sent {
  readonly connection: number | null;
  /** the port, or the identifier of an echo, that an answer comes back to */
  readonly local: Port | null;
  /** why nothing was sent at all, in words */
  readonly failed: string | null;
}

/** What a stack can be asked to send. */
type Carried = Exclude<Carry, { kind: 'frame' }>;

/** Lets a machine send: through its own stack, or past it where the file asks for what no honest stack does. */
export function sendStimulus(machine: RunningMachine, stimulus: Stimulus, now: Nanos): Sent {
  const { carry } = stimulus;
  if (carry.kind === 'frame') {
    machine.injectFrame(carry.frame);
    return { connection: null, local: null, failed: null };
  }
  const forged = stimulus.ttl !== null || stimulus.forgedSource !== null;
  return forged ? injected(machine, stimulus, carry) : honest(machine, stimulus, carry, now);
}

/** What a connection carries; `null`: nothing. */
export function streamOf({ payload, size }: Stimulus): Uint8Array | null {
  if (payload !== null) return TEXT.encode(payload);
  return size === null ? null : filling(size);
}

const TEXT = new TextEncoder();

/** The headers of a packet and of UDP, or of an ICMP echo, which is as long. */
function headersTo(target: Ip): number {
  return isIpv6(target) ? 48 : 28;
}

/** What a datagram carries. */
function bytesOf({ payload, size, to }: Stimulus): Uint8Array {
  if (payload !== null) return TEXT.encode(payload);
  return size === null ? NO_BYTES : filling(Math.max(0, size - headersTo(to.address)));
}

/** Letters in order, so that a capture shows what is missing. */
function filling(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => 0x61 + (index % 26));
}

function honest(machine: RunningMachine, stimulus: Stimulus, carry: Carried, now: Nanos): Sent {
  const { to, from } = stimulus;
  const { stack } = machine;
  const target = to.address;
  if (carry.kind === 'tcp') {
    const connected = stack.connect(
      { target, port: carry.port, ...chosen(carry.sourcePort), ...patienceOf(stimulus) },
      now,
    );
    const stream = streamOf(stimulus);
    if (connected.ok && stream !== null) stack.write(connected.value, stream, now);
    return connected.ok
      ? { connection: connected.value, local: null, failed: null }
      : nothing(`${from.name} has no port for it: ${connected.fault}`);
  }
  const datagram = { target, bytes: bytesOf(stimulus), ...cuttingOf(stimulus) };
  const sent =
    carry.kind === 'udp'
      ? stack.sendUdp({ ...datagram, targetPort: carry.port, ...chosen(carry.sourcePort) }, now)
      : stack.ping(datagram, now);
  if (sent.ok) return { connection: null, local: sent.value, failed: null };
  if (sent.fault !== 'too-long') return nothing(`${from.name}: ${sent.fault}`);
  const mtu = stack.pathMtu(target, now);
  return nothing(`${from.name} knows that the path carries ${mtu} bytes, and df forbids to cut the packet`);
}

function nothing(failed: string): Sent {
  return { connection: null, local: null, failed };
}

function patienceOf({ timeout }: Stimulus): { readonly patience?: Nanos } {
  return timeout === null ? {} : { patience: timeout };
}

function chosen(sourcePort: Port | null): { readonly sourcePort?: Port } {
  return sourcePort === null ? {} : { sourcePort };
}

function cuttingOf(stimulus: Stimulus): { readonly cutting: Cutting; readonly pieces?: Cut } {
  const { dontFragment } = stimulus;
  const pieces = piecesFrom(stimulus);
  const cutting = dontFragment === null ? 'path' : dontFragment ? 'never' : 'allowed';
  return pieces === null ? { cutting } : { cutting, pieces };
}

function piecesFrom({ fragments }: Stimulus): Cut | null {
  return fragments === null ? null : (whole) => piecesOf(whole, fragments);
}

/** One packet that no honest stack would send: another source, another TTL. */
function injected(machine: RunningMachine, stimulus: Stimulus, carry: Carried): Sent {
  const packet = lonePacket(machine, stimulus, carry);
  const pieces = piecesFrom(stimulus);
  if (pieces === null) machine.inject(packet);
  else machine.injectPieces(packet, pieces(packet));
  return { connection: null, local: null, failed: null };
}

/** The port from which packets leave that no socket stands behind. */
const LONE_PORT = port(49_152);

function lonePacket(machine: RunningMachine, stimulus: Stimulus, carry: Carried): IpPacket {
  const { to, ttl, forgedSource, dontFragment, fragments } = stimulus;
  const ends = { source: forgedSource ?? machine.address, target: to.address, ttl: ttl ?? 64 };
  switch (carry.kind) {
    case 'tcp': {
      const ports = { sourcePort: carry.sourcePort ?? LONE_PORT, targetPort: carry.port };
      return tcpPacket({ ...ends, ...ports, sequence: 1, flags: TCP.syn });
    }
    case 'udp': {
      const ports = { sourcePort: carry.sourcePort ?? LONE_PORT, targetPort: carry.port };
      return udpPacket({ ...ends, ...ports, payload: bytesOf(stimulus), ...identity() });
    }
    case 'icmp-echo': {
      const echo = { direction: 'request', identifier: port(1), sequence: 1 } as const;
      return echoPacket({ ...ends, ...echo, payload: bytesOf(stimulus), ...identity() });
    }
  }

  function identity(): { readonly dontFragment: boolean; readonly identification: number } {
    const whole = dontFragment ?? fragments === null;
    return { dontFragment: whole, identification: whole ? 0 : 1 };
  }
}
