import { formatCidr } from '../address/index.ts';
import { formatSource } from '../base/index.ts';
import type { Acl, Model } from '../model/index.ts';
import { columns, type Table } from './table.ts';
import { formatTraffic } from './traffic.ts';
import type { World } from './world.ts';

/** Every ACL with the subnets that it guards, its rules in the order in which they are tried. */
export function acls({ model }: World): readonly Table[] {
  const tables = Object.values(model.acls).map((acl) => tableOf(model, acl));
  return tables.length > 0 ? tables : [{ title: 'ACLs', columns: columns('rule'), rows: [] }];
}

function tableOf(model: Model, acl: Acl): Table {
  const guarded = Object.values(model.subnets)
    .filter((subnet) => subnet.acl === acl.id)
    .map(({ name, block }) => `${name} (${formatCidr(block)})`);
  const rows = (['in', 'out'] as const).flatMap((direction) => [
    ...[...acl[direction]]
      .sort((one, other) => one.number - other.number)
      .map(({ number, action, peer, from, ...traffic }) => [
        direction,
        String(number),
        action,
        formatTraffic(traffic),
        formatCidr(peer),
        from === null ? '' : formatSource(from),
      ]),
    [direction, '*', 'deny', 'any', 'everybody', ''],
  ]);
  return {
    title: `${acl.id}, guarding ${guarded.length === 0 ? 'no subnet' : guarded.join(' and ')}`,
    columns: columns('direction', 'rule', 'action', 'traffic', 'from or to', 'said at'),
    rows,
  };
}
