/**
 * FIG. 3 as one writes it on the first day: addresses as text, a packet copied by spread at each hop, connections in
 * a `Map` keyed by text. No ARP, no checksums, no explanations: a baseline, and a kind one.
 */
interface Packet {
  readonly source: string;
  readonly sourcePort: number;
  readonly target: string;
  readonly targetPort: number;
  readonly ttl: number;
  readonly outer?: { readonly source: string; readonly target: string; readonly segment: number } | undefined;
  readonly vlan?: number | undefined;
}

const forward = new Map<string, number>();
const back = new Map<string, { readonly source: string; readonly sourcePort: number }>();

export function naiveRoundTrip(sourcePort: number): number {
  let packet: Packet = { source: '10.0.0.7', sourcePort, target: '10.0.0.201', targetPort: 1792, ttl: 64 };
  packet = wrapped(packet, '100.64.0.17', '100.64.0.18', 5001);
  packet = { ...packet, outer: undefined };
  packet = translated(packet);
  packet = wrapped(packet, '100.64.0.18', '100.64.0.1', 5002);
  packet = { ...packet, outer: undefined, ttl: packet.ttl - 1, vlan: 101 };
  packet = { ...packet, ttl: packet.ttl - 1 };
  packet = { ...packet, vlan: undefined };

  const { source, target, targetPort } = packet;
  packet = { source: target, sourcePort: targetPort, target: source, targetPort: packet.sourcePort, ttl: 64 };
  packet = { ...packet, vlan: 101 };
  packet = { ...packet, ttl: packet.ttl - 1 };
  packet = { ...packet, ttl: packet.ttl - 1, vlan: undefined };
  packet = wrapped(packet, '100.64.0.1', '100.64.0.18', 5002);
  packet = { ...packet, outer: undefined };
  packet = untranslated(packet);
  packet = wrapped(packet, '100.64.0.18', '100.64.0.17', 5001);
  packet = { ...packet, outer: undefined };
  return packet.ttl + packet.targetPort;
}

function wrapped(packet: Packet, source: string, target: string, segment: number): Packet {
  return { ...packet, outer: { source, target, segment } };
}

function translated(packet: Packet): Packet {
  const key = `${packet.source}:${packet.sourcePort}>${packet.target}:${packet.targetPort}`;
  let port = forward.get(key);
  if (port === undefined) {
    port = packet.sourcePort;
    forward.set(key, port);
    back.set(`192.168.0.55:${port}`, { source: packet.source, sourcePort: packet.sourcePort });
  }
  return { ...packet, source: '192.168.0.55', sourcePort: port, target: '10.10.0.3', ttl: packet.ttl - 1 };
}

function untranslated(packet: Packet): Packet {
  const client = back.get(`${packet.target}:${packet.targetPort}`);
  if (client === undefined) return packet;
  const { source, sourcePort } = client;
  return { ...packet, source: '10.0.0.201', target: source, targetPort: sourcePort, ttl: packet.ttl - 1 };
}
