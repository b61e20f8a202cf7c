import { arpRequest } from '../../packet/index.ts';
import { NOWHERE } from '../../program/index.ts';
import { drop, outcome } from '../outcome.ts';
import type { Decide } from '../view.ts';

const NOT_IP = drop('accept.not-ip');

/** The next hop's link address as ARP knows it; otherwise the frame waits while a request goes out (RFC 826). */
export const decideNeighbour: Decide<'neighbour'> = (stage, seen, frame) => {
  const packet = frame.body;
  if (packet.kind !== 'ipv4') return NOT_IP;
  const address = stage.via ?? packet.target;
  const link = seen.neighbour(stage.table, address);
  if (link !== null) return outcome('continue', { link, body: packet }, NOWHERE, -1);
  return outcome('hold', null, NOWHERE, -1, {
    kind: 'held',
    table: stage.table,
    address,
    request: arpRequest(stage.mac, stage.address, address, stage.vlan),
  });
};
