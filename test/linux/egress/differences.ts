import { type Difference, isMissing } from '../differences.ts';
import { isPiece } from '../differences-of-sizes.ts';

const PIECES = ['egress: pieces of a request and of its answer'];
const ALL_PIECES = [...PIECES, 'egress: pieces come in the wrong order, and the last one first'];

/** Where an egress-only gateway differs from a Linux router with a stateful firewall, on purpose. */
export const EGRESS_DIFFERENCES: readonly Difference[] = [
  {
    name: 'the identification of pieces that go on',
    cases: ALL_PIECES,
    shows: (mismatch) => isPiece(mismatch) && mismatch.field === 'identification',
    kernel: 'a firewall that has put a datagram together cuts it under a number drawn by lot',
    simulator: 'the pieces go on under the number that they came with',
    why: 'The same run must give the same bytes. They leave one behind the other, so those of two senders are never mixed.',
    document: 'RFC 8200 section 4.5',
  },
  {
    name: 'a capture shows what a buffer has become',
    cases: PIECES,
    shows: (mismatch) => isPiece(mismatch) && mismatch.field === 'ttl',
    kernel:
      'a piece is rewritten in place before the capture at its link is read, and seems to have left with one hop less to live',
    simulator: 'frames never change',
    why: 'What came in at the other end of that link is what was sent there.',
    document: 'packet(7)',
  },
  {
    name: 'what is damaged and changes nothing passes',
    cases: ['egress: damaged data of a connection that stands'],
    shows: (mismatch) => mismatch.step === 3 && isMissing(mismatch, 'kernel'),
    kernel: 'conntrack sums up every packet, and takes what is damaged for invalid',
    simulator:
      'what would change something that is remembered is summed up; the rest goes on, and its receiver drops it',
    why: 'Nobody acts on it either way, and a firewall that sums up all that it knows does the work of the receiver twice.',
    document: 'RFC 1122 section 4.1.3.4; RFC 8200 section 8.1',
  },
  {
    name: 'errors of types that nobody has assigned',
    cases: ['egress: errors of types that nobody has assigned'],
    shows: (mismatch) => isMissing(mismatch, 'simulator'),
    kernel: 'any type below 128 counts as an error, and passes where its packet is known',
    simulator: 'errors of the four types that there are pass',
    why: 'What it quotes, and where, nobody has said; a policy has to be chosen, and this gateway lets in as little as it can.',
    document: 'RFC 4443 section 2.1; RFC 4890 section 4.3',
  },
];
