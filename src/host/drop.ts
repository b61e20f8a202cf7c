import { RECORD_DROPS, type RecordDrop } from './record-drops.ts';

/**
 * Why a machine did nothing useful with a packet that reached it. Each is counted; some also draw an answer
 * (a reset, an ICMP error, an acknowledgement), as the table says.
 */
export type HostDrop = keyof typeof OF_PACKETS | RecordDrop;

const OF_PACKETS = {
  'host.not-mine':
    'The target is no address of this machine; a machine at the edge does not forward (RFC 1122 3.2.1.3).',
  'host.bad-source':
    'The source is not the address of one machine, or it is the very port that the segment is for: nobody could be answered (RFC 1122 3.2.1.3).',
  'host.bad-checksum':
    'A checksum does not fit; damaged packets are discarded in silence (RFC 1122 3.2.1.2, 4.1.3.4, 4.2.2.7).',
  'host.fragment': 'A piece of a datagram: pieces are put together before the stack sees them.',
  'host.malformed': 'The protocol is known, but its header cannot be read.',
  'host.protocol-unknown': 'No such protocol here; the sender gets ICMP 3/2 (RFC 1122 3.2.2.1).',
  'host.broadcast':
    'Not sent to this machine alone: an echo request (RFC 1122 3.2.2.6) or a TCP segment (RFC 9293 MUST-57).',
  'host.udp-port-closed':
    'Nothing is bound to the port; the sender gets ICMP 3/3, unless it was a broadcast (RFC 1122 4.1.3.1).',
  'host.tcp-port-closed': 'Nothing listens on the port; the sender gets a reset (RFC 9293 3.10.7.1).',
  'host.tcp-no-connection':
    'The segment belongs to no connection; the sender gets a reset, unless it was one (RFC 9293 3.5.2).',
  'host.tcp-bad-flags':
    'The control bits make no sense in this state: a SYN with FIN, or a segment without ACK (RFC 9293 3.10.7.4).',
  'host.tcp-bad-acknowledgement': 'It acknowledges what was never sent (RFC 9293 3.10.7.3, 3.10.7.4).',
  'host.tcp-outside-window':
    'A duplicate, or outside the window; answered with the current acknowledgement (RFC 9293 3.10.7.4).',
  'host.tcp-challenged':
    'A reset or SYN that may be forged; answered with a challenge acknowledgement, twice a second at most (RFC 5961 3.2, 4.2, 7).',
  'host.echo-unasked': 'An echo reply that answers none of our requests.',
  'host.icmp-unrelated': 'An ICMP error about a packet that is not ours (RFC 5927 4.1).',
  'host.icmp-ignored': 'An ICMP message that asks nothing of this model.',
} as const;

/** Every reason in a sentence or two. */
export const HOST_DROPS: Readonly<Record<HostDrop, string>> = {
  ...OF_PACKETS,
  'host.record-malformed': RECORD_DROPS['host.record-malformed'].meaning,
  'host.record-unknown': RECORD_DROPS['host.record-unknown'].meaning,
  'host.record-forged': RECORD_DROPS['host.record-forged'].meaning,
  'host.record-replayed': RECORD_DROPS['host.record-replayed'].meaning,
};

export type DropCounts = Record<HostDrop, number>;

export function noDrops(): DropCounts {
  const counts: Partial<DropCounts> = {};
  for (const reason of Object.keys(HOST_DROPS) as HostDrop[]) counts[reason] = 0;
  return counts as DropCounts;
}
