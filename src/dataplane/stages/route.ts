import { decrementTtl, isIp } from '../../packet/index.ts';
import { icmpErrorAbout, NETWORK_UNREACHABLE, TIME_EXCEEDED } from '../errors.ts';
import { refuseOptions } from '../options.ts';
import { drop, outcome } from '../outcome.ts';
import type { Decide } from '../view.ts';

const NOT_IP = drop('accept.not-ip');

/**
 * Longest-prefix match (RFC 1812 5.2.4.3); each entry leads to a place that knows the next hop.
 *
 * For what others sent, a router reads the options first, then looks for a route, and asks last whether the packet
 * may make another hop (RFC 1812 5.3.1): in the order of the Linux kernel, which shows where more than one thing is wrong.
 */
export const decideRoute: Decide<'route'> = (stage, seen, frame) => {
  const packet = frame.body;
  if (!isIp(packet)) return NOT_IP;
  const { address, errors } = stage;
  if (stage.forwards) {
    const refusal = refuseOptions(frame, packet, address, errors, seen);
    if (refusal !== null) return refusal;
  }
  const index = stage.table.lookup(packet.target);
  const entry = stage.table.entries[index];
  if (entry === undefined) {
    return drop('route.none', icmpErrorAbout(frame, packet, NETWORK_UNREACHABLE, address, errors, seen));
  }
  if (!stage.forwards || entry.value.to === stage.itself)
    return outcome('forward', null, entry.value.to, index);
  if (packet.ttl <= 1) {
    return drop('ttl.expired', icmpErrorAbout(frame, packet, TIME_EXCEEDED, address, errors, seen));
  }
  return outcome('forward', { link: frame.link, body: decrementTtl(packet) }, entry.value.to, index);
};
