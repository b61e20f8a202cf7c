import type { DropExplanation } from './explanation.ts';

/** On links and in switches. */
export type LinkReason =
  | 'vlan.unknown'
  | 'vlan.not-allowed'
  | 'switch.same-port'
  | 'switch.unknown-station'
  | 'switch.reserved-address'
  | 'switch.no-member'
  | 'link.down'
  | 'link.lost'
  | 'link.damaged'
  | 'run.too-many-hops';

export const LINK_REASONS: { readonly [Code in LinkReason]: DropExplanation } = {
  'vlan.unknown': {
    title: 'no subinterface for this VLAN',
    meaning: 'The router has no subinterface for the tag of the frame, or the frame has no tag.',
    elsewhere: null,
    icmp: null,
  },
  'vlan.not-allowed': {
    title: 'the port does not carry this VLAN',
    meaning:
      'Ingress filtering of IEEE 802.1Q: a trunk carries only its VLANs, an access port takes only untagged frames.',
    elsewhere: null,
    icmp: null,
  },
  'switch.same-port': {
    title: 'the station is where the frame came from',
    meaning: 'A bridge never sends a frame back out of the port it came in by.',
    elsewhere: null,
    icmp: null,
  },
  'switch.unknown-station': {
    title: 'the provider’s fabric knows no such station',
    meaning:
      'The fabric between servers learns and floods nothing: its stations are programmed, and this is none of them.',
    elsewhere: null,
    icmp: null,
  },
  'switch.reserved-address': {
    title: 'a reserved group address, or a group as source',
    meaning:
      'Bridges do not forward 01:80:c2:00:00:00 to 0f, and drop frames whose source is a group address (IEEE 802.1Q clause 8).',
    elsewhere: null,
    icmp: null,
  },
  'switch.no-member': {
    title: 'no other port carries this VLAN',
    meaning: 'The frame would be flooded, but its VLAN has no other port.',
    elsewhere: null,
    icmp: null,
  },
  'link.down': {
    title: 'the link is down',
    meaning: 'The link, or a device at its end, has failed.',
    elsewhere: null,
    icmp: null,
    shownBy: 'scenarios/refusals.yaml',
  },
  'link.lost': {
    title: 'lost on an impaired link',
    meaning:
      'The link works, but `impair` made it lose a share of its frames. Which ones is decided by the seed of the run, and the same seed loses the same frames again. Nobody is told: TCP notices that no acknowledgement comes and sends again, UDP and ICMP do not.',
    elsewhere: 'loss (tc-netem)',
    icmp: null,
    shownBy: 'scenarios/misfortune.yaml',
  },
  'link.damaged': {
    title: 'damaged on an impaired link beyond reading',
    meaning:
      'One bit of the frame was turned over by `impair`, and what is left contradicts itself: a length that is too great, say. A frame whose damage can still be read goes on, and the first that looks at the checksum drops it; one that no checksum protects, such as ARP, is dropped here as by the check sequence of the link.',
    elsewhere: 'corrupt (tc-netem)',
    icmp: null,
  },
  'run.too-many-hops': {
    title: 'the packet was still travelling at the hop limit',
    meaning:
      'A packet crossed more links than any TTL allows. A TTL ends what routers send round; this ends what no router sees.',
    elsewhere: 'LOOP (Batfish)',
    icmp: null,
  },
};
