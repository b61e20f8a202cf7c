import type { Ip } from '../../address/index.ts';
import {
  type Flow,
  flowOf,
  flowOfQuote,
  type IpPacket,
  isIp,
  translate,
  translateQuote,
  translateStart,
} from '../../packet/index.ts';
import { NOWHERE, type OneToOne } from '../../program/index.ts';
import { CONTINUE, drop, outcome } from '../outcome.ts';
import type { Decide } from '../view.ts';

const NOT_IP = drop('accept.not-ip');
const NO_PUBLIC_ADDRESS = drop('gateway.no-public-address');
const NOT_ROUTABLE = drop('internet.not-routable');

/**
 * Basic NAT (RFC 3022 section 2.1). Outward the source is replaced, inward the target; the quote of an ICMP error is a packet that
 * went the other way, and its addresses are replaced likewise (RFC 5508 REQ-4).
 */
export const decideOneToOne: Decide<'one-to-one'> = (stage, _seen, frame) => {
  const packet = frame.body;
  if (!isIp(packet)) return NOT_IP;
  const own = stage.direction === 'outward' ? packet.source : packet.target;
  const other = stage.addresses.get(own);
  if (other === undefined) return NO_PUBLIC_ADDRESS;
  const body = stage.direction === 'outward' ? outward(stage, packet, other) : inward(stage, packet, other);
  return outcome('continue', { link: frame.link, body }, NOWHERE, -1);
};

function outward(stage: OneToOne, packet: IpPacket, source: Ip): IpPacket {
  return readdressed(packet, source, packet.target, (quoted) => ({
    ...quoted,
    target: stage.addresses.get(quoted.target) ?? quoted.target,
  }));
}

function inward(stage: OneToOne, packet: IpPacket, target: Ip): IpPacket {
  return readdressed(packet, packet.source, target, (quoted) => ({
    ...quoted,
    source: stage.addresses.get(quoted.source) ?? quoted.source,
  }));
}

/** The packet with other addresses; ports and identifiers stay as they are. */
function readdressed(packet: IpPacket, source: Ip, target: Ip, quotedAs: (quoted: Flow) => Flow): IpPacket {
  if (packet.body.kind === 'icmp-error') {
    const quoted = flowOfQuote(packet.body.quote) ?? addressesOf(packet.body.quote.packet);
    return translateQuote(packet, source, target, quotedAs(quoted));
  }
  const flow = flowOf(packet);
  if (flow !== null) return translate(packet, source, flow.sourcePort, target, flow.targetPort);
  const start = flowOfQuote({ packet, missing: 0 }) ?? addressesOf(packet);
  return translateStart(packet, { ...start, source, target });
}

/** The flow of a packet that shows no ports: a fragment, or another protocol. Translating leaves its body alone. */
function addressesOf({ source, target, kept: { protocol } }: IpPacket): Flow {
  return {
    protocol,
    source,
    target,
    sourcePort: 0 as Flow['sourcePort'],
    targetPort: 0 as Flow['targetPort'],
  };
}

/** The Internet routes nothing from or to an address that is not globally reachable (RFC 1812 5.3.7, RFC 6890). */
export const decideGlobal: Decide<'global'> = (stage, _seen, frame) => {
  const packet = frame.body;
  if (!isIp(packet)) return NOT_IP;
  return isSpecial(stage, packet.source) || isSpecial(stage, packet.target) ? NOT_ROUTABLE : CONTINUE;
};

function isSpecial(stage: Parameters<typeof decideGlobal>[0], address: Ip): boolean {
  return stage.special.lookup(address) !== -1;
}
