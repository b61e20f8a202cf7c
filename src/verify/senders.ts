import { present } from '../base/index.ts';
import type { Program } from '../program/index.ts';
import { addressSpace } from './address-space.ts';
import { everyFrame, type SetNode } from './set-node.ts';

/** Every frame of every machine whose link works, or of some. */
export function everythingSent(
  program: Program,
  hosts: readonly number[] = program.hosts.map((_, host) => host),
): readonly SetNode[] {
  const space = addressSpace(program);
  return hosts.flatMap((host) => {
    const { port } = present(program.hosts[host], `there is a machine ${host}`);
    return canSend(program, host) ? everyFrame(space, port, { host, carrier: null }) : [];
  });
}

/** Whether the link of a machine works: misfortunes may come before it. */
export function canSend(program: Program, host: number): boolean {
  let at = present(program.hosts[host], `there is a machine ${host}`).wire;
  for (;;) {
    const [stage] = present(program.places[at], 'a machine has a link').stages;
    if (stage?.kind !== 'impair') return stage?.kind !== 'transmit' || stage.up;
    at = stage.to;
  }
}
