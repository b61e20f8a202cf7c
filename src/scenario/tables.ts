import { formatCidr, formatIpv4, formatMac } from '../address/index.ts';
import { formatNanos, formatSource, nanos } from '../base/index.ts';
import { ORIGINAL, REPLY, stateName } from '../dataplane/index.ts';
import { displayNames, type Model } from '../model/index.ts';
import { protocolName } from '../packet/index.ts';
import type { World } from './world.ts';

/** The tables that `vnsim show` knows. */
export type TableName =
  | 'vn'
  | 'routes'
  | 'nat'
  | 'connections'
  | 'arp'
  | 'hsm'
  | 'inventory'
  | 'log'
  | 'patches';

export const TABLE_NAMES: readonly TableName[] = [
  'vn',
  'routes',
  'nat',
  'connections',
  'arp',
  'hsm',
  'inventory',
  'log',
  'patches',
];

export interface Table {
  readonly title: string;
  readonly columns: readonly { readonly name: string; readonly align?: 'left' | 'right' }[];
  readonly rows: readonly (readonly string[])[];
}

/** One kind of table of the world as it is now. `inventory` is one table for each customer. */
export function tablesOf(world: World, name: TableName): readonly Table[] {
  switch (name) {
    case 'vn':
      return [networks(world), subnets(world)];
    case 'routes':
      return routes(world);
    case 'nat':
      return [natInstances(world)];
    case 'connections':
      return connections(world);
    case 'arp':
      return [neighbours(world)];
    case 'hsm':
      return [modules(world)];
    case 'inventory':
      return Object.keys(world.model.customers).map((customer) => inventory(world, customer));
    case 'log':
      return [log(world)];
    case 'patches':
      return [patches(world)];
  }
}

function columns(...names: readonly string[]): Table['columns'] {
  return names.map((name) => ({ name }));
}

function display(model: Model): (id: string) => string {
  const names = displayNames(model);
  return (id) => names.get(id) ?? id;
}

function networks({ model }: World): Table {
  const rows = Object.values(model.networks).map((network) => [
    network.id,
    network.owner === 'provider' ? `provider, for ${network.customer}` : network.customer,
    formatCidr(network.block),
    String(network.segment),
    network.vlan === null ? '' : String(network.vlan),
    'substrate',
  ]);
  return {
    title: 'virtual networks',
    columns: columns('network', 'owner', 'block', 'segment', 'VLAN', 'host'),
    rows,
  };
}

function subnets({ model }: World): Table {
  const name = display(model);
  const rows = Object.values(model.interfaces).map((vni) => [
    vni.network,
    model.subnets[vni.subnet]?.name ?? '',
    formatCidr(model.subnets[vni.subnet]?.block ?? { address: 0 as never, prefix: 0 }),
    formatIpv4(vni.address),
    vni.name === null ? name(vni.attachedTo) : `${name(vni.id)} of ${name(vni.attachedTo)}`,
    formatMac(vni.mac),
    vni.server,
  ]);
  return {
    title: 'interfaces',
    columns: columns('network', 'subnet', 'block', 'address', 'interface', 'MAC', 'server'),
    rows,
  };
}

/** The routing tables of every device, as the Program has them. */
function routes({ engine }: World): readonly Table[] {
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
        const title = `subnet ${formatCidr(stage.subnet)} of VN ${stage.vn}`;
        const rows = stage.routes.entries.map(({ block, value }) => [
          formatCidr(block),
          value.kind === 'interface' ? value.target.owner : value.kind,
          value.from === null ? '' : formatSource(value.from),
        ]);
        tables.set(title, { title, columns: columns('block', 'towards', 'said at'), rows });
      }
    }
  }
  return [...tables.values()];
}

function natInstances({ model }: World): Table {
  const name = display(model);
  const rows = Object.values(model.natInstances).map((nat) => {
    const outer = model.interfaces[nat.outer];
    const inward = model.interfaces[nat.inward];
    const hsm = model.hsms[nat.hsm];
    const address = (of: { readonly address: Parameters<typeof formatIpv4>[0] } | undefined) =>
      of === undefined ? '' : formatIpv4(of.address);
    return [
      name(nat.id),
      nat.customer,
      `${address(outer)} (${name(nat.outer)})`,
      nat.sourceRewrite ? `${address(inward)} (${name(nat.inward)})` : 'the client’s own',
      `${address(hsm)} (${nat.hsm})`,
      nat.server,
      nat.attachment,
    ];
  });
  return {
    title: 'NAT instances: what a client calls, what the HSM sees, where it goes',
    columns: columns('instance', 'customer', 'called', 'seen as', 'goes to', 'server', 'attachment'),
    rows,
  };
}

/** What the names of firewalls' tables end in. */
const FIREWALL = '/firewall';

/** The interface that carries a firewall, as people know it: an ordinary instance's by the instance. */
function ownerName({ model }: World, table: string): string {
  const id = table.slice(0, -FIREWALL.length);
  const vni = model.interfaces[id];
  return display(model)(vni === undefined || vni.name !== null ? id : vni.attachedTo);
}

function connections(world: World): readonly Table[] {
  const { engine, model } = world;
  const name = display(model);
  const { now } = engine;
  const tables = [...engine.state.connectionTables()].map(([id, view]): Table => {
    const rows = [...view.slots(now)].map((slot) => {
      const original = view.flowOf(slot, ORIGINAL);
      const reply = view.flowOf(slot, REPLY);
      const end = (address: typeof original.source, port: number) => `${formatIpv4(address)}:${port}`;
      return [
        String(protocolName(original.protocol)),
        `${end(original.source, original.sourcePort)} → ${end(original.target, original.targetPort)}`,
        `${end(reply.source, reply.sourcePort)} → ${end(reply.target, reply.targetPort)}`,
        stateName(view.stateOf(slot)),
        formatNanos(nanos(view.expiresAt(slot) - now)),
      ];
    });
    const firewall = id.endsWith(FIREWALL);
    const owner = firewall ? `the firewall of ${ownerName(world, id)}` : name(id);
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

function neighbours({ engine }: World): Table {
  const { now } = engine;
  const rows = [...engine.state.neighbours(now)].flatMap(([table, entries]) =>
    entries.map((entry) => [
      table,
      formatIpv4(entry.address),
      formatMac(entry.mac),
      entry.link.vlan === null ? '' : String(entry.link.vlan.id),
      formatNanos(nanos(entry.expiresAt - now)),
    ]),
  );
  return {
    title: `ARP tables at ${formatNanos(now)}`,
    columns: columns('interface', 'address', 'MAC', 'VLAN', 'expires in'),
    rows,
  };
}

function modules({ model }: World): Table {
  const rows = Object.values(model.hsms).map((hsm) => [
    hsm.name,
    hsm.model,
    hsm.zone,
    formatIpv4(hsm.address),
    hsm.endpoint.kind === 'hsm' ? `hsm (${hsm.endpoint.key})` : hsm.endpoint.kind,
    String(hsm.port),
    hsm.assignedTo ?? 'free',
  ]);
  return {
    title: 'HSMs in the rack',
    columns: columns('HSM', 'model', 'zone', 'address', 'endpoint', 'port', 'service network'),
    rows,
  };
}

/** What a customer sees of its own network: an HSM is an interface like any other, at an address of the customer’s. */
function inventory({ model }: World, customer: string): Table {
  const rows = Object.values(model.interfaces)
    .filter((vni) => vni.network === customer)
    .map((vni) => [
      vni.name ?? model.instances[vni.attachedTo]?.name ?? vni.id,
      formatIpv4(vni.address),
      model.subnets[vni.subnet]?.name ?? '',
      vni.description,
    ]);
  return {
    title: `what ${customer} sees`,
    columns: columns('device', 'address', 'subnet', 'description'),
    rows,
  };
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
