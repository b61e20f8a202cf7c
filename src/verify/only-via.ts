import type { Program } from '../program/index.ts';
import type { Answer } from './answer.ts';
import type { OnlyVia } from './claims.ts';
import { explore } from './explore.ts';
import { everythingSent } from './senders.ts';
import type { SetNode } from './set-node.ts';
import { plainest } from './witness.ts';

const HAS_BEEN_THERE = 1;

/**
 * Whether every way leads over a device. Sets remember whether they have been there, and one that has not is never
 * taken for one that has.
 */
export function decideOnlyVia(program: Program, claim: OnlyVia): Answer {
  const from = new Set(claim.from);
  const { arrivals } = explore(program, everythingSent(program), {
    passing: (passed, place) =>
      program.places[place]?.device === claim.device ? passed | HAS_BEEN_THERE : passed,
  });
  let reached = false;
  for (const to of claim.to) {
    const arrived = (arrivals[to] ?? []).filter(({ sender }) => from.has(sender.host) && sender.host !== to);
    reached ||= arrived.length > 0;
    const broken = plainest(arrived.filter((node: SetNode) => (node.passed & HAS_BEEN_THERE) === 0));
    if (broken !== null) return { broken, reached: to, shows: { kind: 'detour', around: claim.device } };
  }
  return reached ? null : { vacuous: 'no packet of the one ever reaches the other' };
}
