import type { Result } from '../base/index.ts';
import { renderDiagnostic } from '../report/index.ts';
import { type Diagnostic, loadScenario, type Scenario } from '../scenario/index.ts';
import { EXIT, type UsageError } from './exit.ts';
import { readInput } from './files.ts';
import { complain, lookOf, printJson } from './terminal.ts';

/** Complaints that end the command with exit code 2. */
export class BadScenario extends Error {
  override readonly name = 'BadScenario';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super('the scenario has mistakes');
    this.diagnostics = diagnostics;
  }
}

/** Reads and checks a file. Warnings are told; mistakes are thrown, all at once. */
export function openScenario(path: string, seed?: number): Scenario {
  const { scenario, diagnostics } = loadScenario(readInput(path), path);
  if (scenario === null) throw new BadScenario(diagnostics);
  tell(diagnostics);
  return seed === undefined ? scenario : { ...scenario, seed };
}

/** The value, or its complaints thrown. */
export function orComplain<Value>(result: Result<Value, readonly Diagnostic[]>): Value {
  if (!result.ok) throw new BadScenario(result.fault);
  return result.value;
}

export function tell(diagnostics: readonly Diagnostic[]): void {
  const look = lookOf(process.stderr);
  for (const diagnostic of diagnostics) complain(`${renderDiagnostic(diagnostic, look)}\n`);
}

/** Says what was wrong, as text on standard error or as a document on standard output, and sets exit code 2. */
export function reportMistakes(error: UsageError | BadScenario, json: boolean): void {
  process.exitCode = EXIT.usage;
  if (error instanceof BadScenario) {
    if (json) printJson({ schema: 'vnsim.diagnostics/1', diagnostics: error.diagnostics });
    else tell(error.diagnostics);
    return;
  }
  const { code, message, help } = error;
  if (json) {
    const diagnostic = {
      severity: 'error',
      code,
      message,
      file: null,
      line: 0,
      column: 0,
      length: 0,
      excerpt: null,
      help,
    };
    printJson({ schema: 'vnsim.diagnostics/1', diagnostics: [diagnostic] });
    return;
  }
  const { palette } = lookOf(process.stderr);
  complain(`${palette.bad(`error[${code}]`)}  ${message}\n`);
  if (help !== null) complain(`   = ${help}\n`);
}
