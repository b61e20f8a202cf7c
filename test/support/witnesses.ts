import type { Program } from '../../src/program/index.ts';
import { addressSpace } from '../../src/verify/address-space.ts';
import { explore } from '../../src/verify/explore.ts';
import type { Witness } from '../../src/verify/index.ts';
import type { SetNode } from '../../src/verify/set-node.ts';
import { boxOf } from '../../src/verify/witness.ts';

/** The set that holds the one frame of a witness, as its sender puts it on the wire. */
export function frameOf(program: Program, witness: Witness): SetNode {
  const host = program.hosts[witness.host];
  if (host === undefined) throw new Error('the witness names its sender');
  const now = boxOf(addressSpace(program), witness.packet);
  const link = { ...witness.link, ownAddresses: true, ownTag: true };
  const sender = { host: witness.host, carrier: null };
  const header = { now, sent: now, own: 0b11111 };
  return {
    place: host.port,
    link,
    header,
    inner: null,
    sender,
    sent: link,
    opening: null,
    before: null,
    passed: 0,
  };
}

/** Whether the frames of a witness alone, and of what it answers, still reach a machine. */
export function stillReaches(program: Program, witness: Witness, to: number): boolean {
  const sent = (one: Witness): readonly SetNode[] => [
    ...(one.opening === null ? [] : sent(one.opening)),
    frameOf(program, one.carrier === null ? one : one.carrier.around),
  ];
  const { arrivals } = explore(program, sent(witness));
  return (arrivals[to] ?? []).some(({ sender }) => sender.host === witness.host);
}
