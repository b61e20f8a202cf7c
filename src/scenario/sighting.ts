import { type Cidr, contains, formatCidr, formatIp, widthOf } from '../address/index.ts';
import type { Journey } from '../dataplane/index.ts';
import { type Frame, flowOf, type IpPacket, isIp, isVxlan, PROTOCOL } from '../packet/index.ts';
import { type Device, type Program, protocolOf } from '../program/index.ts';
import { nameIn } from './path.ts';
import type { Observer, Sighting } from './scenario.ts';

/** A packet as some device had it, however it was wrapped. */
export interface Seen {
  readonly device: Device;
  readonly packet: IpPacket;
  /** not a packet there, but a part of one in an ICMP error: enough to give an address away */
  readonly quoted: boolean;
}

/** Every IP packet that any device had in these journeys, wrapped packets included. ARP is not looked at. */
export function* sightings(program: Program, journeys: readonly Journey[]): Generator<Seen, void, undefined> {
  for (const { steps } of journeys) {
    for (const { place, before, outcome } of steps) {
      const device = program.devices[place.device];
      if (device === undefined) continue;
      for (const frame of outcome.frame === null ? [before] : [before, outcome.frame]) {
        for (const found of packetsIn(frame)) yield { device, ...found };
      }
    }
  }
}

function* packetsIn(frame: Frame): Generator<Omit<Seen, 'device'>, void, undefined> {
  if (!isIp(frame.body)) return;
  yield { packet: frame.body, quoted: false };
  const { body } = frame.body;
  if (body.kind === 'icmp-error') yield { packet: body.quote.packet, quoted: true };
  if (body.kind === 'udp' && isVxlan(body.body)) yield* packetsIn(body.body.inner);
}

export function isAt(observer: Observer, device: Device): boolean {
  switch (observer.kind) {
    case 'anywhere':
      return true;
    case 'customer':
      return device.owner === observer.customer;
    case 'device':
      return device.id === observer.device.id;
  }
}

export function fits(sighting: Sighting, packet: IpPacket): boolean {
  const flow = flowOf(packet);
  return (
    inBlock(sighting.sourceBlock, packet.source) &&
    inBlock(sighting.targetBlock, packet.target) &&
    (sighting.ttl === null || sighting.ttl === packet.ttl) &&
    (sighting.sourcePort === null || sighting.sourcePort === flow?.sourcePort) &&
    (sighting.targetPort === null || sighting.targetPort === flow?.targetPort) &&
    (sighting.protocol === null || PROTOCOL[sighting.protocol] === protocolOf(packet))
  );
}

export function inBlock(block: Cidr | null, address: IpPacket['source']): boolean {
  return block === null || contains(block, address);
}

/** What a sighting looks for, in words: `source 192.168.0.55, target 10.10.0.3 at hsm-326`. */
export function sightingText(program: Program, sighting: Sighting): string {
  const parts: string[] = [];
  if (sighting.protocol !== null) parts.push(sighting.protocol);
  if (sighting.sourceBlock !== null) parts.push(`source ${blockText(sighting.sourceBlock)}`);
  if (sighting.targetBlock !== null) parts.push(`target ${blockText(sighting.targetBlock)}`);
  if (sighting.sourcePort !== null) parts.push(`source port ${sighting.sourcePort}`);
  if (sighting.targetPort !== null) parts.push(`target port ${sighting.targetPort}`);
  if (sighting.ttl !== null) parts.push(`ttl ${sighting.ttl}`);
  return `${parts.length === 0 ? 'any packet' : parts.join(', ')} ${observerText(program, sighting.at)}`;
}

export function blockText(block: Cidr): string {
  return block.prefix === widthOf(block.address) ? formatIp(block.address) : formatCidr(block);
}

function observerText(program: Program, observer: Observer): string {
  switch (observer.kind) {
    case 'anywhere':
      return 'anywhere';
    case 'customer':
      return `at any device of ${observer.customer}`;
    case 'device':
      return `at ${nameIn(program, observer.device)}`;
  }
}

/** A packet in words, as little as tells it apart: `192.168.0.55 → 10.10.0.3 ttl 61`. */
export function packetText(packet: IpPacket): string {
  return `${formatIp(packet.source)} → ${formatIp(packet.target)} ttl ${packet.ttl}`;
}
