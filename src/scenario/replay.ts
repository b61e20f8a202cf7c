import { type Ip, isIpv6, type Port, port } from '../address/index.ts';
import { Engine, type Journey, STEPS, type Steps, TraceRecorder } from '../dataplane/index.ts';
import {
  echoPacket,
  type Frame,
  flowOf,
  type IpPacket,
  icmpErrorPacket,
  isIp,
  NO_BYTES,
  PROTOCOL,
  recomputeChecksums,
  TCP,
  tcpPacket,
  translate,
  udpPacket,
  VXLAN_PORT,
} from '../packet/index.ts';
import type { Program } from '../program/index.ts';
import type { PacketHeader, Witness } from '../verify/index.ts';

/** What the engine made of a witness. */
export interface Replayed {
  readonly journey: Journey;
  /** every frame that was put on a machine's link for it, in order */
  readonly sent: readonly SentFrame[];
  /** ids of the machines it was delivered to */
  readonly delivered: readonly string[];
}

export interface SentFrame {
  /** id of the machine */
  readonly from: string;
  readonly frame: Frame;
}

/**
 * Sends a witness through the engine, its opening first: a proof's word is taken only when the engine agrees.
 *
 * @param ttl of the packet that matters, also of one inside a wrapper
 */
export function replayWitness(
  program: Program,
  witness: Witness,
  steps: Steps = STEPS,
  ttl: number | null = null,
): Replayed {
  const engine = new Engine(program, steps);
  const trace = new TraceRecorder();
  engine.recorder = trace;
  const sent: SentFrame[] = [];
  const journey = send(engine, trace, witness, sent, ttl);
  const delivered = journey.steps
    .filter(({ outcome }) => outcome.verdict === 'deliver')
    .map(({ place }) => program.devices[place.device]?.id ?? '');
  return { journey, sent, delivered };
}

function send(
  engine: Engine,
  trace: TraceRecorder,
  witness: Witness,
  sent: SentFrame[],
  ttl: number | null,
): Journey {
  const opened = openedBy(engine, trace, witness, sent);
  const first = witness.carrier === null ? witness : witness.carrier.around;
  const inner = living(frameOf(witness, opened), ttl);
  const frame =
    witness.carrier === null ? inner : carried(witness.carrier.around, witness.carrier.segment, inner);
  const place = engine.program.hosts[first.host]?.wire;
  if (place === undefined) throw new Error('a witness is sent by a machine of the program');
  const device = engine.program.hosts[first.host]?.device ?? -1;
  sent.push({ from: engine.program.devices[device]?.id ?? '', frame });
  const id = engine.begin(place, frame);
  engine.run();
  const journey = trace.journey(id);
  if (journey === null) throw new Error('a journey that began is kept');
  return journey;
}

/** What a witness answers, as whoever sends the witness knows it. */
function openedBy(
  engine: Engine,
  trace: TraceRecorder,
  { opening, host, packet }: Witness,
  sent: SentFrame[],
): IpPacket | null {
  if (opening === null) return null;
  const journey = send(engine, trace, opening, sent, null);
  const goesAlong = packet.icmpError && packet.target === opening.packet.target;
  if (opening.host !== host && !goesAlong) return openedPacket(journey);
  // who stands on the opener's side knows it as it was sent, and complains about the answer to that
  return isIp(journey.frame.body) ? journey.frame.body : null;
}

/**
 * The opening as it left its last translator, or where there is none, a firewall that tracks it, or else as it arrived. Whoever
 * answers it knows the port that was picked, also where it goes on to nobody.
 */
function openedPacket(journey: Journey): IpPacket | null {
  const translations = journey.steps.filter(({ stage }) => stage.kind === 'translate');
  const body = translations.at(-1)?.outcome.frame?.body;
  if (isIp(body)) return body;
  const tracked = journey.steps.find(
    ({ stage, outcome }) => stage.kind === 'filter' && outcome.effect !== null,
  );
  const last = tracked ?? journey.steps.find(({ outcome }) => outcome.verdict === 'deliver');
  return isIp(last?.before.body) ? last.before.body : null;
}

function frameOf(witness: Witness, opened: IpPacket | null): Frame {
  const { target, source, vlan } = witness.link;
  const tag = vlan === null ? null : { id: vlan, priority: 0, dropEligible: false };
  return { link: { target, source, vlan: tag }, body: packetOf(witness.packet, opened) };
}

function living(frame: Frame, ttl: number | null): Frame {
  const { link, body } = frame;
  return ttl === null || !isIp(body) ? frame : { link, body: recomputeChecksums({ ...body, ttl }) };
}

/** A packet with this header. An answer answers what was opened: its port, its handshake, or an error that quotes it. */
function packetOf(header: PacketHeader, opened: IpPacket | null): IpPacket {
  const { source, target, protocol, sourcePort } = header;
  const openedFlow = opened === null ? null : flowOf(opened);
  const targetPort: Port = openedFlow?.sourcePort ?? header.targetPort;
  if (header.icmpError) {
    const offending = offendingPacket(source, target, opened);
    return icmpErrorPacket({ source, target, error: 'portUnreachable', offending });
  }
  // in the other family the number of ICMP is that of nothing
  if (protocol === PROTOCOL[isIpv6(source) ? 'icmp' : 'icmpv6']) return bare(header);
  switch (protocol) {
    case PROTOCOL.tcp: {
      const flags = opened === null ? TCP.syn : TCP.syn | TCP.ack;
      return tcpPacket({ source, target, sourcePort, targetPort, sequence: 1, flags });
    }
    case PROTOCOL.udp:
      return udpPacket({ source, target, sourcePort, targetPort });
    case PROTOCOL.icmp:
    case PROTOCOL.icmpv6: {
      const direction = opened === null ? 'request' : 'reply';
      const identifier = openedFlow?.sourcePort ?? sourcePort;
      return echoPacket({ source, target, direction, identifier, sequence: 1 });
    }
    default:
      return bare(header);
  }
}

/** What an ICMP error complains about: the opening, its answer if the error goes the opening's way, or anything. */
function offendingPacket(source: Ip, target: Ip, opened: IpPacket | null): IpPacket {
  if (opened === null) {
    return udpPacket({ source: target, target: source, sourcePort: port(1), targetPort: port(1) });
  }
  const flow = flowOf(opened);
  if (flow === null || opened.source === target) return opened;
  return translate(opened, flow.target, flow.targetPort, flow.source, flow.sourcePort);
}

/** A packet of a protocol that this model does not look into. */
function bare({ source, target, protocol }: PacketHeader): IpPacket {
  const shape = udpPacket({ source, target, sourcePort: port(1), targetPort: port(1) });
  const kept = { ...shape.kept, protocol, nextHeader: protocol };
  const body: IpPacket['body'] =
    protocol === PROTOCOL.esp
      ? { kind: 'esp', spi: 1, sequence: 1, sealed: NO_BYTES }
      : { kind: 'opaque-body', payload: NO_BYTES };
  return recomputeChecksums({ ...shape, kept, body } as IpPacket);
}

/** A frame inside a forged wrapper, as a machine at the edge would send it. */
function carried(around: Witness, segment: number, inner: Frame): Frame {
  const outer = frameOf(around, null);
  if (!isIp(outer.body) || outer.body.body.kind !== 'udp') return outer;
  const { source } = outer.body.body;
  return {
    link: outer.link,
    body: recomputeChecksums({
      ...outer.body,
      body: {
        kind: 'udp',
        source,
        target: port(VXLAN_PORT),
        checksum: 0,
        body: { kind: 'vxlan', segment, inner },
      },
    }),
  };
}
