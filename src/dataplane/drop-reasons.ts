/**
 * Why the simulated network dropped a packet: one entry a reason, stable for ever.
 *
 * A drop is a verdict of the network, not an error of ours or of the user. `title` completes
 * "dropped: …"; `meaning` is what `vnsim explain CODE` prints; `elsewhere` says what other tools call it;
 * `icmp` is what the sender hears, `shownBy` where to watch it.
 */
export interface DropExplanation {
  readonly title: string;
  readonly meaning: string;
  readonly elsewhere: string | null;
  readonly icmp: string | null;
  /** a scenario in which it happens; a reason that only forged frames meet has a test instead */
  readonly shownBy?: string;
}

/** Codes are `room.reason`; each stands in {@link DROP_REASONS} and in a scenario or test that shows it. */
export type DropReason =
  | 'guard.spoofed-mac'
  | 'guard.spoofed-address'
  | 'guard.tagged'
  | 'firewall.deny'
  | 'mapping.none'
  | 'mapping.other-subnet'
  | 'mapping.not-unicast'
  | 'route.none'
  | 'route.blackhole'
  | 'ttl.expired'
  | 'ipv4.bad-checksum'
  | 'accept.not-for-me'
  | 'accept.not-my-address'
  | 'accept.not-ip'
  | 'accept.not-unicast'
  | 'wrap.unknown-segment'
  | 'wrap.unknown-peer'
  | 'wrap.unknown-station'
  | 'wrap.malformed'
  | 'nat.not-translated'
  | 'nat.no-flow'
  | 'nat.ports-exhausted'
  | 'nat.bad-checksum'
  | 'neighbour.unreachable'
  | 'neighbour.queue-full'
  | 'vlan.unknown'
  | 'vlan.not-allowed'
  | 'switch.same-port'
  | 'switch.unknown-station'
  | 'switch.reserved-address'
  | 'switch.no-member'
  | 'link.down'
  | 'run.too-many-hops';

export const DROP_REASONS: { readonly [Code in DropReason]: DropExplanation } = {
  'guard.spoofed-mac': {
    title: 'the link address is not the sender’s own',
    meaning:
      'A guest sent a frame whose source link address belongs to somebody else. The virtual port lets a guest send only as itself.',
    elsewhere: 'ENI_SOURCE_DEST_CHECK_RESTRICTION (AWS)',
    icmp: null,
  },
  'guard.spoofed-address': {
    title: 'the source address is not the sender’s own',
    meaning:
      'A guest sent a packet, or an ARP message, with a source address that its interface does not have. The source check of the virtual port refuses it; only an instance that forwards for others may have that check off.',
    elsewhere: 'ENI_SOURCE_DEST_CHECK_RESTRICTION (AWS)',
    icmp: null,
    shownBy: 'scenarios/refusals.yaml',
  },
  'guard.tagged': {
    title: 'a guest may not send VLAN tags',
    meaning:
      'The frame carries an 802.1Q tag, which a virtual port does not accept: VLANs belong to the provider’s rack.',
    elsewhere: null,
    icmp: null,
  },
  'firewall.deny': {
    title: 'no rule of the firewall allows it',
    meaning:
      'Firewalls of virtual network interfaces hold rules that allow; what no rule allows, and what belongs to no connection that one allowed, is dropped without an answer. The explanation lists each rule and the first field on which it failed.',
    elsewhere: 'DENIED_IN, DENIED_OUT (Batfish), ENI_SG_RULES_MISMATCH (AWS)',
    icmp: null,
    shownBy: 'scenarios/refusals.yaml',
  },
  'mapping.none': {
    title: 'the virtual network has no such address',
    meaning:
      'The mapping service knows every interface of a virtual network. It has none with this address in the sender’s network; that another network has the same address makes no difference.',
    elsewhere: 'NO_POSSIBLE_DESTINATION (AWS)',
    icmp: null,
    shownBy: 'scenarios/refusals.yaml',
  },
  'mapping.other-subnet': {
    title: 'a link address reaches only its own subnet',
    meaning:
      'The frame names an interface of another subnet by its link address. Between subnets only the router forwards.',
    elsewhere: null,
    icmp: null,
  },
  'mapping.not-unicast': {
    title: 'virtual networks carry no broadcast or multicast',
    meaning:
      'A virtual network floods nothing: address resolution is answered by the mapping service, and broadcasts end at the port.',
    elsewhere: null,
    icmp: null,
    shownBy: 'scenarios/refusals.yaml',
  },
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
  'wrap.unknown-segment': {
    title: 'the tunnel end has no such segment',
    meaning:
      'The wrapper names a VXLAN segment of which this tunnel end holds no interface (RFC 7348 section 5).',
    elsewhere: null,
    icmp: null,
  },
  'wrap.unknown-peer': {
    title: 'the wrapper comes from a stranger',
    meaning:
      'The wrapper’s source is not a tunnel end that holds interfaces of this virtual network. A forged wrapper ends here: one network can’t inject into another.',
    elsewhere: null,
    icmp: null,
  },
  'wrap.unknown-station': {
    title: 'the wrapped frame is for nobody here',
    meaning:
      'The segment is known, but no interface of it behind this tunnel end has the inner link address.',
    elsewhere: null,
    icmp: null,
  },
  'wrap.malformed': {
    title: 'not a VXLAN packet',
    meaning:
      'What reached the tunnel end is not a wrapped frame for its address: another protocol, another port or a congestion mark that must not be lost (RFC 6040).',
    elsewhere: null,
    icmp: null,
  },
  'nat.not-translated': {
    title: 'the NAT instance forwards only what it translates',
    meaning:
      'A NAT instance is no general router: on the customer’s side it takes only packets to its own address there, and only TCP, UDP, ICMP echo and ICMP errors about them.',
    elsewhere: null,
    icmp: null,
  },
  'nat.no-flow': {
    title: 'nobody asked for this packet',
    meaning:
      'The packet came from the HSM’s side and belongs to no connection that a customer’s device opened. The NAT instance lets nothing unsolicited into the customer’s network.',
    elsewhere: null,
    icmp: null,
    shownBy: 'scenarios/unsolicited.yaml',
  },
  'nat.ports-exhausted': {
    title: 'no free port is left for a new connection',
    meaning:
      'Every port of the inward address is taken by a live connection of this protocol to this target. Existing connections go on; a new one needs a port that has expired.',
    elsewhere: 'ErrorPortAllocation (AWS NAT gateway metric)',
    icmp: null,
  },
  'nat.bad-checksum': {
    title: 'a damaged packet opens no connection',
    meaning:
      'The transport checksum of the first packet of a connection does not fit, or that of an ICMP error or of the header that it quotes. A NAT instance opens nothing for it and passes nothing on (RFC 5508 REQ-3).',
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
  'run.too-many-hops': {
    title: 'the packet was still travelling at the hop limit',
    meaning:
      'A packet crossed more places than any path needs. Networks built by vnsim do not loop; this is the last safeguard.',
    elsewhere: 'LOOP (Batfish)',
    icmp: null,
  },
};
