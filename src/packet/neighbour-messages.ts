import { type Ipv6, ipv6, type Mac } from '../address/index.ts';
import { ipPacket } from './construction.ts';
import { groupMac, linkAddressOf, linkOption, solicitedNode } from './neighbour-discovery.ts';
import {
  type Frame,
  type Ipv6Packet,
  NEIGHBOUR,
  type NeighbourDiscovery,
  NO_BYTES,
  PROTOCOL,
  type Vlan,
} from './values.ts';

/* What ARP is to IPv4: the messages by which neighbours find each other's link addresses (RFC 4861). */

/**
 * "Who has `wanted`? Tell `asker`." To those whose address ends alike (RFC 4861 4.3, 7.2.2). A probe for a duplicate
 * has the asker :: and names no link address (RFC 4862 5.4.2).
 */
export function neighbourSolicitation(
  askerMac: Mac,
  asker: Ipv6,
  wanted: Ipv6,
  vlan: Vlan | null = null,
): Frame {
  const group = solicitedNode(wanted);
  const options = asker === 0n ? NO_BYTES : linkOption('solicitation', askerMac);
  return {
    link: { target: groupMac(group), source: askerMac, vlan },
    body: neighbourMessage(asker, group, 'solicitation', 0, wanted, options),
  };
}

/** "The address that you asked for is at `answer`." To the asker alone (RFC 4861 7.2.4), to all if it has no address yet. */
export function neighbourAdvertisement(
  request: Ipv6Packet,
  asked: NeighbourDiscovery,
  askerMac: Mac,
  answer: Mac,
  isRouter: boolean,
  vlan: Vlan | null = null,
): Frame {
  const isProbe = request.source === 0n;
  const target = isProbe ? ALL_NODES : request.source;
  const flags = (isRouter ? NEIGHBOUR.router : 0) + (isProbe ? 0 : NEIGHBOUR.solicited) + NEIGHBOUR.override;
  const options = linkOption('advertisement', answer);
  return {
    link: {
      target: isProbe ? groupMac(ALL_NODES) : (linkAddressOf(asked) ?? askerMac),
      source: answer,
      vlan,
    },
    body: neighbourMessage(asked.target, target, 'advertisement', flags, asked.target, options),
  };
}

/** ff02::1 (RFC 4291 2.7.1). */
const ALL_NODES: Ipv6 = ipv6(0xff020000000000000000000000000001n);
/** Nobody but a neighbour can send a packet that arrives with it (RFC 4861 section 3.1). */
const NEIGHBOURS_ONLY = 255;

function neighbourMessage(
  source: Ipv6,
  target: Ipv6,
  operation: NeighbourDiscovery['operation'],
  flags: number,
  about: Ipv6,
  options: Uint8Array,
): Ipv6Packet {
  const body: NeighbourDiscovery = {
    kind: 'neighbour-discovery',
    operation,
    flags,
    target: about,
    checksum: 0,
    options,
  };
  return ipPacket({ source, target, ttl: NEIGHBOURS_ONLY }, PROTOCOL.icmpv6, body);
}
