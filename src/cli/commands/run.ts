import { renderRun, runDocument } from '../../report/index.ts';
import { runScenario, type ScenarioReport, summarize } from '../../scenario/index.ts';
import { EXIT } from '../exit.ts';
import { openScenario, orComplain } from '../scenarios.ts';
import { lookOf, print, printJson } from '../terminal.ts';

export interface RunOptions {
  readonly json?: true;
  readonly seed?: number;
}

/** `vnsim run FILE…`: every file is checked before any is run, so that a mistake in the last one costs nothing. */
export async function runCommand(files: readonly string[], options: RunOptions): Promise<void> {
  const scenarios = files.map((file) => openScenario(file, options.seed));
  const reports: ScenarioReport[] = [];
  const look = lookOf(process.stdout);
  for (const scenario of scenarios) {
    const { report } = orComplain(runScenario(scenario));
    reports.push(report);
    // lets an interrupt or a closed pipe be heard between two files
    await new Promise((resolve) => setImmediate(resolve));
  }
  const summary = summarize(reports);
  if (options.json === true) printJson(runDocument(summary));
  else print(renderRun(summary, look));
  if (summary.failed > 0) process.exitCode = EXIT.failed;
}
