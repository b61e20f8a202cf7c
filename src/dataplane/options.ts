import type { Ipv4 } from '../address/index.ts';
import { type Frame, type Ipv4Packet, readIpv4Options } from '../packet/index.ts';
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
  packet: Ipv4Packet,
  address: Ipv4,
  errors: PlaceId,
  seen: View,
): Outcome | null {
  const { options } = packet.kept;
  if (options.length === 0) return null;
  const { fault, sourceRoute } = readIpv4Options(options);
  if (fault !== null) {
    const problem = { type: 12, code: 0, parameter: fault * 2 ** 24 };
    return drop('options.malformed', icmpErrorAbout(frame, packet, problem, address, errors, seen));
  }
  return sourceRoute ? SOURCE_ROUTE : null;
}
