import { basename, join } from 'node:path';
import { renderProofs } from '../../report/index.ts';
import {
  type Decided,
  decideClaims,
  groundOf,
  prepareWorld,
  readAskedClaims,
  type Scenario,
  witnessScenario,
} from '../../scenario/index.ts';
import { Complaints } from '../complaint.ts';
import { EXIT } from '../exit.ts';
import { makeDirectory, writeOutput } from '../files.ts';
import { openScenario, orComplain } from '../scenarios.ts';
import { complain, lookOf, print, printJson } from '../terminal.ts';

export interface ProveOptions {
  readonly json?: true;
  /** a directory for scenario files that show refuted claims */
  readonly witness?: string;
}

/** `vnsim prove FILE [CLAIM…]`: for all packets that any machine could send, after the last step. */
export function proveCommand(file: string, texts: readonly string[], options: ProveOptions): void {
  const scenario = openScenario(file);
  const asked =
    texts.length === 0 ? { claims: scenario.claims, diagnostics: [] } : readAskedClaims(scenario, texts);
  if (asked.diagnostics.length > 0) throw new Complaints(asked.diagnostics);
  const world = orComplain(prepareWorld(scenario, { kind: 'end' }));
  const decided = decideClaims(groundOf(world), asked.claims);
  if (options.json === true) {
    printJson({
      schema: 'vnsim.prove/1',
      claims: decided.map(({ text, verdict, message, assumptions, line }) => ({
        text,
        verdict,
        message,
        assumptions,
        line,
      })),
    });
  } else print(renderProofs(decided, lookOf(process.stdout)));
  if (options.witness !== undefined) writeWitnesses(options.witness, scenario, decided);
  const undecided = decided.some(({ verdict }) => verdict === 'undecided');
  const failed = decided.some(({ verdict }) => verdict === 'refuted' || verdict === 'vacuous');
  if (failed) process.exitCode = EXIT.failed;
  else if (undecided) process.exitCode = EXIT.undecided;
}

/** One file for each refuted claim, numbered as the claims are. */
function writeWitnesses(directory: string, scenario: Scenario, decided: readonly Decided[]): void {
  makeDirectory(directory);
  const name = basename(scenario.file).replace(/\.[^.]*$/, '');
  for (const [index, one] of decided.entries()) {
    if (one.verdict !== 'refuted') continue;
    const { text, shown } = witnessScenario(scenario, one);
    const path = join(directory, `${name}-claim-${index + 1}.yaml`);
    writeOutput(path, new TextEncoder().encode(text));
    const how = shown ? 'its packets fail' : 'its claim fails';
    complain(`wrote ${path}: run it, and ${how}\n`);
  }
}
