import { renderMatrix } from '../../report/index.ts';
import { pingAll, prepareWorld } from '../../scenario/index.ts';
import { momentAfter } from '../moment.ts';
import { openScenario, orComplain } from '../scenarios.ts';
import { lookOf, print, printJson } from '../terminal.ts';

export interface PingallOptions {
  readonly json?: true;
  readonly after?: number;
  /** decide for all pings by sets instead of sending one of each */
  readonly sets?: true;
}

/** `vnsim pingall FILE`: every machine pings every address that anything in the scenario has. */
export function pingallCommand(file: string, options: PingallOptions): void {
  const scenario = openScenario(file);
  const world = orComplain(prepareWorld(scenario, momentAfter(scenario, options.after)));
  const matrix = pingAll(world, options.sets === true ? 'sets' : 'engine');
  if (options.json === true) printJson({ schema: 'vnsim.pingall/1', ...matrix });
  else print(renderMatrix(matrix, lookOf(process.stdout)));
}
