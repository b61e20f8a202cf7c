import { type Ipv4, unsigned } from '../address/index.ts';
import { present } from '../base/index.ts';
import { PROTOCOL } from '../packet/index.ts';
import type { HostPort } from '../program/index.ts';
import { type Box, EVERYTHING, FIELD, type Field, first, last, withRange } from './boxes.ts';
import type { Carried } from './claims.ts';
import { type HeaderSet, narrowHeader, UNSENT } from './set-node.ts';

/** What a machine's own stack sends: from its own address, by one protocol, to one target or to any. */
export function honestHeader(
  { address }: HostPort,
  { protocol, ports }: Carried,
  target: Ipv4 | null,
): HeaderSet {
  const number = PROTOCOL[protocol];
  let box = withRange(pinned(EVERYTHING, FIELD.source, address), FIELD.protocol, number, number);
  if (target !== null) box = pinned(box, FIELD.target, target);
  if (protocol !== 'icmp') box = withRange(box, FIELD.targetPort, ports.first, ports.last);
  return present(narrowHeader(UNSENT, box), 'the range of a claim is not empty');
}

/** What a machine that got these packets sends back: the same with the two ends exchanged. */
export function answerHeader(got: Box): HeaderSet {
  const at = (field: Field): readonly [number, number] => [first(got, field), last(got, field)];
  const now = [
    ...at(FIELD.target),
    ...at(FIELD.source),
    ...at(FIELD.protocol),
    ...at(FIELD.targetPort),
    ...at(FIELD.sourcePort),
  ];
  return { now, sent: now, own: UNSENT.own };
}

function pinned(box: Box, field: Field, address: Ipv4): Box {
  return withRange(box, field, unsigned(address), unsigned(address));
}
