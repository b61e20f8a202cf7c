import { type Diagnostic, loadScenario } from '../../scenario/index.ts';
import { EXIT, UsageError } from '../exit.ts';
import { readInput } from '../files.ts';
import { BadScenario, reportMistakes, tell } from '../scenarios.ts';
import { lookOf, print, printJson } from '../terminal.ts';

export interface ValidateOptions {
  readonly json?: true;
}

/** `vnsim validate FILE…`: every mistake of every file; nothing is run. */
export function validateCommand(files: readonly string[], options: ValidateOptions): void {
  const diagnostics: Diagnostic[] = [];
  for (const file of files) {
    try {
      const loaded = loadScenario(readInput(file), file);
      diagnostics.push(...loaded.diagnostics);
      if (loaded.scenario === null) process.exitCode = EXIT.usage;
      else if (options.json !== true) {
        const { palette } = lookOf(process.stdout);
        print(`${palette.good('valid')}  ${file}  ${loaded.scenario.title}\n`);
      }
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      reportMistakes(error, options.json === true && files.length === 1);
      if (options.json === true && files.length === 1) return;
    }
  }
  if (options.json === true) printJson({ schema: 'vnsim.diagnostics/1', diagnostics });
  else if (diagnostics.length > 0) tell(new BadScenario(diagnostics).diagnostics);
}
