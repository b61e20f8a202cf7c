import { formatCidr, formatEndpoint, formatIp, formatMac, widthOf } from '../address/index.ts';
import { formatNanos, formatSource, nanos } from '../base/index.ts';
import { ORIGINAL, REPLY, stateName } from '../dataplane/index.ts';
import { protocolName } from '../packet/index.ts';
import type { SubnetRoute } from '../program/index.ts';
import { columns, display, type Table } from './table.ts';
import type { World } from './world.ts';

/* Tables of what the Program and the engine hold. */

/** The routing tables of every device, as the Program has them. */
export function routes({ engine }: World): readonly Table[] {
  const tables = new Map<string, Table>();
  const { program } = engine;
  for (const place of program.places) {
    const device = program.devices[place.device]?.name ?? '';
    for (const stage of place.stages) {
      if (stage.kind === 'route') {
        const title = stage.name.includes(device) ? stage.name : `${stage.name} of ${device}`;
        const rows = stage.table.entries.map(({ block, value }) => [
          formatCidr(block),
          value.towards,
          value.from === null ? '' : formatSource(value.from),
        ]);
        tables.set(title, { title, columns: columns('block', 'towards', 'said at'), rows });
      } else if (stage.kind === 'locate') {
        // a gateway is in no subnet: it knows the network as a whole
        const title =
          stage.subnet.prefix === widthOf(stage.subnet.address)
            ? `from ${device} into VN ${stage.vn}`
            : `subnet ${formatCidr(stage.subnet)} of VN ${stage.vn}`;
        const rows = stage.routes.entries.map(({ block, value }) => [
          formatCidr(block),
          ...subnetRouteWords(value),
          value.from === null ? '' : formatSource(value.from),
        ]);
        tables.set(title, {
          title,
          columns: columns('block', 'towards', 'origin', 'state', 'said at'),
          rows,
        });
      }
    }
  }
  return [...tables.values()];
}

/** Where a route leads, who wrote it, and whether it works. */
function subnetRouteWords(route: SubnetRoute): readonly [string, string, string] {
  switch (route.kind) {
    case 'local':
      return ['local', 'local', 'active'];
    case 'interface':
      return [route.target.owner, route.origin, 'active'];
    case 'peering':
      return [`peering ${route.peering}`, 'static', 'active'];
    case 'blackhole':
      return ['blackhole', 'static', 'blackhole'];
    case 'dead':
      return [route.towards, 'static', route.cause === 'gone' ? 'blackhole' : 'blackhole: not accepted'];
  }
}

/** What the names of firewalls' tables end in. */
const FIREWALL = '/firewall';

/** The interface that carries a firewall, as people know it: an ordinary instance's by the instance. */
function ownerName({ model }: World, table: string): string {
  const id = table.slice(0, -FIREWALL.length);
  const vni = model.interfaces[id];
  return display(model)(vni === undefined || vni.name !== null ? id : vni.attachedTo);
}

export function connections(world: World): readonly Table[] {
  const { engine, model } = world;
  const name = display(model);
  const { now } = engine;
  const current = new Set(engine.program.tables.map(({ name: id }) => id));
  const live = [...engine.state.connectionTables()].filter(([id]) => current.has(id));
  const tables = live.map(([id, view]): Table => {
    const rows = [...view.slots(now)].map((slot) => {
      const original = view.flowOf(slot, ORIGINAL);
      const reply = view.flowOf(slot, REPLY);
      const end = (address: typeof original.source, port: number) => formatEndpoint(address, port);
      return [
        String(protocolName(original.protocol)),
        `${end(original.source, original.sourcePort)} → ${end(original.target, original.targetPort)}`,
        `${end(reply.source, reply.sourcePort)} → ${end(reply.target, reply.targetPort)}`,
        stateName(view.stateOf(slot)),
        formatNanos(nanos(view.expiresAt(slot) - now)),
      ];
    });
    const firewall = id.endsWith(FIREWALL);
    const owner = firewall ? `the firewall of ${ownerName(world, id)}` : name(id.replace(/\++(?=$|\/)/, ''));
    return {
      title: `connections of ${owner} at ${formatNanos(now)}`,
      columns: columns(
        'protocol',
        'the client sends',
        firewall ? 'the answer' : 'the HSM answers',
        'state',
        'expires in',
      ),
      rows,
    };
  });
  return tables.length > 0 ? tables : [{ title: 'connections', columns: columns('protocol'), rows: [] }];
}

export function neighbours({ engine }: World): Table {
  const { now } = engine;
  const rows = [...engine.state.neighbours(now)].flatMap(([table, entries]) =>
    entries.map((entry) => [
      table,
      formatIp(entry.address),
      formatMac(entry.mac),
      entry.link.vlan === null ? '' : String(entry.link.vlan.id),
      formatNanos(nanos(entry.expiresAt - now)),
    ]),
  );
  return {
    title: `neighbours at ${formatNanos(now)}`,
    columns: columns('interface', 'address', 'MAC', 'VLAN', 'expires in'),
    rows,
  };
}
