/** Why a machine did not open a datagram on a port where it hears nothing but records of DTLS. */
export type RecordDrop =
  | 'host.record-malformed'
  | 'host.record-unknown'
  | 'host.record-forged'
  | 'host.record-replayed';

interface RecordDropExplanation {
  readonly title: string;
  readonly meaning: string;
  /** what other tools call it */
  readonly elsewhere?: string;
  /** a scenario in which it happens */
  readonly shownBy?: string;
}

/** Every reason, explained once. The sender hears nothing of any (RFC 6347 4.1.2.7). */
export const RECORD_DROPS: Readonly<Record<RecordDrop, RecordDropExplanation>> = {
  'host.record-malformed': {
    title: 'the datagram is no record',
    meaning:
      'Who shares keys hears only whole records of DTLS on the ports for them. Plain text, or a record of which a part is missing, is dropped before any key is asked for (RFC 6347 4.1.2.7).',
    elsewhere: 'OpenSSL: wrong version number, or packet length too long',
    shownBy: 'scenarios/message-queue.yaml',
  },
  'host.record-unknown': {
    title: 'nobody is known by the number of the key',
    meaning:
      'A record names the key that it was sealed with by a number. Here no key has that number: the record is for somebody else, or of somebody with whom no key is shared.',
  },
  'host.record-forged': {
    title: 'the record does not open with its key',
    meaning:
      'The check value fits neither another key nor a record in which one bit is different. Somebody who does not have the key made it, or it was changed on its way (RFC 5116, RFC 6347 4.1.2.7). From which address it came is not asked.',
    elsewhere: 'OpenSSL: bad record mac',
  },
  'host.record-replayed': {
    title: 'the record was heard before',
    meaning:
      'Each record has a number. One that was opened already, or one that is older than the window of 64 in which that is remembered, is dropped, however genuine it is (RFC 6347 4.1.2.6).',
    shownBy: 'scenarios/monitoring-and-repair.yaml',
  },
};

export function isRecordDrop(reason: string | null): reason is RecordDrop {
  return reason !== null && Object.hasOwn(RECORD_DROPS, reason);
}
