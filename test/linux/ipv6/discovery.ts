import type { Mac } from '../../../src/address/index.ts';
import { type Frame, isIp, neighbourSolicitation, recomputeChecksums } from '../../../src/packet/index.ts';
import type { ArpMessage } from '../bench.ts';
import { address6 } from './packets.ts';

/** The hop limit with which nobody but a neighbour can be heard (RFC 4861 section 3.1). */
const NEIGHBOURS_ONLY = 255;

/** A question of IPv6: who has `target`? From the unspecified address it is a probe (RFC 4862 section 5.4). */
export function solicitation(mac: Mac, { sender, target, hops }: ArpMessage): Frame {
  const { link, body } = neighbourSolicitation(mac, address6(sender), address6(target));
  if (!isIp(body)) throw new Error('a solicitation is a packet');
  return { link, body: recomputeChecksums({ ...body, ttl: hops ?? NEIGHBOURS_ONLY }) };
}
