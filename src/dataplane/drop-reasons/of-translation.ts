import type { DropExplanation } from './explanation.ts';

/** In NAT instances. */
export type TranslationReason =
  | 'nat.not-translated'
  | 'nat.no-flow'
  | 'nat.ports-exhausted'
  | 'nat.bad-checksum'
  | 'nat.bad-segment';

export const TRANSLATION_REASONS: { readonly [Code in TranslationReason]: DropExplanation } = {
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
  'nat.bad-segment': {
    title: 'the segment does not fit its connection',
    meaning:
      'Its flags contradict each other, or no end of a TCP connection in this state could have sent it: an acknowledgement before the other side was heard, a second SYN of the responder. It changes nothing and gets no answer (RFC 5382 REQ-2 asks for all valid sequences). Sequence numbers are not followed.',
    elsewhere: 'INVALID (Linux connection tracking)',
    icmp: null,
  },
};
