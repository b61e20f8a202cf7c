import { type Ip, isIpv6, type Mac, mac, type Port, port } from '../address/index.ts';
import { isIcmp, PROTOCOL } from '../packet/index.ts';
import type { HostPort, PlaceId, Program } from '../program/index.ts';
import { type AddressSpace, addressSpace } from './address-space.ts';
import {
  type Box,
  EVERYTHING,
  FIELD,
  FIELDS,
  type Field,
  first,
  ICMP_ERROR,
  last,
  withRange,
} from './boxes.ts';
import { ANY, narrow, narrowHeader, type SetNode, type Wrapped } from './set-node.ts';

/**
 * One frame that a machine can send, and what becomes of it: for the engine to replay.
 *
 * The machine puts exactly this frame on its wire: it enters at the machine's `port`.
 */
export interface Witness {
  /** the sender, index into `Program.hosts` */
  readonly host: number;
  readonly link: { readonly target: Mac; readonly source: Mac; readonly vlan: number | null };
  /** as sent */
  readonly packet: PacketHeader;
  /** as it is where the witness ends */
  readonly arrives: PacketHeader;
  /** every place on the way, the first one behind the sender's link first */
  readonly path: readonly PlaceId[];
  /**
   * For an answer through a translator: what opens the connection, to be sent first. The translator alone
   * knows which port it picked, so the replay takes the answer's target port from the opening as the translator let
   * it out: the last place of the opening's path. An ICMP error quotes that packet; one that travels with the
   * opening, to the same target, quotes the answer to it.
   */
  readonly opening: Witness | null;
  /** for a packet inside a forged wrapper: the VXLAN segment and the packet around, which is what is really sent */
  readonly carrier: { readonly segment: number; readonly around: Witness } | null;
}

export interface PacketHeader {
  readonly source: Ip;
  readonly target: Ip;
  /** IANA number; 1 or 58 also for an ICMP error */
  readonly protocol: number;
  /** an ICMP error (RFC 792 types 3, 4, 5, 11, 12) about the opening, or about any packet where there is none */
  readonly icmpError: boolean;
  /** for an ICMP echo the identifier; without meaning where the protocol has no ports */
  readonly sourcePort: Port;
  readonly targetPort: Port;
}

/** Picks one frame from a set, preferring what an honest machine would have chosen. */
export function pickWitness(program: Program, node: SetNode): Witness {
  const host = program.hosts[node.sender.host] as HostPort;
  const { header } = innermost(node);
  const space = addressSpace(program);
  const own = space.numberOf(host.address);
  const now = pin(header.now, own);
  const chosen = narrowHeader(header, now) ?? header;
  const sent = pin(chosen.sent, own);
  const { carrier, host: sender } = node.sender;
  const opening = node.opening === null ? null : pickWitness(program, openingOf(node.opening, now));
  return {
    host: sender,
    link: linkOf(node, host),
    packet: headerOf(space, opening === null ? sent : towards(sent, chosen.sent, opening)),
    arrives: headerOf(space, now),
    path: pathOf(node),
    opening,
    carrier:
      carrier === null ? null : { segment: carrier.segment, around: pickWitness(program, carrier.around) },
  };
}

/** Of several sets the one whose witness is easiest to follow: unasked, no error, no forged wrapper. */
export function plainest(nodes: readonly SetNode[]): SetNode | null {
  const trouble = ({ sender, opening, header }: SetNode): number =>
    (sender.carrier === null ? 0 : 4) +
    (opening === null ? 0 : 2) +
    (first(header.now, FIELD.protocol) === ICMP_ERROR ? 1 : 0);
  let best: SetNode | null = null;
  for (const node of nodes) if (best === null || trouble(node) < trouble(best)) best = node;
  return best;
}

function innermost(node: SetNode): SetNode | Wrapped {
  let layer: SetNode | Wrapped = node;
  while (layer.inner !== null) layer = layer.inner;
  return layer;
}

/** Of what could have opened the connection, the part whose answer this is. */
function openingOf(opening: SetNode, answer: Box): SetNode {
  const one = (field: Field): number => first(answer, field);
  const sender = withRange(EVERYTHING, FIELD.source, one(FIELD.target), one(FIELD.target));
  const from = narrow(opening, sender) ?? opening;
  if (one(FIELD.protocol) === ICMP_ERROR) return from;
  const callee = withRange(
    withRange(EVERYTHING, FIELD.target, one(FIELD.source), one(FIELD.source)),
    FIELD.protocol,
    one(FIELD.protocol),
    one(FIELD.protocol),
  );
  const towards = narrow(from, callee) ?? from;
  if (isIcmp(one(FIELD.protocol))) return towards;
  const sourcePort = withRange(EVERYTHING, FIELD.sourcePort, one(FIELD.targetPort), one(FIELD.targetPort));
  const called = withRange(sourcePort, FIELD.targetPort, one(FIELD.sourcePort), one(FIELD.sourcePort));
  return narrow(towards, called) ?? towards;
}

/** The answer's target port, as far as the set leaves it open, is what the opening's source port was. */
function towards(sent: Box, choices: Box, opening: Witness): Box {
  const { protocol, sourcePort } = opening.packet;
  if (protocol !== first(sent, FIELD.protocol)) return sent;
  const echo = isIcmp(protocol);
  let box = sent;
  for (const field of echo ? [FIELD.sourcePort, FIELD.targetPort] : [FIELD.targetPort]) {
    const open = first(choices, field) <= sourcePort && sourcePort <= last(choices, field);
    if (open) box = withRange(box, field, sourcePort, sourcePort);
  }
  return box;
}

/** One header of a box, as a box. */
function pin(box: Box, own: number): Box {
  const preferred = preferences(own);
  return FIELDS.flatMap((field) => {
    const [from, to] = [first(box, field), last(box, field)];
    const value = preferred[field].find((choice) => from <= choice && choice <= to) ?? from;
    return [value, value];
  });
}

const DOCUMENTATION = 0xc6336401; // 198.51.100.1, RFC 5737
const EPHEMERAL = 49152; // RFC 6335 section 6

function preferences(own: number): { readonly [F in Field]: readonly number[] } {
  return [
    [own, DOCUMENTATION],
    [DOCUMENTATION],
    [PROTOCOL.udp, PROTOCOL.tcp, PROTOCOL.icmp, PROTOCOL.icmpv6],
    [EPHEMERAL, 1024],
    [EPHEMERAL, 1024],
  ];
}

function headerOf(space: AddressSpace, box: Box): PacketHeader {
  const protocol = first(box, FIELD.protocol);
  const source = space.addressOf(first(box, FIELD.source));
  const icmp = isIpv6(source) ? PROTOCOL.icmpv6 : PROTOCOL.icmp;
  return {
    source,
    target: space.addressOf(first(box, FIELD.target)),
    protocol: protocol === ICMP_ERROR ? icmp : protocol,
    icmpError: protocol === ICMP_ERROR,
    sourcePort: port(first(box, FIELD.sourcePort)),
    targetPort: port(first(box, FIELD.targetPort)),
  };
}

/** The box that holds one header. */
export function boxOf(
  space: AddressSpace,
  { source, target, protocol, icmpError, sourcePort, targetPort }: PacketHeader,
): Box {
  const kind = icmpError ? ICMP_ERROR : protocol;
  return [space.numberOf(source), space.numberOf(target), kind, sourcePort, targetPort].flatMap((value) => [
    value,
    value,
  ]);
}

/** A locally administered address that belongs to nobody: nothing on the way looked at the link target. */
const SOMEBODY = mac(0x02_00_00_00_00_01);

function linkOf(node: SetNode, host: HostPort): Witness['link'] {
  const { target, source, vlan } = node.sent;
  return {
    target: target === ANY ? SOMEBODY : target,
    source: source === ANY ? host.mac : source,
    vlan: vlan === ANY ? null : vlan,
  };
}

/** The places of a set's way, the first first. */
export function pathOf(node: SetNode): readonly PlaceId[] {
  const path: PlaceId[] = [];
  for (let here: SetNode | null = node; here !== null; here = here.before) path.push(here.place);
  return path.reverse();
}
