import type { Mismatch } from '../comparison.ts';
import type { Difference } from '../differences.ts';

/** Where the wrapper differs from that of Linux on purpose, over either family. */
export const UNDERLAY_DIFFERENCES: readonly Difference[] = [
  {
    name: 'the port that a wrapper comes from',
    cases: 'any',
    shows: (mismatch) => isOuter(mismatch) && mismatch.field === 'source port',
    kernel: 'a hash of the flow inside, with a key that is drawn by lot at boot',
    simulator: 'a hash of the flow inside, without a key',
    why: 'The same run must give the same bytes; what matters is one port for one flow, between 49152 and 65535.',
    document: 'RFC 7348 section 5',
  },
  {
    name: 'congestion is passed on outside',
    cases: ['underlay: congestion that a tenant has met already'],
    shows: (mismatch) => isOuter(mismatch) && mismatch.field === 'ecn',
    kernel: 'starts anew: the mark is taken off outside, as RFC 3168 once had it',
    simulator: 'copies the mark',
    why: 'The normal mode of the document that replaced it. What comes out is the same.',
    document: 'RFC 6040 section 4.1',
  },
];

/** Over IPv4 a header has one field more. */
export const IPV4_UNDERLAY_DIFFERENCES: readonly Difference[] = [
  ...UNDERLAY_DIFFERENCES,
  {
    name: 'the identification of a wrapper',
    cases: 'any',
    shows: (mismatch) => isOuter(mismatch) && mismatch.field === 'identification',
    kernel: 'counts from a number drawn by lot',
    simulator: '0',
    why: 'A packet that may not be cut needs none.',
    document: 'RFC 6864 section 4.1',
  },
];

function isOuter({ point, about }: Mismatch): boolean {
  return (point === 'server-a' || point === 'server-b') && about['target port'] === 4789;
}
