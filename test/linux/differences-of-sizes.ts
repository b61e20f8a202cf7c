import type { Mismatch } from './comparison.ts';
import type { Difference } from './differences.ts';

/** Whether a part of a datagram is compared. */
export function isPiece({ about }: Mismatch): boolean {
  return about['more fragments'] === 1 || Number(about['offset'] ?? 0) > 0;
}

const LEARNS = 'a machine learns the path MTU';
const ERROR_CUT = 'an error that is too long for the way back is cut';

/** About packets that are too long, and datagrams in pieces. */
export const DIFFERENCES_OF_SIZES: readonly Difference[] = [
  {
    name: 'a bridge has room for a tag',
    cases: ['nat', 'last'].map((link) => `DF: 1400 bytes pass and 1401 do not, MTU 1400 on the ${link} link`),
    shows: (mismatch) => mismatch.step === 2 && mismatch.simulator === 'nothing',
    kernel: 'a bridge forwards four bytes more than the MTU, tagged or not',
    simulator: 'nothing longer than the MTU is on a link',
    why: 'The four bytes are for the tag, which an MTU does not count.',
    document: 'IEEE 802.3 3.2.7; RFC 894',
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
    name: 'the identification of what a machine sends',
    cases: [LEARNS, ERROR_CUT],
    shows: ({ field }) => field.endsWith('identification') || field === 'quoted header checksum',
    kernel: 'a connected socket counts from a secret start, also where DF is set',
    simulator: '0 where DF is set, else the next of a counter',
    why: 'The same run must give the same bytes; an atomic packet needs no identification.',
    document: 'RFC 6864 section 4.1',
  },
  {
    name: 'options that are not copied',
    cases: ['options of pieces: copied ones in each, others in the first alone'],
    shows: (mismatch) => isPiece(mismatch),
    kernel: 'no-operations stand where they stood, so that every header is as long as the first',
    simulator: 'they are left out, and a piece holds the more data',
    why: 'The procedure of RFC 791 makes the header shorter. Both are whole again at the receiver.',
    document: 'RFC 791 section 3.2, an example fragmentation procedure',
  },
  {
    name: 'who says that a tunnel carries less',
    cases: ['the tunnel: what may not be cut is reported'],
    shows: ({ field }) => ['source', 'dscp', 'identification', "don't fragment"].includes(field),
    kernel: 'the bridge, under the address that was called',
    simulator: 'the router of the sender’s subnet, with the precedence of errors',
    why: 'An error comes from whoever makes it. Nobody answers under somebody else’s address.',
    document: 'RFC 7348 section 4.3; RFC 1812 sections 4.3.2.4 and 4.3.2.5',
  },
  {
    name: 'a tunnel end does not cut',
    cases: ['the tunnel: what may be cut'],
    shows: (mismatch) => mismatch.field === 'presence' && mismatch.simulator === 'nothing',
    kernel: 'cuts the wrapped packet, and the other tunnel end puts it together',
    simulator: 'drops it',
    why: 'Tunnel ends must not fragment.',
    document: 'RFC 7348 section 4.3',
  },
  {
    name: 'a piece inside of others',
    cases: ['fragments: one that lies inside others'],
    shows: (mismatch) => mismatch.field === 'presence' && mismatch.simulator === 'nothing',
    kernel: 'ignored, whatever it holds: the first copy counts',
    simulator: 'an overlap, unless it is the same piece again, byte for byte',
    why: 'Whoever looks at the pieces on the way may have counted another copy.',
    document: 'RFC 5722 section 4; RFC 8200 section 4.5',
  },
  {
    name: 'what an error quotes of a datagram that came in pieces',
    cases: ['fragments: TTL 1, and TTL 2'],
    shows: ({ field }) => field.startsWith('quoted '),
    kernel: 'the header of the whole, which nobody sent',
    simulator: 'the first piece as it came',
    why: 'An error quotes what was received.',
    document: 'RFC 1812 section 4.3.2.3',
  },
  {
    name: 'pieces that must not be cut',
    cases: ['fragments: with DF, through a link that is too small for them'],
    shows: () => true,
    kernel: 'a NAT that passes pieces on clears their DF, and the next router cuts them',
    simulator: 'DF stays, and the next router says which length fits',
    why: 'Translation changes addresses and ports, and nobody but the sender may take DF off.',
    document: 'RFC 3022 section 4.1; RFC 1191 section 3',
  },
];
