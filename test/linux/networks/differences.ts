import { type Difference, isMissing, OWN_IDENTIFICATION } from '../differences.ts';
import { isPiece } from '../differences-of-sizes.ts';

const PIECES_THROUGH_THE_GATEWAY = [
  'gateway: a datagram in pieces, both ways',
  'gateway: a datagram in pieces, and whoever puts it together understands it',
];

/** Where a virtual network of the simulator differs from Linux on purpose. */
export const NETWORK_DIFFERENCES: readonly Difference[] = [
  OWN_IDENTIFICATION,
  {
    name: 'ICMP that is neither echo nor error is judged by the rules',
    cases: ['firewall: ICMP that nobody asked for, from who may send ICMP'],
    shows: (mismatch) => isMissing(mismatch, 'kernel') && mismatch.about['type'] === 42,
    kernel: 'timestamps are tracked like echoes, and types that are not known are invalid',
    simulator: 'a rule that allows ICMP allows every such message, and nothing is remembered of it',
    why: 'Nothing that has to work depends on them, and a rule that names ICMP means all of it.',
    document: 'RFC 5508 REQ-11; RFC 1812 section 4.3.3.8',
  },
  {
    name: 'the virtual switch carries what is damaged',
    cases: ['firewall: checksums that are wrong'],
    shows: (mismatch) => isMissing(mismatch, 'kernel') && mismatch.about['header checksum'] === 'bad',
    kernel: 'a router drops a wrong header checksum, and the switch of this bench is one',
    simulator: 'the receiver drops it',
    why: 'The implicit router of a virtual network is no hop, and changes nothing that has to be summed up again.',
    document: 'RFC 1812 section 5.2.2 is about routers',
  },
  {
    name: 'reserved addresses are nobody’s in a virtual network',
    cases: ['targets that the virtual network does not carry'],
    shows: (mismatch) => mismatch.step === 5 && mismatch.simulator === 'nothing',
    kernel: 'forwards 240/4 like any other block',
    simulator: 'the virtual switch drops it',
    why: 'No interface can have such an address.',
    document: 'RFC 1112 section 4; RFC 6890 section 2.2.2',
  },
  {
    name: 'a gateway speaks under its own address',
    cases: ['gateway: TTL 1 to 4 inward'],
    shows: ({ field, kernel }) => field === 'source' && kernel === '198.51.100.7',
    kernel: 'an error about a translated packet comes back as if from the address that was called',
    simulator: 'from the gateway’s own',
    why: 'It translates addresses, and this error has none that would have to be translated.',
    document: 'RFC 1812 section 4.3.2.4; RFC 3022 section 4.3',
  },
  {
    name: 'one address for another needs no memory',
    cases: ['gateway: segments that begin nothing, outward', 'gateway: what nobody asked for, inward'],
    shows: (mismatch) => isMissing(mismatch, 'kernel'),
    kernel:
      'conntrack takes what it has no connection for, and what is damaged, for invalid and translates none of it',
    simulator: 'basic NAT translates each packet by itself; firewalls are there to judge them',
    why: 'The translation is a table of pairs. Whoever is called by a public address is called like anybody else.',
    document: 'RFC 3022 section 2.1',
  },
  {
    name: 'pieces are translated one by one',
    cases: PIECES_THROUGH_THE_GATEWAY,
    shows: isPiece,
    kernel: 'waits for the whole datagram, and sends it on in the same pieces',
    simulator: 'each goes on at once, the first with a checksum that fits the whole',
    why: 'Only addresses are changed, and every piece shows them. The receiver answers as it does in Linux.',
    document: 'RFC 3022 section 2.1',
  },
  {
    name: 'a channel carries what is of its two sites',
    cases: ['channel: from an address of the network itself'],
    shows: (mismatch) => mismatch.simulator === 'nothing',
    kernel: 'a router forwards whatever source a packet has',
    simulator: 'the gateway of the premises drops a source that is not of the premises',
    why: 'That is what the two owners have agreed on, whatever the channel is made of.',
    document: 'RFC 4301 section 4.4.1; RFC 2827',
  },
];
