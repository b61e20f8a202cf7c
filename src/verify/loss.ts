import type { Stage } from '../program/index.ts';
import type { BoxSet } from './boxes.ts';
import { explore } from './explore.ts';
import type { Learned } from './learned.ts';
import { ANY, type HeaderSet, narrow, type SetNode, withHeader, withLayers } from './set-node.ts';
import { subtract } from './subtraction.ts';
import { transfer } from './transfer.ts';

/** A part of a set that a stage drops. */
export interface Lost {
  readonly node: SetNode;
  readonly stage: Stage;
}

/**
 * What of a set a stage drops. Each stage says what became of every part that passes it; what it speaks of nowhere
 * is lost. For that the stage is asked about the set as if it had just been sent, since the preimage of what passes is
 * exact.
 */
export function lostAt(node: SetNode, stage: Stage, learned: Learned): readonly Lost[] {
  if (stage.kind === 'deliver' || stage.kind === 'wrap' || stage.kind === 'seal') return [];
  if (stage.kind === 'accept' && isCopyForOthers(node, stage)) return [];
  const { header, inner } = node;
  const layer = stage.kind === 'unwrap' || stage.kind === 'open' ? inner : node;
  if (layer === null) return [{ node, stage }];
  const asked =
    layer === node
      ? withHeader(node, asIfSent(header))
      : withLayers(
          node,
          node.link,
          header,
          inner === null ? null : { ...inner, header: asIfSent(inner.header) },
        );
  const passed: BoxSet = transfer(stage, asked, deaf(learned)).map((part) => part.header.sent);
  const lost = subtract([layer.header.now], passed);
  const before = layer === node ? node : withLayers(node, node.link, layer.header, null);
  return lost.flatMap((box) => {
    const part = narrow(before, box);
    return part === null ? [] : [{ node: part, stage }];
  });
}

/** A bridge that does not know a station sends copies to everybody; that others ignore theirs is no loss. */
function isCopyForOthers({ link }: SetNode, { mac }: Stage<'accept'>): boolean {
  return link.target !== ANY && link.target !== mac;
}

function asIfSent({ now }: HeaderSet): HeaderSet {
  return { now, sent: now, own: 0b11111 };
}

/** The same knowledge, for a question that shall leave no trace. */
export function deaf({ space, flows }: Learned): Learned {
  return { space, flows, open: () => undefined, arrive: () => undefined };
}

/** A set at the machine that it has reached. */
export interface Arrived {
  readonly host: number;
  readonly node: SetNode;
}

/** Carries sets, the last of them first, and notes all that reaches a machine or gets lost. */
export function carryNoting(
  program: Parameters<typeof explore>[0],
  starts: readonly SetNode[],
): { readonly arrived: readonly Arrived[]; readonly lost: readonly Lost[] } {
  const lost: Lost[] = [];
  const { arrivals } = explore(program, starts, {
    onStage: (node, stage, learned) => lost.push(...lostAt(node, stage, learned)),
  });
  const arrived = arrivals.flatMap((nodes, host) => nodes.map((node) => ({ host, node })));
  return { arrived, lost };
}
