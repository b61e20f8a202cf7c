import { columns, type Table } from './table.ts';
import { acls } from './table-of-acls.ts';
import { messages, queued, unopened } from './table-of-messages.ts';
import { balancers, takeovers } from './tables-of-balancers.ts';
import { links } from './tables-of-links.ts';
import { securityModules } from './tables-of-modules.ts';
import { inventory, modules, natInstances, networks, subnets } from './tables-of-records.ts';
import { channels, logical } from './tables-of-sites.ts';
import { connections, neighbours, routes } from './tables-of-state.ts';
import { watchTables } from './tables-of-watch.ts';
import type { World } from './world.ts';

export type { Table } from './table.ts';

/** The tables that `vnsim show` knows. */
export type TableName =
  | 'vn'
  | 'routes'
  | 'nat'
  | 'acls'
  | 'connections'
  | 'arp'
  | 'messages'
  | 'queue'
  | 'watch'
  | 'links'
  | 'hsm'
  | 'balancers'
  | 'inventory'
  | 'logical'
  | 'channels'
  | 'log'
  | 'patches';

export const TABLE_NAMES: readonly TableName[] = [
  'vn',
  'routes',
  'nat',
  'acls',
  'connections',
  'arp',
  'messages',
  'queue',
  'watch',
  'links',
  'hsm',
  'balancers',
  'inventory',
  'logical',
  'channels',
  'log',
  'patches',
];

/** One kind of table of the world as it is now. `inventory` and `logical` are one table for each customer. */
export function tablesOf(world: World, name: TableName): readonly Table[] {
  switch (name) {
    case 'vn':
      return [networks(world), subnets(world)];
    case 'routes':
      return routes(world);
    case 'nat':
      return [natInstances(world)];
    case 'acls':
      return acls(world);
    case 'connections':
      return connections(world);
    case 'arp':
      return [neighbours(world)];
    case 'messages':
      return [messages(world), unopened(world)];
    case 'queue':
      return [queued(world)];
    case 'links':
      return [links(world)];
    case 'watch':
      return watchTables(world);
    case 'hsm':
      return [modules(world), ...securityModules(world)];
    case 'balancers':
      return [balancers(world), ...(world.takeovers.length === 0 ? [] : [takeovers(world)])];
    case 'inventory':
      return Object.keys(world.model.customers).map((customer) => inventory(world, customer));
    case 'logical':
      return Object.keys(world.model.customers).map((customer) => logical(world, customer));
    case 'channels':
      return [channels(world)];
    case 'log':
      return [log(world)];
    case 'patches':
      return [patches(world)];
  }
}

function log({ changes }: World): Table {
  const rows = changes.map(({ verb, forward }, index) => [
    String(index + 1),
    verb,
    String(forward.length),
    [...new Set(forward.map(({ path }) => String(path[0])))].join(', '),
  ]);
  return {
    title: 'calls of the provider’s API',
    columns: columns('call', 'verb', 'changes', 'records touched'),
    rows,
  };
}

function patches({ changes }: World): Table {
  const rows = changes.flatMap(({ verb, forward }, index) =>
    forward.map(({ op, path }) => [String(index + 1), verb, op, path.join(' / ')]),
  );
  return { title: 'what each call changed', columns: columns('call', 'verb', 'change', 'record'), rows };
}
