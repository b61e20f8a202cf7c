import type { Program, Stage } from '../program/index.ts';
import type { Lost } from './loss.ts';
import { lostAt } from './loss.ts';
import type { SetNode } from './set-node.ts';
import { TRANSFERS, type Transfers } from './transfer.ts';
import { waysOf } from './ways.ts';
import { pickWitness, plainest, type Witness } from './witness.ts';

/** How packets end, whatever any machine sends. */
export interface Endings {
  /** machines that something reaches, indexes into `Program.hosts` */
  readonly reached: ReadonlySet<number>;
  /** for each kind of stage on each kind of device that drops something a packet that it drops */
  readonly losses: readonly Loss[];
}

export interface Loss {
  readonly stage: Stage;
  readonly packet: Witness;
}

/**
 * Looks at every stage that anything gets to. What it drops by a header is told here; what it drops for its link header,
 * its checksum or its length no set tells from the rest.
 */
export function endingsOf(program: Program, transfers: Transfers = TRANSFERS): Endings {
  const reached = new Set<number>();
  const found = new Map<string, Lost>();
  waysOf(program, transfers, (node, stage, learned) => {
    if (stage.kind === 'deliver') reached.add(stage.host);
    // what is for a router itself it takes in
    if (stage.kind === 'answer') return;
    const key = `${stage.kind} ${program.devices[program.places[node.place]?.device ?? -1]?.role}`;
    const known = found.get(key);
    if (known !== undefined && isPlain(known.node)) return;
    const lost = lostAt(node, stage, learned).map((one) => one.node);
    const best = plainest(known === undefined ? lost : [known.node, ...lost]);
    if (best !== null && best !== known?.node) found.set(key, { node: best, stage });
  });
  const losses = [...found.values()].map(({ node, stage }) => ({
    stage,
    packet: pickWitness(program, node),
  }));
  return { reached, losses };
}

function isPlain({ opening, sender }: SetNode): boolean {
  return opening === null && sender.carrier === null;
}
