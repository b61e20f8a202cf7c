import { renderRun, runDocument } from '../../report/index.ts';
import { performScenario, type Scenario, type ScenarioReport, summarize } from '../../scenario/index.ts';
import { EXIT } from '../exit.ts';
import { performInterruptibly } from '../interrupt.ts';
import { openScenarios, orComplain } from '../scenarios.ts';
import { lookOf, print, printJson } from '../terminal.ts';

export interface RunOptions {
  readonly json?: true;
  readonly seed?: number;
}

/** `vnsim run FILE…`: every file is checked before any is run, so that a mistake in the last one costs nothing. */
export async function runCommand(files: readonly string[], options: RunOptions): Promise<void> {
  const scenarios = openScenarios(files, options.seed);
  const reports: ScenarioReport[] = [];
  await performInterruptibly(performAll(scenarios, reports), () => doneWords(scenarios, reports));
  const summary = summarize(reports);
  if (options.json === true) printJson(runDocument(summary));
  else print(renderRun(summary, lookOf(process.stdout)));
  if (summary.failed > 0) process.exitCode = EXIT.failed;
}

function* performAll(scenarios: readonly Scenario[], reports: ScenarioReport[]): Generator<undefined, void> {
  for (const scenario of scenarios) {
    const { report } = orComplain(yield* performScenario(scenario));
    reports.push(report);
  }
}

function doneWords(scenarios: readonly Scenario[], reports: readonly ScenarioReport[]): string {
  const { passed, failed } = summarize(reports);
  const underWay = scenarios[reports.length];
  const so = `${reports.length} of ${scenarios.length} scenarios done, ${passed} checks passed, ${failed} failed`;
  return underWay === undefined ? so : `${so}; ${underWay.file} was under way`;
}
