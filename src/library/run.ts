import { type RunDocument, renderRun, runDocument } from '../report/index.ts';
import { performScenario, type ScenarioReport, summarize } from '../scenario/index.ts';
import { type Answer, withText } from './document.ts';
import { insidesOf, type Network, orThrow, othersOf } from './network.ts';

/** What was expected and claimed, and what came of it: `vnsim.run/1`. */
export type Ran = Answer<RunDocument>;

/** How far a run has come. */
export interface Progress {
  /** scenarios that are done */
  readonly done: number;
  /** checks in these */
  readonly passed: number;
  readonly failed: number;
}

/**
 * Performs scenarios from their first step and checks what they expect and claim: `vnsim run`.
 *
 * @throws {VnsimError} where the provider refuses a step and no refusal was expected
 */
export function run(...networks: readonly Network[]): Ran {
  const work = running(...networks);
  for (;;) {
    const next = work.next();
    if (next.done === true) return next.value;
  }
}

/** The same with pauses, after each step and each scenario; between two pauses nothing is half done. */
export function* running(...networks: readonly Network[]): Generator<Progress, Ran> {
  const reports: ScenarioReport[] = [];
  for (const network of networks) {
    const { scenario, backend } = insidesOf(network);
    const work = performScenario(scenario, undefined, othersOf(network), backend);
    const { passed, failed } = summarize(reports);
    const progress = { done: reports.length, passed, failed };
    let next = work.next();
    for (; next.done !== true; next = work.next()) yield progress;
    reports.push(orThrow(next.value).report);
  }
  const summary = summarize(reports);
  return withText(runDocument(summary), {}, (_, look) => renderRun(summary, look));
}
