import { type RunDocument, renderRun, runDocument } from '../report/index.ts';
import { runScenario, summarize } from '../scenario/index.ts';
import { type Answer, withText } from './document.ts';
import { insidesOf, type Network, orThrow, othersOf } from './network.ts';

/** What was expected and claimed, and what came of it: `vnsim.run/1`. */
export type Ran = Answer<RunDocument>;

/**
 * Performs a scenario from its first step and checks what it expects and claims: `vnsim run`.
 *
 * @throws {VnsimError} where the provider refuses a step and no refusal was expected
 */
export function run(network: Network): Ran {
  const { report } = orThrow(runScenario(insidesOf(network).scenario, undefined, othersOf(network)));
  const summary = summarize([report]);
  return withText(runDocument(summary), {}, (_, look) => renderRun(summary, look));
}
