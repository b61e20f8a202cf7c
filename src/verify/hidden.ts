import type { Mac } from '../address/index.ts';
import type { PlaceId, Program } from '../program/index.ts';
import { addressSpace } from './address-space.ts';
import type { Answer } from './answer.ts';
import { type Box, EVERYTHING, FIELD, withRange } from './boxes.ts';
import type { Hidden, Marks } from './claims.ts';
import { explore } from './explore.ts';
import { everythingSent } from './senders.ts';
import { ANY, type HeaderSet, narrowHeader, type SetNode, withLayers } from './set-node.ts';
import { plainest } from './witness.ts';

const BEYOND = 1;

/** Looks at every set beyond the NAT instance, at every device and in every wrapper. */
export function decideHidden(program: Program, claim: Hidden): Answer {
  const from = new Set(claim.from);
  const { blocks, marks = null } = claim;
  const turns = turnsOf(program, claim.device);
  const forbidden = blocks.flatMap((block): readonly Box[] => {
    const stretch = addressSpace(program).stretchOf(block);
    return [FIELD.source, FIELD.target].map((field) => withRange(EVERYTHING, field, ...stretch));
  });
  const exposed: SetNode[] = [];
  let beyond = false;
  explore(program, everythingSent(program), {
    passing: (passed, place) => turns.get(place) ?? passed,
    onVisit: (node) => {
      const device = program.places[node.place]?.device;
      if (node.passed !== BEYOND || device === claim.device || !from.has(node.sender.host)) return;
      beyond = true;
      exposed.push(...forbidden.flatMap((box) => layersIn(node, box)));
      if (isMarked(node, marks)) exposed.push(node);
    },
  });
  if (!beyond) return { vacuous: 'nothing that they send gets beyond it' };
  const broken = plainest(exposed);
  if (broken === null) return null;
  const at = program.places[broken.place]?.device ?? claim.device;
  return { broken, reached: null, shows: { kind: 'exposure', at, blocks, marks } };
}

/** Whether some layer of a set bears a mark. A link header that nobody has looked at may bear any. */
function isMarked(node: SetNode, marks: Marks | null): boolean {
  if (marks === null) return false;
  const bears = (mac: SetNode['link']['target']): boolean => mac === ANY || marks.macs.has(mac as Mac);
  let layer: Pick<SetNode, 'link' | 'inner'> | null = node;
  while (layer !== null) {
    const { link, inner }: Pick<SetNode, 'link' | 'inner'> = layer;
    if (bears(link.target) || bears(link.source)) return true;
    if (inner !== null && inner.by === 'vxlan' && marks.segments.has(inner.number)) return true;
    layer = inner;
  }
  return false;
}

/** At which places of the instance a set goes out beyond it, and at which it has come back. */
function turnsOf(program: Program, device: number): ReadonlyMap<PlaceId, number> {
  const turns = new Map<PlaceId, number>();
  for (const place of program.places) {
    if (place.device !== device) continue;
    for (const stage of place.stages) {
      if (stage.kind === 'translate') turns.set(place.id, stage.direction === 'outward' ? BEYOND : 0);
    }
  }
  return turns;
}

/** The parts of a set that one of its layers has in a box, as if that layer were all there is. */
function layersIn(node: SetNode, box: Box): readonly SetNode[] {
  const found: SetNode[] = [];
  let layer: {
    readonly link: SetNode['link'];
    readonly header: HeaderSet;
    readonly inner: SetNode['inner'];
  } | null = node;
  while (layer !== null) {
    const header = narrowHeader(layer.header, box);
    if (header !== null) found.push(withLayers(node, layer.link, header, null));
    layer = layer.inner;
  }
  return found;
}
