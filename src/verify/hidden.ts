import type { PlaceId, Program } from '../program/index.ts';
import { addressSpace } from './address-space.ts';
import type { Answer } from './answer.ts';
import { type Box, EVERYTHING, FIELD, withRange } from './boxes.ts';
import type { Hidden } from './claims.ts';
import { explore } from './explore.ts';
import { everythingSent } from './senders.ts';
import { type HeaderSet, narrowHeader, type SetNode, withLayers } from './set-node.ts';
import { plainest } from './witness.ts';

const BEYOND = 1;

/** Looks at every set beyond the NAT instance, at every device and in every wrapper. */
export function decideHidden(program: Program, claim: Hidden): Answer {
  const from = new Set(claim.from);
  const turns = turnsOf(program, claim.device);
  const forbidden = claim.blocks.flatMap((block): readonly Box[] => {
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
    },
  });
  if (!beyond) return { vacuous: 'nothing that they send gets beyond it' };
  const broken = plainest(exposed);
  if (broken === null) return null;
  const at = program.places[broken.place]?.device ?? claim.device;
  return { broken, reached: null, shows: { kind: 'exposure', at, blocks: claim.blocks } };
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
