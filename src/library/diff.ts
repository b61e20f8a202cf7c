import { type ComparisonDocument, comparisonDocument, renderComparison } from '../report/index.ts';
import { compareWorlds } from '../scenario/index.ts';
import { type Answer, withText } from './document.ts';
import { type Network, worldOf } from './network.ts';

/** What one network lets through and the other does not: `vnsim.diff/1`. */
export type Compared = Answer<ComparisonDocument>;

/**
 * What a change opens and closes, for all packets that anybody could send unasked, with nothing broken. `same` says that it does
 * neither. Each difference rests on a packet that the engine delivered.
 *
 * @throws {VnsimError} where a scenario cannot be performed
 */
export function diff(before: Network, after: Network): Compared {
  const comparison = compareWorlds(worldOf(before), worldOf(after));
  return withText(comparisonDocument(comparison), {}, (_, look) =>
    renderComparison(comparison, [before.file, after.file], look),
  );
}
