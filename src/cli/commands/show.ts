import { renderTable, tableDocument } from '../../report/index.ts';
import {
  type Moment,
  parseDuration,
  prepareWorld,
  suggest,
  TABLE_NAMES,
  type TableName,
  tablesOf,
} from '../../scenario/index.ts';
import { complaint } from '../complaint.ts';
import { openScenario, orComplain } from '../scenarios.ts';
import { lookOf, print, printJson } from '../terminal.ts';

export interface ShowOptions {
  readonly at?: string;
  readonly json?: true;
}

/** `vnsim show FILE TABLE`: any table of the network, after the last step or at an instant. */
export function showCommand(file: string, name: string, options: ShowOptions): void {
  const table = tableNamed(name);
  const moment: Moment = options.at === undefined ? { kind: 'end' } : momentAt(options.at);
  const world = orComplain(prepareWorld(openScenario(file), moment));
  const tables = tablesOf(world, table);
  if (options.json === true) {
    const documents = tables.map(({ title, columns, rows }) => tableDocument(title, columns, rows));
    printJson({ schema: 'vnsim.show/1', tables: documents });
    return;
  }
  const look = lookOf(process.stdout);
  print(tables.map(({ title, columns, rows }) => renderTable(title, columns, rows, look)).join('\n'));
}

function tableNamed(text: string): TableName {
  const known = TABLE_NAMES.find((name) => name === text);
  if (known !== undefined) return known;
  throw complaint('usage/table', `there is no table "${text}"`, suggest(text, TABLE_NAMES, 'there are'));
}

function momentAt(text: string): Moment {
  const parsed = parseDuration(text);
  if (parsed.ok) return { kind: 'instant', at: parsed.value };
  throw complaint('usage/time', parsed.fault.message, parsed.fault.help ?? null);
}
