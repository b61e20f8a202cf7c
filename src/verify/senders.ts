import type { Program } from '../program/index.ts';
import { addressSpace } from './address-space.ts';
import { everyFrame, type SetNode } from './set-node.ts';

/** Every frame of every machine whose link works. */
export function everythingSent(program: Program): readonly SetNode[] {
  const dead = deadWires(program);
  const space = addressSpace(program);
  return program.hosts.flatMap(({ device, port }, host) =>
    dead.has(`${device} ${port}`) ? [] : everyFrame(space, port, { host, carrier: null }),
  );
}

/** Whether the link of a machine works. */
export function canSend(program: Program, host: number): boolean {
  const { device, port } = program.hosts[host] ?? { device: -1, port: -1 };
  return !deadWires(program).has(`${device} ${port}`);
}

/** Device and far place of each wire that is down. */
function deadWires(program: Program): ReadonlySet<string> {
  const works = new Map<string, boolean>();
  for (const { device, stages } of program.places) {
    for (const stage of stages) {
      if (stage.kind !== 'transmit') continue;
      const wire = `${device} ${stage.to}`;
      works.set(wire, stage.up || (works.get(wire) ?? false));
    }
  }
  return new Set([...works].flatMap(([wire, up]) => (up ? [] : [wire])));
}
