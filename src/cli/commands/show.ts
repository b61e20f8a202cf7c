import { snapshot, type TableName } from '../../library/index.ts';
import { answered, openNetwork } from '../networks.ts';
import { lookOf, print, printJson } from '../terminal.ts';

export interface ShowOptions {
  readonly at?: string;
  readonly json?: true;
}

/** `vnsim show FILE TABLE`: any table of the network, after the last step or at an instant. The library refuses a name that is none. */
export function showCommand(file: string, name: string, { at, json }: ShowOptions): void {
  const table = name as TableName;
  const network = openNetwork(file, at === undefined ? 'all' : { until: at });
  const shown = answered(() => snapshot(network, table));
  if (json === true) printJson({ schema: 'vnsim.show/1', tables: shown[table] });
  else print(shown.text({}, lookOf(process.stdout)));
}
