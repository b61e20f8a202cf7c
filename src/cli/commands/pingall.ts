import { renderMatrix } from '../../report/index.ts';
import { type Moment, pingAll, prepareWorld } from '../../scenario/index.ts';
import { openScenario, orComplain } from '../scenarios.ts';
import { lookOf, print, printJson } from '../terminal.ts';

export interface PingallOptions {
  readonly json?: true;
  readonly after?: number;
}

/** `vnsim pingall FILE`: every machine pings every address that anything in the scenario has. */
export function pingallCommand(file: string, options: PingallOptions): void {
  const moment: Moment =
    options.after === undefined ? { kind: 'set-up' } : { kind: 'after', count: options.after };
  const world = orComplain(prepareWorld(openScenario(file), moment));
  const matrix = pingAll(world);
  if (options.json === true) {
    printJson({ schema: 'vnsim.pingall/1', ...matrix });
    return;
  }
  print(renderMatrix(matrix, lookOf(process.stdout)));
}
