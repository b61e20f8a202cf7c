import type { Ip } from '../address/index.ts';
import { type Frame, type IpPacket, readIpv4Options } from '../packet/index.ts';
import type { PlaceId } from '../program/index.ts';
import { icmpErrorAbout } from './errors.ts';
import { drop, type Outcome } from './outcome.ts';
import type { View } from './view.ts';

const SOURCE_ROUTE = drop('options.source-route');

/**
 * What a router says about the options of a packet that it would forward (RFC 1812 5.3.13), or `null`: it goes on, its
 * options untouched.
 *
 * What is malformed is answered with 12/0 and a pointer to the byte (RFC 1812 5.2.4.1). A prescribed way is refused without
 * an answer, as Linux and every cloud do. Nobody writes itself into a record of the route: an HSM would
 * read the customer's side there, and send it back with its echo reply.
 *
 * @param address source of the error, which starts at `errors`
 */
export function refuseOptions(
  frame: Frame,
  packet: IpPacket,
  address: Ip,
  errors: PlaceId,
  seen: View,
): Outcome | null {
  const { options } = packet.kept;
  // extension headers of IPv6 are the business of the ends (RFC 8200 section 4)
  if (options.length === 0 || packet.kind === 'ipv6') return null;
  const { fault, sourceRoute } = readIpv4Options(options);
  if (fault !== null) {
    const problem = { error: 'malformed', parameter: fault * 2 ** 24 } as const;
    return drop('options.malformed', icmpErrorAbout(frame, packet, problem, address, errors, seen));
  }
  return sourceRoute ? SOURCE_ROUTE : null;
}
