import { incrementTtl } from '../../packet/index.ts';
import { NOWHERE } from '../../program/index.ts';
import { icmpErrorAbout, NETWORK_UNREACHABLE } from '../errors.ts';
import { drop, outcome } from '../outcome.ts';
import type { Decide } from '../view.ts';

const NOT_IP = drop('accept.not-ip');
const SILENT = drop('route.none');

/** Longest-prefix match (RFC 1812 5.2.4.3); each entry leads to a place that knows the next hop. */
export const decideRoute: Decide<'route'> = (stage, _seen, frame) => {
  const packet = frame.body;
  if (packet.kind !== 'ipv4') return NOT_IP;
  const index = stage.table.lookup(packet.target);
  const entry = stage.table.entries[index];
  if (entry === undefined) {
    if (stage.errors === NOWHERE) return SILENT;
    const received = incrementTtl(packet);
    return drop(
      'route.none',
      icmpErrorAbout(frame, received, NETWORK_UNREACHABLE, stage.address, stage.errors),
    );
  }
  return outcome('forward', null, entry.value.to, index);
};
