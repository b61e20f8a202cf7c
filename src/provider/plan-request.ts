import {
  allocateAddress,
  allocateBlock,
  type Cidr,
  cidr,
  familyOf,
  formatCidr,
  type Ip,
  type Ipv4,
  isIpv6,
  overlaps,
  single,
  widthOf,
} from '../address/index.ts';
import type { Source } from '../base/index.ts';
import {
  type FirewallRule,
  type Hsm,
  type Model,
  type Permission,
  rackBlock,
  type TranslationPolicy,
  type VirtualNetwork,
} from '../model/index.ts';
import { chooseHsm } from './choose-hsm.ts';
import { addressRefusal, serverIn } from './placement.ts';
import { PRIVATE_SPACES } from './private-spaces.ts';
import { bastionAddress, wholeBlock } from './public-subnet.ts';
import { nameTaken, type Refusal, refuse, unknown } from './refusal.ts';
import { refuseAlias } from './refuse-alias.ts';
import { blocksOfOthers, refuseGuest } from './refuse-guest.ts';
import { refuseTranslation } from './refuse-translation.ts';
import { vlanRefusal } from './vlans.ts';

/** The parameters of FIG. 6, 602. */
export interface RequestHsm {
  readonly customer: string;
  readonly subnet: string;
  /** what the customer's devices will call: 10.0.0.201 */
  readonly address: Ip;
  /** a certain module, or `null`: any free one */
  readonly hsm: string | null;
  readonly model: string | null;
  /** the least level of FIPS 140-2; `null`: whatever it is */
  readonly fips: number | null;
  readonly service: { readonly block: Cidr | null; readonly address: Ip | null };
  readonly attachment: 'rack' | 'direct';
  /** as what the service network shall know the module: the overlay device translates, one to one; `null`: it does not */
  readonly alias: Ip | null;
  readonly sourceRewrite: boolean;
  readonly translation: TranslationPolicy;
  /** asked for, and always refused: see {@link refuseTranslation} */
  readonly hairpin: boolean;
  /** what may reach the interface; `null`: everything from the customer's network */
  readonly firewall: readonly FirewallRule[] | null;
  readonly names: {
    readonly vni: string | null;
    readonly nat: string | null;
    readonly inward: string | null;
  };
  readonly from: Source | null;
}

const NEEDED: readonly Permission[] = ['create-vni', 'attach-vni'];

/** What a request comes to, or every reason why it cannot be met. */
export type Plan =
  | { readonly ok: false; readonly refusals: readonly Refusal[] }
  | {
      readonly ok: true;
      readonly hsm: Hsm;
      /** of the private subnet */
      readonly block: Cidr;
      /** of a bastion on the Internet; `null` where service networks have none */
      readonly bastion: Ipv4 | null;
      readonly inwardAddress: Ip;
      readonly server: string;
      readonly suffix: string;
      /** the service network that the HSM has already: one more NAT instance joins it (row T-06); `null`: a new one */
      readonly joins: VirtualNetwork | null;
    };

/** Everything that can be wrong with a request, found before anything is built. */
export function planRequest(model: Model, request: RequestHsm): Plan {
  const refusals: Refusal[] = [];
  const customer = model.customers[request.customer];
  const network = model.networks[request.customer];
  if (customer === undefined || network === undefined) {
    return { ok: false, refusals: [unknown('customer', request.customer)] };
  }

  const granted = new Set(Object.values(customer.roles).flatMap((role) => role.allow));
  const missing = NEEDED.filter((permission) => !granted.has(permission));
  if (missing.length > 0) {
    refusals.push(
      refuse(
        'provider/not-authorized',
        'customer',
        `${request.customer} has no role that allows the provider ${missing.join(' and ')} (FIG. 7, 704)`,
      ),
    );
  }

  const subnet = model.subnets[`${request.customer}/${request.subnet}`];
  if (subnet === undefined) refusals.push(unknown('subnet', request.subnet));
  else {
    const wrong = addressRefusal(network, subnet.block, request.address);
    if (wrong !== null) refusals.push(wrong);
  }

  refusals.push(...refuseTranslation(network, request));
  const hsm = chooseHsm(model, request, refusals);
  const joins = serviceNetworkOf(model, hsm, request.customer);
  refusals.push(...refuseGuest(model, request, hsm));
  const block =
    joins === null
      ? chooseBlock(model, request, network.block, hsm, refusals)
      : joinedBlock(model, request, joins, refusals);
  const bastion = joins === null ? bastionFor(model, network.block, refusals) : null;
  refusals.push(...refuseAlias(model, request, block, joins));
  const suffix = suffixFor(model, request);
  refusals.push(...wrongNames(model, request));
  if (joins === null) refusals.push(...refuseRack(model, request, hsm));
  const server = hsm === null ? null : serverIn(model, hsm.zone);
  if (hsm !== null && server === null) {
    refusals.push(refuse('provider/no-server', 'hsm', `zone ${hsm.zone} has no server for a NAT instance`));
  }
  if (refusals.length > 0 || hsm === null || block === null || server === null)
    return { ok: false, refusals };

  const inwardAddress = request.service.address ?? firstFree(model, block, joins);
  if (inwardAddress === null) {
    const full = refuse('provider/no-address', 'service', `the service network ${formatCidr(block)} is full`);
    return { ok: false, refusals: [full] };
  }
  const wrong = addressRefusal(joins ?? undefined, block, inwardAddress);
  if (wrong !== null) return { ok: false, refusals: [{ ...wrong, field: 'service' }] };
  return { ok: true, hsm, block, bastion, inwardAddress, server, suffix, joins };
}

/** Why no new service network finds its way to a module: a direct link needs no VLAN. */
function refuseRack(model: Model, { attachment }: RequestHsm, hsm: Hsm | null): readonly Refusal[] {
  const full = attachment === 'direct' || hsm === null ? null : vlanRefusal(model, hsm, 'hsm');
  return full === null ? [] : [full];
}

const CARE_IS_IPV4 = 'the provider looks after its HSMs by way of the Internet in IPv4';

/** The public address of the bastion of a new service network; `null` where the provider looks after none, or has none left. */
function bastionFor(model: Model, block: Cidr, refusals: Refusal[]): Ipv4 | null {
  if (model.service !== null && isIpv6(block.address)) {
    refusals.push(refuse('provider/other-family', 'address', CARE_IS_IPV4));
    return null;
  }
  const found = model.service === null ? null : bastionAddress(model, model.service);
  if (typeof found === 'object' && found !== null) refusals.push(found);
  return typeof found === 'object' ? null : found;
}

/** The first address of a service network that an interface may have and none has: the first four are reserved. */
function firstFree(model: Model, block: Cidr, joins: VirtualNetwork | null): Ip | null {
  const ids = joins === null ? [] : Object.values(joins.mapping);
  const taken = new Set(ids.flatMap((id) => model.interfaces[id]?.address ?? []));
  return allocateAddress(block, taken, [cidr(block.address, widthOf(block.address) - 2)]);
}

/** The service network of a module that its customer has already, or `null`. */
function serviceNetworkOf(model: Model, hsm: Hsm | null, customer: string): VirtualNetwork | null {
  const given = model.networks[hsm?.assignedTo ?? ''] ?? null;
  if (given === null || given.customer === customer) return given;
  return model.networks[hsm?.shares[customer]?.network ?? ''] ?? null;
}

/** The block of a service network that another NAT instance joins: it is what it is, and its way leads through the rack. */
function joinedBlock(
  model: Model,
  request: RequestHsm,
  joins: VirtualNetwork,
  refusals: Refusal[],
): Cidr | null {
  const others = Object.values(model.natInstances).filter(({ network }) => network === joins.id);
  const isDirect =
    request.attachment === 'direct' || others.some(({ attachment }) => attachment === 'direct');
  const { block } = request.service;
  // beside a public subnet the private one is not the whole network
  const own = model.subnets[`${joins.id}/subnet-318`]?.block ?? joins.block;
  if (isDirect) {
    const because = 'a direct link leads to one NAT instance: several reach an HSM through the rack';
    refusals.push(refuse('provider/no-capacity', 'attachment', because));
  } else if (block !== null && formatCidr(block) !== formatCidr(own)) {
    const because = `the HSM has a service network already, ${formatCidr(own)}, which another NAT instance joins`;
    refusals.push(refuse('provider/overlap', 'service', because));
  }
  return { ...own };
}

/** Names that are taken, or given twice. */
function wrongNames(model: Model, request: RequestHsm): readonly Refusal[] {
  const refusals: Refusal[] = [];
  const names = Object.values(request.names).filter((name) => name !== null);
  if (new Set(names).size < names.length) refusals.push(nameTaken(names.join('" and "')));
  for (const name of names) {
    const id = `${request.customer}/${name}`;
    if (model.interfaces[id] ?? model.natInstances[id] ?? model.instances[id]) refusals.push(nameTaken(name));
  }
  return refusals;
}

/** What the service network must leave to the module: its rack's block, or on a direct link its address alone. */
function reservedFor(hsm: Hsm, request: RequestHsm): Cidr {
  return request.attachment === 'rack' ? rackBlock(hsm) : single(hsm.address);
}

/** P-18: the service network must not overlap the customer's, nor hold the module's own address; one that the provider chooses is also apart
 * from the customer's premises (ruling Q-08). */
function chooseBlock(
  model: Model,
  request: RequestHsm,
  customerBlock: Cidr,
  hsm: Hsm | null,
  refusals: Refusal[],
): Cidr | null {
  const { block } = request.service;
  if (block !== null) {
    const whole = wholeBlock(model, block);
    const longest = widthOf(block.address) - 4;
    if (block.prefix > longest) {
      refusals.push(
        refuse(
          'provider/too-small',
          'service',
          `${formatCidr(block)} is too small for a service network: /${longest} at most`,
        ),
      );
    } else if (overlaps(whole, customerBlock)) {
      refusals.push(
        refuse(
          'provider/overlap',
          'service',
          `service network ${formatCidr(whole)} overlaps the customer's ${formatCidr(customerBlock)}`,
        ),
      );
    } else if (hsm !== null && overlaps(whole, reservedFor(hsm, request))) {
      refusals.push(
        refuse(
          'provider/overlap',
          'service',
          `service network ${formatCidr(whole)} overlaps ${formatCidr(reservedFor(hsm, request))}, where the HSM has its address`,
        ),
      );
    } else return { ...block };
    return null;
  }
  const premises = model.premises[request.customer];
  const others = premises === undefined ? [] : [premises.block];
  const shared = blocksOfOthers(model, hsm, request.customer);
  const taken = [customerBlock, ...others, ...shared, ...(hsm === null ? [] : [reservedFor(hsm, request)])];
  const { spaces, subnet } = PRIVATE_SPACES[familyOf(customerBlock.address)];
  for (const space of spaces) {
    const free = allocateBlock(space, wholeBlock(model, cidr(space.address, subnet)).prefix, taken);
    if (free !== null) return cidr(free.address, subnet);
  }
  refusals.push(refuse('provider/no-address', 'service', 'no private block is free for a service network'));
  return null;
}

/** Numerals of FIG. 3 for the first HSM of a customer, with a number behind them for the next. */
function suffixFor(model: Model, request: RequestHsm): string {
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? '' : `-${number}`;
    const taken = [`vni-314${suffix}`, `vni-324${suffix}`].some(
      (name) => model.interfaces[`${request.customer}/${name}`] !== undefined,
    );
    if (!taken && model.natInstances[`${request.customer}/nat-322${suffix}`] === undefined) return suffix;
  }
}
