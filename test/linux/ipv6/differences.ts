import { type Difference, isMissing } from '../differences.ts';
import { isPiece } from '../differences-of-sizes.ts';

/** Where FIG. 3 in IPv6 differs from Linux on purpose. */
export const DIFFERENCES6: readonly Difference[] = [
  {
    name: 'which port the second client gets',
    cases: ['IPv6: two clients on one port'],
    drawn: ['IPv6: no port is left for the fifth'],
    shows: ({ field }) => field === 'source port' || field === 'target port',
    kernel: 'any free one of the same class',
    simulator: 'the next free one of the same class',
    why: 'Time and chance are arguments: the same run must give the same ports.',
    document: 'RFC 4787 REQ-3a, REQ-11; RFC 6056',
  },
  {
    name: 'a UDP checksum of zero goes nowhere',
    cases: ['IPv6: a UDP checksum of zero opens nothing'],
    shows: (mismatch) => isMissing(mismatch, 'simulator'),
    kernel: 'a translator passes it on, and the receiver drops it',
    simulator: 'the translator takes it for damaged',
    why: 'IPv6 has no header checksum, so without this one nobody would notice another address.',
    document: 'RFC 8200 section 8.1',
  },
  {
    name: 'a router does not forward under its own name',
    cases: ['IPv6: addresses that nobody can have'],
    shows: (mismatch) => mismatch.step === 4 && isMissing(mismatch, 'simulator'),
    kernel: 'forwards a packet whose source is the router itself; in IPv4 it does not',
    simulator: 'dropped, in both families',
    why: 'Nobody else can have sent it honestly.',
    document: 'RFC 1812 section 5.3.7; RFC 2827',
  },
  {
    name: 'the unspecified address is no target',
    cases: ['IPv6: addresses that nobody can have'],
    shows: (mismatch) => mismatch.step === 6 && isMissing(mismatch, 'simulator'),
    kernel: 'says that there is no route',
    simulator: 'dropped without a word, as other addresses that nobody can have',
    why: 'It must not stand there, whatever routes there are.',
    document: 'RFC 4291 section 2.5.2',
  },
  {
    name: 'a bridge has room for a tag',
    cases: ['nat', 'last'].map((link) => `IPv6: too big for 1400 bytes on the ${link} link`),
    shows: (mismatch) => mismatch.step === 2 && mismatch.simulator === 'nothing',
    kernel: 'a bridge forwards four bytes more than the MTU, tagged or not',
    simulator: 'nothing longer than the MTU is on a link',
    why: 'The four bytes are for the tag, which an MTU does not count.',
    document: 'IEEE 802.3 3.2.7; RFC 2464',
  },
  {
    name: 'the identification of pieces that go on',
    cases: 'any',
    shows: (mismatch) => isPiece(mismatch) && mismatch.field === 'identification',
    kernel: 'a NAT that has put a datagram together cuts it under a number drawn by lot',
    simulator: 'the pieces go on under the number that they came with',
    why: 'The same run must give the same bytes. They leave one behind the other, so those of two senders are never mixed.',
    document: 'RFC 8200 section 4.5',
  },
  {
    name: 'a capture shows what a buffer has become',
    cases: 'any',
    shows: (mismatch) =>
      isPiece(mismatch) &&
      mismatch.direction === 'in' &&
      (mismatch.point === 'nat-outer' || mismatch.point === 'nat-inward'),
    kernel: 'a piece is rewritten in place before the capture is read, and seems to have come in translated',
    simulator: 'frames never change',
    why: 'What came in is what went out at the interface before.',
    document: 'packet(7)',
  },
  {
    name: 'a fragment header around the whole',
    cases: ['IPv6: a datagram that is whole behind a fragment header'],
    shows: ({ field }) => ['length', 'identification', 'piece'].includes(field),
    kernel: 'the NAT takes it off',
    simulator: 'it goes on as it came',
    why: 'It may be there, and whoever gets it takes the datagram for what it is.',
    document: 'RFC 6946 section 4',
  },
  {
    name: 'options for every hop are for whoever wants them',
    cases: [
      'to be dropped',
      'to be dropped and reported',
      'to be dropped, and reported if the target is one machine',
    ].map((what) => `IPv6: an option for every hop that nobody knows, ${what}`),
    shows: (mismatch) => isMissing(mismatch, 'kernel'),
    kernel: 'a router looks at every option for every hop, and drops what it must not skip',
    simulator: 'routers carry them, as they do those for the target',
    why: 'A router looks only at those that it was told to look at, and these were told of none.',
    document: 'RFC 8200 section 4.3; RFC 9673 section 5.1',
  },
  {
    name: 'a NAT instance looks like any neighbour',
    cases: ['IPv6: who has an address of the NAT instance'],
    shows: ({ field }) => field === 'flags',
    kernel: 'says that it is a router',
    simulator: 'the virtual network answers for it as for every other interface',
    why: 'Only the implicit router is one to the customer: it is called, and nothing is sent through it.',
    document: 'RFC 4861 section 4.4; row T-01',
  },
];
