import type { Mismatch } from './comparison.ts';
import { DIFFERENCES_OF_SIZES } from './differences-of-sizes.ts';

/**
 * Where the simulator differs from Linux on purpose, because ours is held for right or for as good. A difference that is
 * not here fails the suite, and so does an entry here that no longer differs.
 */
export interface Difference {
  readonly name: string;
  /** in these cases, each of which must show it; `any`: wherever it is met, and somewhere it must be */
  readonly cases: readonly string[] | 'any';
  /** in these too, but not in every run: the kernel draws lots from so few that it may draw what we count to */
  readonly drawn?: readonly string[];
  readonly shows: (mismatch: Mismatch) => boolean;
  readonly kernel: string;
  readonly simulator: string;
  readonly why: string;
  readonly document: string;
}

const COLLISIONS = ['UDP', 'TCP', 'echo'].map((what) => `${what}: two clients on one port`);
/** Four ports to draw from. */
const SCARCITIES = [
  ...['UDP', 'TCP'].map((what) => `${what}: no port is left for the fifth`),
  'UDP: ports that ran out are free towards another port of the HSM',
];
const NOBODYS = ['a source in the block of nobody', 'a target in the block of nobody'];
const DAMAGED_OPEN = 'wrong checksums in an open flow';
const OUTSIDE_WINDOW = 'TCP: data far outside the window';
const CLIENT_MARTIANS = 'sources that nobody can have, from the client';

/** Types of ICMP that a device makes itself: errors and echo replies. */
function isMade({ about }: Mismatch): boolean {
  return [0, 3, 11, 12].includes(Number(about['type'] ?? -1));
}

export function isMissing(mismatch: Mismatch, side: 'kernel' | 'simulator'): boolean {
  return mismatch.field === 'presence' && mismatch[side] === 'nothing';
}

export const OWN_IDENTIFICATION: Difference = {
  name: 'the identification of packets that a device makes itself',
  cases: 'any',
  shows: (mismatch) => mismatch.field === 'identification' && isMade(mismatch),
  kernel: 'a number that nobody can foresee',
  simulator: 'the checksum of the message where a router made it, the next of a counter where a machine did',
  why: 'The same run must give the same bytes; the field means something only where packets are cut.',
  document: 'RFC 6864 section 4.1',
};

export const DIFFERENCES: readonly Difference[] = [
  ...DIFFERENCES_OF_SIZES,
  OWN_IDENTIFICATION,
  {
    name: 'the class of service of an error',
    cases: ['DSCP of a packet that draws an error'],
    shows: ({ field }) => field === 'dscp',
    kernel: 'precedence 6, and the old TOS bits of the packet that it is about',
    simulator: 'class selector 6',
    why: 'The TOS bits of RFC 1349 have become part of the code point: 6 and some of 46 is no class that anybody defined.',
    document: 'RFC 2474 section 4.2.2; RFC 1812 section 4.3.2.5',
  },
  {
    name: 'an echo reply is not ECN capable',
    cases: ['DSCP of an echo comes back in its answer'],
    shows: ({ field }) => field === 'ecn',
    kernel: 'the ECN field of the request comes back',
    simulator: 'Not-ECT',
    why: 'Nobody would react to a mark in an echo reply.',
    document: 'RFC 3168 section 5',
  },
  {
    name: 'which port the second client gets',
    cases: COLLISIONS,
    drawn: SCARCITIES,
    shows: ({ field }) => field === 'source port' || field === 'target port' || field === 'identifier',
    kernel: 'any free one of the same class',
    simulator: 'the next free one of the same class',
    why: 'Time and chance are arguments: the same run must give the same ports. Prediction by a forger is not modelled.',
    document: 'RFC 4787 REQ-3a, REQ-11; RFC 6056',
  },
  {
    name: 'damaged packets of an open flow are translated',
    cases: [DAMAGED_OPEN],
    shows: (mismatch) => isMissing(mismatch, 'kernel') && mismatch.field === 'presence',
    kernel: 'conntrack takes them for invalid and the strict rules drop them',
    simulator: 'they stay as damaged as they were, and the receiver drops them',
    why: 'A translator updates a checksum by the difference and judges nothing but what opens a mapping.',
    document: 'RFC 1624; RFC 3022 section 4.2',
  },
  {
    name: 'an error that quotes a damaged header is dropped',
    cases: ['errors that quote a wrong header checksum, a wrong UDP checksum'],
    shows: (mismatch) => isMissing(mismatch, 'simulator') && mismatch.about['type'] === 3,
    kernel: 'it passes, and the quote stays damaged',
    simulator: 'dropped; a wrong UDP checksum in the quote passes',
    why: 'A quote that is damaged may be about anybody.',
    document: 'RFC 5508 REQ-3a, REQ-3c',
  },
  {
    name: 'no window is followed',
    cases: [OUTSIDE_WINDOW],
    shows: (mismatch) => isMissing(mismatch, 'kernel'),
    kernel: 'a segment that acknowledges or carries what cannot be in flight is dropped',
    simulator: 'it passes, and the receiver answers it',
    why: 'The endpoints judge it better. A NAT that does has killed healthy connections.',
    document: 'RFC 9293 section 3.10.7.4; RFC 5382 asks for nothing of the kind',
  },
  {
    name: 'ICMP timestamps are not translated',
    cases: ['ICMP that is neither echo nor error'],
    shows: (mismatch) => isMissing(mismatch, 'simulator') && mismatch.about['type'] === 13,
    kernel: 'translated',
    simulator: 'dropped',
    why: 'Only echo has to pass; timestamps tell a stranger how somebody’s clock goes.',
    document: 'RFC 5508 REQ-10b and REQ-11',
  },
  {
    name: 'the port of a virtual machine checks its source',
    cases: [CLIENT_MARTIANS],
    shows: (mismatch) => isMissing(mismatch, 'simulator'),
    kernel:
      'a bridge forwards whatever source a machine writes; the NAT drops what lives nowhere near, but takes a neighbour',
    simulator: 'the virtual port drops it',
    why: 'A cloud network knows whose port it is.',
    document: 'RFC 2827; the source check of virtual networks in the patent’s FIG. 3',
  },
  {
    name: 'all of 0/8 is nobody’s',
    cases: NOBODYS,
    shows: (mismatch) => isMissing(mismatch, 'simulator'),
    kernel: 'since 5.3 only 0.0.0.0 is, and the rest is forwarded like any other',
    simulator: 'a source or a target in 0/8 is dropped',
    why: 'The block is "this network", and no machine outside can have or mean it.',
    document: 'RFC 1812 section 5.3.7; RFC 6890 section 2.2.2',
  },
  {
    name: 'no router writes itself into a record of the route',
    cases: ['options that a router has to act on', 'options: two records of the route'],
    shows: ({ field }) => field === 'options' || field === 'quoted options' || field === 'length',
    kernel: 'every router adds its address; a reply to an echo, and an error, brings the list back',
    simulator: 'the option is carried as it is',
    why: 'The HSM would learn the addresses on its way, and the customer those of the service network.',
    document: 'RFC 1812 section 5.3.13.5 lets a router pass it; rows T-05 and W-06',
  },
];
