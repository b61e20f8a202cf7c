import { formatCidr, formatIp, formatMac } from '../address/index.ts';
import type { Model, VirtualNetwork } from '../model/index.ts';
import { columns, display, type Table } from './table.ts';
import type { World } from './world.ts';

/* Tables of what exists, read from the model. */

export function networks({ model }: World): Table {
  const rows = Object.values(model.networks).map((network) => [
    network.id,
    ownerWords(model, network),
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

function ownerWords(model: Model, { owner, customer }: VirtualNetwork): string {
  if (owner === 'provider') return `provider, for ${customer}`;
  return model.customers[customer]?.ownedByProvider === true
    ? `${customer}, a part of the provider`
    : customer;
}

export function subnets({ model }: World): Table {
  const name = display(model);
  const rows = Object.values(model.interfaces).map((vni) => [
    vni.network,
    model.subnets[vni.subnet]?.name ?? '',
    formatCidr(model.subnets[vni.subnet]?.block ?? { address: 0 as never, prefix: 0 }),
    formatIp(vni.address),
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

export function natInstances({ model }: World): Table {
  const name = display(model);
  const rows = Object.values(model.natInstances).map((nat) => {
    const outer = model.interfaces[nat.outer];
    const inward = model.interfaces[nat.inward];
    const hsm = model.hsms[nat.hsm];
    const address = (of: { readonly address: Parameters<typeof formatIp>[0] } | undefined) =>
      of === undefined ? '' : formatIp(of.address);
    return [
      name(nat.id),
      nat.customer,
      `${address(outer)} (${name(nat.outer)})`,
      nat.sourceRewrite ? `${address(inward)} (${name(nat.inward)})` : 'the client’s own',
      `${address(hsm)} (${nat.hsm})`,
      nat.server,
      nat.attachment,
      [outer, inward].map((vni) => firewallNames(model, vni)).join(', '),
    ];
  });
  return {
    title: 'NAT instances: what a client calls, what the HSM sees, where it goes',
    columns: columns(
      'instance',
      'customer',
      'called',
      'seen as',
      'goes to',
      'server',
      'attachment',
      'firewalls',
    ),
    rows,
  };
}

/** `fw-324 of vni-324`: what guards an interface. */
function firewallNames(model: World['model'], vni: World['model']['interfaces'][string] | undefined): string {
  const carried = vni?.firewalls.map((id) => model.firewalls[id]?.name ?? id) ?? [];
  return `${carried.length === 0 ? 'none' : carried.join(' and ')} at ${vni?.name ?? '?'}`;
}

export function modules({ model }: World): Table {
  const rows = Object.values(model.hsms).map((hsm) => [
    hsm.name,
    hsm.model,
    hsm.fips === null ? '' : `${hsm.fips}`,
    hsm.rack === null ? hsm.zone : `${hsm.zone}, rack ${hsm.rack}`,
    formatIp(hsm.address),
    endpointWords(hsm),
    String(hsm.port),
    servedWords(hsm),
  ]);
  return {
    title: 'HSMs in the rack',
    columns: columns('HSM', 'model', 'FIPS 140-2', 'zone', 'address', 'endpoint', 'port', 'service network'),
    rows,
  };
}

function endpointWords({ endpoint, host }: Model['hsms'][string]): string {
  const runs = endpoint.kind === 'hsm' ? `hsm (${endpoint.key})` : endpoint.kind;
  return host === null ? runs : `${runs}, a card in ${host}`;
}

/** `acme/1, shared with globex (globex/1)`: the service networks by which a module is reached. */
function servedWords({ assignedTo, shares }: Model['hsms'][string]): string {
  const others = Object.values(shares).map(({ customer, network, revoked }) => {
    if (revoked) return `no longer shared with ${customer} (${network})`;
    return `shared with ${customer}${network === null ? '' : ` (${network})`}`;
  });
  return [assignedTo ?? 'free', ...others].join(', ');
}

/** What a customer sees of its own network: an HSM is an interface like any other, at an address of the customer’s. */
export function inventory({ model }: World, customer: string): Table {
  const rows = Object.values(model.interfaces)
    .filter((vni) => vni.network === customer)
    .map((vni) => [
      vni.name ?? model.instances[vni.attachedTo]?.name ?? vni.id,
      formatIp(vni.address),
      model.subnets[vni.subnet]?.name ?? '',
      vni.description,
    ]);
  return {
    title: `what ${customer} sees`,
    columns: columns('device', 'address', 'subnet', 'description'),
    rows,
  };
}
