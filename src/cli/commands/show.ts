import type { Nanos } from '../../base/index.ts';
import { renderTable, tableDocument } from '../../report/index.ts';
import { type Moment, prepareWorld, type TableName, tablesOf } from '../../scenario/index.ts';
import { openScenario, orComplain } from '../scenarios.ts';
import { lookOf, print, printJson } from '../terminal.ts';

export interface ShowOptions {
  readonly at?: Nanos;
  readonly json?: true;
}

/** `vnsim show FILE TABLE`: any table of the network, after the last step or at an instant. */
export function showCommand(file: string, table: TableName, options: ShowOptions): void {
  const moment: Moment = options.at === undefined ? { kind: 'end' } : { kind: 'instant', at: options.at };
  const world = orComplain(prepareWorld(openScenario(file), moment));
  const tables = tablesOf(world, table);
  if (options.json === true) {
    printJson({
      schema: 'vnsim.show/1',
      tables: tables.map(({ title, columns, rows }) => tableDocument(title, columns, rows)),
    });
    return;
  }
  const look = lookOf(process.stdout);
  print(tables.map(({ title, columns, rows }) => renderTable(title, columns, rows, look)).join('\n'));
}
