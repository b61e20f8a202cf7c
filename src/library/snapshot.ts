import { renderTable, type TableDocument, tableDocument } from '../report/index.ts';
import { quoted, suggest, TABLE_NAMES, type TableName, tablesOf } from '../scenario/index.ts';
import { VnsimError } from './complaint.ts';
import { type Answer, withText } from './document.ts';
import { type Network, worldOf } from './network.ts';

/** Tables of a network by their names, as `vnsim show` has them. */
export type Snapshot = Answer<{ readonly [Name in TableName]?: readonly TableDocument[] }>;

/**
 * The state of a network as plain data: its tables of routes, connections, neighbours, modules and whatever `vnsim show` knows.
 * Good to compare with what was kept: `expect(snapshot(network, 'routes')).toMatchSnapshot()`.
 *
 * @param names which tables; none: all of them
 * @throws {VnsimError} where there is no such table
 */
export function snapshot(network: Network, ...names: readonly TableName[]): Snapshot {
  const world = worldOf(network);
  const chosen = names.length === 0 ? TABLE_NAMES : names.map(tableMeant);
  const tables = chosen.map((name) => [name, tablesOf(world, name)] as const);
  const document = Object.fromEntries(
    tables.map(([name, all]) => [
      name,
      all.map(({ title, columns, rows }) => tableDocument(title, columns, rows)),
    ]),
  );
  return withText(document, {}, (_, look) =>
    tables
      .flatMap(([, all]) => all.map(({ title, columns, rows }) => renderTable(title, columns, rows, look)))
      .join('\n'),
  );
}

function tableMeant(text: TableName): TableName {
  if (TABLE_NAMES.includes(text)) return text;
  throw VnsimError.about(
    'usage/table',
    `there is no table ${quoted(String(text))}`,
    suggest(String(text), TABLE_NAMES, 'there are'),
  );
}
