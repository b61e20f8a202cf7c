import type { PlaceId, Stage } from '../../src/program/index.ts';
import { IPV4_SPACE } from '../../src/verify/address-space.ts';
import { type FIELD, formatBox } from '../../src/verify/index.ts';
import type { Flow, Learned } from '../../src/verify/learned.ts';
import { everyFrame, type LinkSet, narrowRange, type SetNode } from '../../src/verify/set-node.ts';
import { transfer } from '../../src/verify/transfer.ts';
import type { StageDraft } from './programs.ts';

/** One stage, one set: what comes out, as a test wants to read it. */

export const HERE = 0 as PlaceId;
export const [FIRST, SECOND, THIRD] = [1 as PlaceId, 2 as PlaceId, 3 as PlaceId];
export const [anything] = everyFrame(IPV4_SPACE, HERE, { host: 0, carrier: null }) as readonly [SetNode];

export function run(draft: StageDraft, from: SetNode, flows: Flow[] = []): readonly SetNode[] {
  const stage = { ...draft, id: 0, from: { record: 'test', source: null } } as Stage;
  const learned: Learned = {
    space: IPV4_SPACE,
    flows: () => flows,
    open: (_table, flow) => flows.push(flow),
    arrive: () => undefined,
  };
  return transfer(stage, from, learned);
}

export function linked(node: SetNode, link: Partial<LinkSet>): SetNode {
  return { ...node, link: { ...node.link, ownAddresses: false, ownTag: false, ...link } };
}

/** What came out, one line a set: where to, and which headers. */
export function lines(nodes: readonly SetNode[]): readonly string[] {
  return nodes.map(({ place, header }) => `${place}: ${formatBox(IPV4_SPACE, header.now)}`).sort();
}

export function packets(field: (typeof FIELD)[keyof typeof FIELD], value: number): SetNode {
  const part = narrowRange(anything, field, value, value);
  if (part === null) throw new Error('everything holds every value');
  return part;
}
