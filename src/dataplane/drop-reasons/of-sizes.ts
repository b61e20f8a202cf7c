import type { DropExplanation } from './explanation.ts';

/** About packets that are too long, and datagrams in pieces. */
export type SizeReason =
  | 'mtu.exceeded'
  | 'fragment.overlap'
  | 'fragment.duplicate'
  | 'fragment.malformed'
  | 'fragment.incomplete'
  | 'fragment.no-room';

export const SIZE_REASONS: { readonly [Code in SizeReason]: DropExplanation } = {
  'mtu.exceeded': {
    title: 'the packet is longer than the link carries',
    meaning:
      'Every link has a longest packet, its MTU. A router cuts what is longer, unless its sender forbids that (DF): then it drops it and tells the sender which length would fit (RFC 1191). Switches and tunnel ends never cut (RFC 7348 4.3); a tunnel end tells a sender that forbids it, a switch tells nobody.',
    elsewhere: 'IpFragFails, ICMP fragmentation needed (Linux), PKT_TOO_BIG (Linux)',
    icmp: '3/4 with the MTU of the link, from a router or tunnel end, where DF is set',
    shownBy: 'scenarios/mtu.yaml',
  },
  'fragment.overlap': {
    title: 'pieces of the datagram overlap',
    meaning:
      'Two pieces claim the same bytes of a datagram, or a byte behind its end. Whoever puts it together and whoever inspects it could read it differently, so all of it is dropped, and what still comes of it (RFC 5722).',
    elsewhere: 'IpReasmFails, FRAG_REASM (Linux)',
    icmp: null,
    shownBy: 'scenarios/mtu.yaml',
  },
  'fragment.duplicate': {
    title: 'this piece is here already',
    meaning:
      'The same piece of a datagram came twice, byte for byte. One copy is enough; the datagram is none the worse (RFC 8200 4.5).',
    elsewhere: 'DUP_FRAG (Linux)',
    icmp: null,
  },
  'fragment.malformed': {
    title: 'no datagram has such a piece',
    meaning:
      'A piece that is not the last has a length that is no multiple of 8, a piece has no data, or the whole would be longer than 65,535 bytes (RFC 791); or some pieces are ECN-capable and others are not (RFC 3168 5.3).',
    elsewhere: 'IpReasmFails (Linux)',
    icmp: null,
  },
  'fragment.incomplete': {
    title: 'the rest of the datagram never came',
    meaning:
      'The first of its pieces waited for 60 s for the others (RFC 1122 3.3.2). Without the first bytes nobody can say whose datagram it was, so its sender hears of it only if these came.',
    elsewhere: 'IpReasmTimeout, FRAG_REASM_TIMEOUT (Linux)',
    icmp: '11/1 from whom it was addressed to, if the first piece came',
    shownBy: 'scenarios/mtu.yaml',
  },
  'fragment.no-room': {
    title: 'too many datagrams wait for their rest',
    meaning:
      'A place puts together 256 datagrams at once. A flood of lone pieces fills that and harms no whole packet (RFC 4787 REQ-14a).',
    elsewhere: 'ipfrag_high_thresh (Linux)',
    icmp: null,
  },
};
