import {
  type Cidr,
  contains,
  covers,
  formatCidr,
  formatIpv4,
  type Ipv4,
  ipv4,
  type Mac,
  mac,
  overlaps,
} from '../address/index.ts';
import type { Source } from '../base/index.ts';
import type { Endpoint, Model, Permission, Records, Server, VirtualNetwork } from '../model/index.ts';
import { nameTaken, type Refusal, refuse, unknown } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

/** Locally administered link addresses (RFC 9542), counted up: equal models give equal addresses. */
export function nextMac(draft: { counters: { mac: number } }): Mac {
  const count = draft.counters.mac;
  draft.counters.mac = count + 1;
  return mac(0x020000000000 + count);
}

export interface OpenZone {
  readonly name: string;
  readonly from: Source | null;
}

/** A new fault group (FIG. 3, 306 and 316). */
export const openZone: Verb<OpenZone> = (draft, request) => {
  if (draft.zones[request.name] !== undefined) return [nameTaken(request.name)];
  draft.zones[request.name] = { name: request.name, from: request.from };
  return DONE;
};

export interface StartServer {
  readonly name: string;
  readonly zone: string;
  readonly from: Source | null;
}

/** The substrate's tunnel ends live in 100.64.0.0/16 (RFC 6598): provider addresses that no customer sees. */
const FIRST_TUNNEL = 0x64400011;

/** A server of the substrate (FIG. 2, 204) that can host virtual machines. */
export const startServer: Verb<StartServer> = (draft, request) => {
  if (draft.servers[request.name] !== undefined) return [nameTaken(request.name)];
  if (draft.zones[request.zone] === undefined) return [unknown('zone', request.zone)];
  const tunnel = ipv4(FIRST_TUNNEL + draft.counters.server);
  draft.counters.server += 1;
  draft.servers[request.name] = {
    name: request.name,
    zone: request.zone,
    tunnel,
    mac: nextMac(draft),
    guests: 0,
    from: request.from,
  };
  return DONE;
};

export interface RackHsm {
  readonly name: string;
  readonly model: string;
  readonly zone: string;
  readonly address: Ipv4;
  readonly port: number;
  readonly endpoint: Endpoint;
  readonly from: Source | null;
}

/** A security module goes into the rack (FIG. 2, 238), free to be given to a customer. */
export const rackHsm: Verb<RackHsm> = (draft, request) => {
  if (draft.hsms[request.name] !== undefined) return [nameTaken(request.name)];
  if (draft.zones[request.zone] === undefined) return [unknown('zone', request.zone)];
  draft.hsms[request.name] = { ...request, mac: nextMac(draft), assignedTo: null };
  return DONE;
};

export interface RegisterCustomer {
  readonly name: string;
  readonly from: Source | null;
}

export const registerCustomer: Verb<RegisterCustomer> = (draft, request) => {
  if (draft.customers[request.name] !== undefined) return [nameTaken(request.name)];
  draft.customers[request.name] = { name: request.name, roles: {}, services: [], from: request.from };
  return DONE;
};

export interface GrantRole {
  readonly customer: string;
  readonly name: string;
  readonly allow: readonly Permission[];
}

/** The customer lets the provider act in the customer's network, within limits (FIG. 7, 704). */
export const grantRole: Verb<GrantRole> = (draft, request) => {
  const customer = draft.customers[request.customer];
  if (customer === undefined) return [unknown('customer', request.customer)];
  customer.roles[request.name] = { name: request.name, allow: [...request.allow] };
  return DONE;
};

export interface CreateNetwork {
  readonly customer: string;
  readonly block: Cidr;
  readonly from: Source | null;
}

/** The customer's virtual network (FIG. 1, 106), with a block of the customer's own choice (N-19). */
export const createNetwork: Verb<CreateNetwork> = (draft, request) => {
  if (draft.customers[request.customer] === undefined) return [unknown('customer', request.customer)];
  if (draft.networks[request.customer] !== undefined) return [nameTaken(request.customer)];
  draft.networks[request.customer] = {
    id: request.customer,
    owner: 'customer',
    customer: request.customer,
    block: { ...request.block },
    segment: draft.counters.segment,
    vlan: null,
    subnets: [],
    mapping: {},
    from: request.from,
  };
  draft.counters.segment += 1;
  return DONE;
};

export interface CreateSubnet {
  readonly network: string;
  readonly name: string;
  readonly block: Cidr;
  readonly zone: string;
  readonly from: Source | null;
}

export const createSubnet: Verb<CreateSubnet> = (draft, request) => {
  const network = draft.networks[request.network];
  if (network === undefined) return [unknown('network', request.network)];
  if (draft.zones[request.zone] === undefined) return [unknown('zone', request.zone)];
  const id = `${request.network}/${request.name}`;
  if (draft.subnets[id] !== undefined) return [nameTaken(request.name)];
  if (!covers(network.block, request.block)) {
    return [
      refuse(
        'provider/outside-network',
        'cidr',
        `subnet ${request.name} is ${formatCidr(request.block)}, outside the network's ${formatCidr(network.block)}`,
      ),
    ];
  }
  for (const sibling of network.subnets) {
    const other = draft.subnets[sibling];
    if (other !== undefined && overlaps(other.block, request.block)) {
      return [
        refuse(
          'provider/overlap',
          'cidr',
          `subnet ${request.name} (${formatCidr(request.block)}) overlaps ${other.name} (${formatCidr(other.block)})`,
        ),
      ];
    }
  }
  draft.subnets[id] = {
    id,
    name: request.name,
    network: request.network,
    block: { ...request.block },
    zone: request.zone,
    routes: [],
    from: request.from,
  };
  network.subnets.push(id);
  return DONE;
};

export interface LaunchInstance {
  readonly customer: string;
  readonly name: string;
  readonly subnet: string;
  readonly address: Ipv4;
  readonly kind: 'vm' | 'storage';
  readonly server: string | null;
  readonly listen: Records<Endpoint>;
  readonly from: Source | null;
}

/** A device 310 of the customer, hosted by a server of the subnet's zone. */
export const launchInstance: Verb<LaunchInstance> = (draft, request) => {
  const subnet = draft.subnets[`${request.customer}/${request.subnet}`];
  if (subnet === undefined) return [unknown('subnet', request.subnet)];
  const id = `${request.customer}/${request.name}`;
  if (draft.instances[id] !== undefined) return [nameTaken(request.name)];
  const network = draft.networks[subnet.network];
  const wrong = addressRefusal(network, subnet.block, request.address);
  if (wrong !== null) return [wrong];
  const server = request.server ?? serverIn(draft, subnet.zone);
  const host = server === null ? undefined : draft.servers[server];
  if (server === null || host === undefined || network === undefined) {
    return [refuse('provider/no-server', 'server', `zone ${subnet.zone} has no server for ${request.name}`)];
  }
  const vni = `${id}:eth0`;
  draft.interfaces[vni] = {
    id: vni,
    name: null,
    network: subnet.network,
    subnet: subnet.id,
    address: request.address,
    mac: nextMac(draft),
    attachedTo: id,
    server,
    firewall: null,
    sourceCheck: true,
    description: `${request.kind} ${request.name}`,
    from: request.from,
  };
  draft.instances[id] = {
    id,
    name: request.name,
    customer: request.customer,
    kind: request.kind,
    server,
    interface: vni,
    listen: { ...request.listen },
    from: request.from,
  };
  network.mapping[formatIpv4(request.address)] = vni;
  host.guests += 1;
  return DONE;
};

export interface Part {
  readonly kind: 'link' | 'device';
  readonly name: string;
  readonly from: Source | null;
}

/** A link or a device fails: nothing crosses it until it is healed. */
export const failPart: Verb<Part> = (draft, request) => {
  draft.failures[request.name] = { ...request };
  return DONE;
};

export const healPart: Verb<Part> = (draft, request) => {
  if (draft.failures[request.name] === undefined) {
    return [refuse('provider/not-failed', request.kind, `${request.kind} "${request.name}" has not failed`)];
  }
  delete draft.failures[request.name];
  return DONE;
};

/** Why an address cannot be given in a subnet, or `null`: outside, reserved (first four and last), or taken. */
export function addressRefusal(
  network: VirtualNetwork | undefined,
  block: Cidr,
  address: Ipv4,
): Refusal | null {
  const text = formatIpv4(address);
  if (!contains(block, address)) {
    return refuse('provider/outside-subnet', 'address', `${text} is not in the subnet ${formatCidr(block)}`);
  }
  const size = 2 ** (32 - block.prefix);
  const offset = (address >>> 0) - (block.address >>> 0);
  if (offset < 4 || offset === size - 1) {
    return refuse(
      'provider/reserved-address',
      'address',
      `${text} is reserved: the first four addresses of a subnet and its last one are the provider's`,
    );
  }
  const owner = network?.mapping[text];
  return owner === undefined
    ? null
    : refuse('provider/address-taken', 'address', `${text} belongs to ${owner} already`);
}

/** The server of a zone with the fewest guests; the first of equals, so that placement is repeatable. */
export function serverIn(model: Model, zone: string): string | null {
  let best: Server | null = null;
  for (const server of Object.values(model.servers)) {
    if (server.zone === zone && (best === null || server.guests < best.guests)) best = server;
  }
  return best === null ? null : best.name;
}
