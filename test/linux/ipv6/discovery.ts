import { ipv6, type Mac, parseMac } from '../../../src/address/index.ts';
import {
  type Frame,
  isIp,
  NEIGHBOUR,
  neighbourAdvertisement,
  neighbourSolicitation,
  recomputeChecksums,
} from '../../../src/packet/index.ts';
import type { ArpMessage } from '../bench.ts';
import { address6 } from './packets.ts';

/** The hop limit with which nobody but a neighbour can be heard (RFC 4861 section 3.1). */
const NEIGHBOURS_ONLY = 255;

/** What a machine asks its neighbours, or tells them unasked. */
export function neighbourMessage(mac: Mac, message: ArpMessage): Frame {
  return message.operation === 'request' ? solicitation(mac, message) : advertisement(mac, message);
}

/** A question of IPv6: who has `target`? From the unspecified address it is a probe (RFC 4862 section 5.4). */
function solicitation(mac: Mac, { sender, target, hops }: ArpMessage): Frame {
  return withHops(neighbourSolicitation(mac, address6(sender), address6(target)), hops);
}

/** Where `sender` is, told to everybody (RFC 4861 section 7.2.6): made as an answer to a probe, which is the same message. */
function advertisement(mac: Mac, { sender, hops, mac: named, keeps }: ArpMessage): Frame {
  const { body: request } = neighbourSolicitation(mac, ipv6(0n), address6(sender));
  if (!isIp(request) || request.kind !== 'ipv6' || request.body.kind !== 'neighbour-discovery')
    throw new Error('a probe is a solicitation');
  const parsed = named === undefined ? null : parseMac(named);
  if (parsed !== null && !parsed.ok) throw new Error(parsed.fault.message);
  const { link, body } = neighbourAdvertisement(request, request.body, mac, parsed?.value ?? mac, false);
  if (!isIp(body) || body.body.kind !== 'neighbour-discovery') throw new Error('it is an advertisement');
  const flags = keeps === true ? body.body.flags & ~NEIGHBOUR.override : body.body.flags;
  const said = { ...body, body: { ...body.body, flags: flags >>> 0 } } as Frame['body'];
  return withHops({ link: { ...link, source: mac }, body: said }, hops);
}

function withHops({ link, body }: Frame, hops = NEIGHBOURS_ONLY): Frame {
  if (!isIp(body)) throw new Error('it is a packet');
  return { link, body: recomputeChecksums({ ...body, ttl: hops } as typeof body) };
}
