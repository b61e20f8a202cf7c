import { comparisonDocument, renderComparison } from '../../report/index.ts';
import { compareWorlds, prepareWorld } from '../../scenario/index.ts';
import { EXIT } from '../exit.ts';
import { openScenario, orComplain } from '../scenarios.ts';
import { lookOf, print, printJson } from '../terminal.ts';

export interface DiffOptions {
  readonly json?: true;
}

/** `vnsim diff BEFORE AFTER`: what a change opens and closes. Like diff, it ends with 1 where something differs. */
export function diffCommand(before: string, after: string, options: DiffOptions): void {
  const [one, other] = [before, after].map((file) =>
    orComplain(prepareWorld(openScenario(file), { kind: 'end' })),
  );
  if (one === undefined || other === undefined) return;
  const comparison = compareWorlds(one, other);
  if (options.json === true) printJson(comparisonDocument(comparison));
  else print(renderComparison(comparison, [before, after], lookOf(process.stdout)));
  const { pairs, onlyBefore, onlyAfter } = comparison;
  if (pairs.length + onlyBefore.length + onlyAfter.length > 0) process.exitCode = EXIT.failed;
}
