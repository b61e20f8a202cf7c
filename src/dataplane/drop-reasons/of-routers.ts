import type { DropExplanation } from './explanation.ts';

/** At interfaces with an IP address, and in routing. */
export type RouterReason =
  | 'route.none'
  | 'route.blackhole'
  | 'ttl.expired'
  | 'ipv4.bad-checksum'
  | 'accept.not-for-me'
  | 'accept.not-my-address'
  | 'accept.not-ip'
  | 'accept.not-unicast'
  | 'accept.martian'
  | 'answer.closed'
  | 'answer.ignored'
  | 'accept.void-discovery'
  | 'options.malformed'
  | 'options.source-route'
  | 'neighbour.unreachable'
  | 'neighbour.queue-full';

export const ROUTER_REASONS: { readonly [Code in RouterReason]: DropExplanation } = {
  'route.none': {
    title: 'no route matches the target',
    meaning:
      'No prefix of the routing table contains the target address, and the table has no default route.',
    elsewhere: 'NO_ROUTE (Batfish), NO_ROUTE_TO_DESTINATION (AWS)',
    icmp: '3/0 from a router; silence from a virtual network',
    shownBy: 'scenarios/refusals.yaml',
  },
  'route.blackhole': {
    title: 'the route leads nowhere on purpose',
    meaning:
      'The longest matching prefix is a blackhole: what it was made for is gone, or somebody wanted silence.',
    elsewhere: 'NULL_ROUTE (Batfish), BAD_STATE_ROUTE (AWS)',
    icmp: null,
  },
  'ttl.expired': {
    title: 'the time to live ran out',
    meaning:
      'A router takes one off the TTL of each packet that it forwards, and drops one that would leave with none (RFC 1812 5.3.1).',
    elsewhere: null,
    icmp: '11/0',
    shownBy: 'scenarios/refusals.yaml',
  },
  'ipv4.bad-checksum': {
    title: 'the IPv4 header checksum is wrong',
    meaning:
      'The first IP interface that sees a header whose checksum does not add up drops it without an answer (RFC 1812 5.2.2).',
    elsewhere: null,
    icmp: null,
  },
  'accept.void-discovery': {
    title: 'the neighbour discovery message is void',
    meaning:
      'A solicitation or advertisement must arrive with hop limit 255, so that only a neighbour can have sent it, and with a right checksum (RFC 4861 7.1).',
    elsewhere: null,
    icmp: null,
  },
  'accept.not-for-me': {
    title: 'the frame is for another link address',
    meaning:
      'A bridge flooded the frame, or somebody forged it: this interface has another link address and ignores it.',
    elsewhere: null,
    icmp: null,
  },
  'accept.not-my-address': {
    title: 'the packet is for another address',
    meaning:
      'The machine is not a router: a packet that reaches it with a target address that is not its own is ignored.',
    elsewhere: null,
    icmp: null,
  },
  'accept.not-ip': {
    title: 'neither IPv4 nor ARP',
    meaning: 'The interface understands IPv4 and ARP; the frame carries something else.',
    elsewhere: null,
    icmp: null,
  },
  'accept.not-unicast': {
    title: 'a broadcast is not forwarded',
    meaning:
      'A packet that came as a link-layer broadcast, or is addressed to one, is not forwarded by a router (RFC 1812 5.3.4).',
    elsewhere: null,
    icmp: null,
  },
  'accept.martian': {
    title: 'an address that nobody can have',
    meaning:
      'The source is loopback (127/8), 0/8, multicast, the limited broadcast or the receiver’s own address, or the target is loopback or 0/8. No such packet belongs on a wire, and whoever takes it in drops it without an answer (RFC 1812 5.3.7).',
    elsewhere: 'martian source (Linux log)',
    icmp: null,
  },
  'answer.closed': {
    title: 'nothing listens at the router itself',
    meaning:
      'The packet is for an address of the router, which answers pings and nothing else: UDP is refused as a closed port, a protocol that it does not know as such.',
    elsewhere: null,
    icmp: '3/3, or 3/2',
  },
  'answer.ignored': {
    title: 'the router has no use for it',
    meaning:
      'The packet is for an address of the router, and nothing that it asked for or would answer: an echo reply, an error, a reset, a fragment, or something damaged.',
    elsewhere: null,
    icmp: null,
  },
  'options.malformed': {
    title: 'the IP options make no sense',
    meaning:
      'An option of the IPv4 header is longer than the header, shorter than its fixed part, points outside itself or stands there twice. A router that would forward the packet answers with the place of the wrong byte (RFC 1812 5.2.4.1).',
    elsewhere: null,
    icmp: '12/0',
  },
  'options.source-route': {
    title: 'the sender wants to choose the way',
    meaning:
      'The packet carries a loose or strict source route (RFC 791). Routers here follow none and give no answer, as Linux does by default: it would be a way around every firewall.',
    elsewhere: null,
    icmp: null,
  },
  'neighbour.unreachable': {
    title: 'nobody answers ARP for the next hop',
    meaning: 'Three ARP requests, a second apart, found no owner of the address (RFC 1122 2.3.2).',
    elsewhere: 'NEIGHBOR_UNREACHABLE (Batfish)',
    icmp: '3/1 from a router',
    shownBy: 'scenarios/refusals.yaml',
  },
  'neighbour.queue-full': {
    title: 'too many packets wait for the same ARP answer',
    meaning:
      'While an address is being resolved, a limited number of packets wait for it; one more is dropped.',
    elsewhere: null,
    icmp: null,
  },
};
