import { type Ip, isIpv6, single } from '../address/index.ts';
import { present } from '../base/index.ts';
import { PROTOCOL } from '../packet/index.ts';
import type { HostPort } from '../program/index.ts';
import type { AddressSpace } from './address-space.ts';
import { type Box, FIELD, type Field, first, last, withRange } from './boxes.ts';
import type { Carried } from './claims.ts';
import { type HeaderSet, narrowHeader, OWN_ALL, unsent } from './set-node.ts';

/** What a machine's own stack sends: from its own address, by one protocol, to one target or to any. */
export function honestHeader(
  space: AddressSpace,
  { address }: HostPort,
  { protocol, ports }: Carried,
  target: Ip | null,
): HeaderSet {
  const number = PROTOCOL[protocol === 'icmp' && isIpv6(address) ? 'icmpv6' : protocol];
  const sender = honestSource(space, { address });
  let box = withRange(sender.now, FIELD.protocol, number, number);
  if (target !== null) box = pinned(space, box, FIELD.target, target);
  if (protocol !== 'icmp') box = withRange(box, FIELD.targetPort, ports.first, ports.last);
  return present(narrowHeader(sender, box), 'the range of a claim is not empty');
}

/** The same by any protocol. */
export function honestSource(space: AddressSpace, { address }: Pick<HostPort, 'address'>): HeaderSet {
  const family = present(space.sent[isIpv6(address) ? 1 : 0], 'a machine sends packets of its family');
  return unsent(pinned(space, family, FIELD.source, address));
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
  return { now, sent: now, own: OWN_ALL };
}

function pinned(space: AddressSpace, box: Box, field: Field, address: Ip): Box {
  return withRange(box, field, ...space.stretchOf(single(address)));
}
