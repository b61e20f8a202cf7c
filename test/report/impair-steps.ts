import { port } from '../../src/address/index.ts';
import { nanos } from '../../src/base/index.ts';
import type { Step } from '../../src/dataplane/index.ts';
import { type Ipv4Packet, udpPacket } from '../../src/packet/index.ts';
import { ip } from './network.ts';
import { ASK, crossed, DROP, frame, IMPAIR, SYN, stepOf } from './stage-samples.ts';

/** A datagram whose sender left the checksum out. */
const DATAGRAM = udpPacket({
  source: ip('10.0.0.7'),
  target: ip('10.0.0.8'),
  sourcePort: port(5),
  targetPort: port(53),
  payload: Uint8Array.of(2),
});
const UNCHECKED = { ...DATAGRAM, body: { ...DATAGRAM.body, checksum: 0 } } as Ipv4Packet;

/** Every fate of a frame on an impaired link. */
export const IMPAIRED: Readonly<Record<string, Step>> = {
  lost: stepOf(IMPAIR, frame(SYN), { ...DROP('link.lost'), effect: crossed(null) }),
  'damaged beyond reading': stepOf(IMPAIR, ASK, { ...DROP('link.damaged'), effect: crossed(null) }),
  'damaged where a checksum tells': stepOf(IMPAIR, frame(SYN), {
    verdict: 'forward',
    frame: frame({ ...SYN, ttl: SYN.ttl ^ 4 }),
    effect: crossed(null),
  }),
  'damaged where none does': stepOf(IMPAIR, frame(UNCHECKED), {
    verdict: 'forward',
    frame: frame({ ...UNCHECKED, body: { ...UNCHECKED.body, body: Uint8Array.of(3) } } as Ipv4Packet),
    effect: crossed(null),
  }),
  'held back': stepOf(IMPAIR, frame(SYN), { verdict: 'postpone', effect: crossed([nanos(5_000_000)]) }),
  twice: stepOf(IMPAIR, frame(SYN), {
    verdict: 'postpone',
    effect: crossed([nanos(4_000_000), nanos(6_500_000)]),
  }),
  unharmed: stepOf(IMPAIR, frame(SYN), { verdict: 'forward', effect: crossed(null) }),
};
