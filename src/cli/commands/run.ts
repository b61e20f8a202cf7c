import { renderRun, runDocument } from '../../report/index.ts';
import { performScenario, type ScenarioReport, summarize } from '../../scenario/index.ts';
import { EXIT } from '../exit.ts';
import { performInterruptibly } from '../interrupt.ts';
import { openScenarios, orComplain, othersOf } from '../scenarios.ts';
import { lookOf, print, printJson } from '../terminal.ts';
import { type OpenToken, openChosenToken, type TokenChoice } from '../token.ts';

export interface RunOptions extends TokenChoice {
  readonly json?: true;
  readonly seed?: number;
}

/** `vnsim run FILE…`: every file is checked before any is run, so that a mistake in the last one costs nothing. */
export async function runCommand(files: readonly string[], options: RunOptions): Promise<void> {
  const reports: ScenarioReport[] = [];
  const token = await openChosenToken(options);
  try {
    const work = performAll(files, options.seed, reports, token?.backend);
    await performInterruptibly(work, () => doneWords(files, reports));
  } finally {
    token?.close();
  }
  const summary = summarize(reports);
  if (options.json === true) printJson(runDocument(summary));
  else print(`${renderRun(summary, lookOf(process.stdout))}${token?.words ?? ''}`);
  if (summary.failed > 0) process.exitCode = EXIT.failed;
}

function* performAll(
  files: readonly string[],
  seed: number | undefined,
  reports: ScenarioReport[],
  backend: OpenToken['backend'] | undefined,
): Generator<undefined, void> {
  const scenarios = yield* openScenarios(files, seed);
  for (const scenario of scenarios) {
    const { report } = orComplain(yield* performScenario(scenario, undefined, othersOf(scenario), backend));
    reports.push(report);
  }
}

function doneWords(files: readonly string[], reports: readonly ScenarioReport[]): string {
  const { passed, failed } = summarize(reports);
  return `${reports.length} of ${files.length} scenarios were done, ${passed} checks passed, ${failed} failed`;
}
