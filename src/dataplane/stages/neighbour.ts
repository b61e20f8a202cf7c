import { type Ip, isIpv6 } from '../../address/index.ts';
import { assert } from '../../base/index.ts';
import { arpRequest, type Frame, isIp, neighbourSolicitation } from '../../packet/index.ts';
import { type Neighbour, NOWHERE } from '../../program/index.ts';
import { drop, outcome } from '../outcome.ts';
import type { Decide } from '../view.ts';

const NOT_IP = drop('accept.not-ip');

/**
 * The next hop's link address as ARP or neighbour discovery knows it; otherwise the frame waits while a request goes out
 * (RFC 826, RFC 4861 7.2.2).
 */
export const decideNeighbour: Decide<'neighbour'> = (stage, seen, frame) => {
  const packet = frame.body;
  if (!isIp(packet)) return NOT_IP;
  const address = stage.via ?? packet.target;
  const link = seen.neighbour(stage.table, address);
  if (link !== null) return outcome('continue', { link, body: packet }, NOWHERE, -1);
  return outcome('hold', null, NOWHERE, -1, {
    kind: 'held',
    table: stage.table,
    address,
    request: requestFor(stage, address),
  });
};

function requestFor({ mac, address: own, vlan }: Neighbour, wanted: Ip): Frame {
  if (!isIpv6(own) && !isIpv6(wanted)) return arpRequest(mac, own, wanted, vlan);
  assert(isIpv6(own) && isIpv6(wanted), 'a route leads to a neighbour of its own family');
  return neighbourSolicitation(mac, own, wanted, vlan);
}
