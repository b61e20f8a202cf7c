import { renderProofs } from '../../report/index.ts';
import { decideClaims, groundOf, prepareWorld, readAskedClaims } from '../../scenario/index.ts';
import { Complaints } from '../complaint.ts';
import { EXIT } from '../exit.ts';
import { openScenario, orComplain } from '../scenarios.ts';
import { lookOf, print, printJson } from '../terminal.ts';

export interface ProveOptions {
  readonly json?: true;
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
  if (decided.some(({ verdict }) => verdict !== 'proved')) process.exitCode = EXIT.failed;
}
