import {
  type Cidr,
  compareIp,
  contains,
  covers,
  distance,
  type Family,
  familyOf,
  formatCidr,
  formatIp,
  type Ip,
  isIpv6,
  lastAddress,
  offset,
  overlaps,
  single,
  specialRange,
  widthOf,
} from '../address/index.ts';
import { rackBlock } from '../model/index.ts';
import type { Draft, Rule } from './checks.ts';
import type { DiagnosticCode } from './diagnostic-codes.ts';
import type { Hsm, Path, RequestHsm } from './scenario.ts';
import type { Fault } from './shape.ts';
import { MEANINGS, UNASSIGNABLE } from './unassignable.ts';

/** Rules about who has which addresses. They end at the border of a virtual network: two customers may use the same. */
export const addressRules: readonly Rule[] = [
  blocksHaveUsableSizes,
  blocksAreAssignable,
  subnetsLieInside,
  subnetsAreDisjoint,
  addressesLieInTheirSubnet,
  addressesHaveOneOwner,
  rackAddressesAreFree,
  serviceNetworksAreApart,
  hsmsStandOutside,
  targetsAreOthers,
];

/** Prefix lengths that a network or subnet may have. */
const USABLE: { readonly [F in Family]: { readonly shortest: number; readonly longest: number } } = {
  4: { shortest: 8, longest: 28 },
  6: { shortest: 16, longest: 124 },
};

function blocksHaveUsableSizes(draft: Draft): readonly Fault[] {
  return blocksOf(draft).flatMap(({ block, where }) => {
    const { shortest, longest } = USABLE[familyOf(block.address)];
    if (block.prefix >= shortest && block.prefix <= longest) return [];
    const size = block.prefix < shortest ? 'too large' : 'too small';
    return fault(
      'scenario/subnet-size',
      where,
      `${formatCidr(block)} is ${size}: prefixes go from /${shortest} to /${longest}`,
    );
  });
}

function blocksAreAssignable(draft: Draft): readonly Fault[] {
  const hsms = draft.provider.hsms.map(({ address, where }) => ({
    block: single(address),
    where: [...where, 'address'],
  }));
  return [...blocksOf(draft), ...hsms].flatMap(({ block, where }) => {
    const special = UNASSIGNABLE.find((forbidden) => overlaps(forbidden, block));
    if (special === undefined) return [];
    const meaning = specialRange(special.address);
    const named = block.prefix === widthOf(block.address) ? formatIp(block.address) : formatCidr(block);
    return fault(
      'scenario/not-assignable',
      where,
      `${named} cannot be given to devices: ${formatCidr(special)} is ${MEANINGS[meaning] ?? 'reserved'}`,
    );
  });
}

/** Every block that a file gives: networks, subnets, service networks. */
function blocksOf({ customers, steps }: Draft): readonly { readonly block: Cidr; readonly where: Path }[] {
  return [
    ...customers.flatMap(({ network, premises }) =>
      [network, ...network.subnets, ...(premises === null ? [] : [premises])].map((holder) => ({
        block: holder.cidr,
        where: [...holder.where, 'cidr'],
      })),
    ),
    ...requestsIn(steps).flatMap(({ service }) =>
      service === null ? [] : [{ block: service.cidr, where: [...service.where, 'cidr'] }],
    ),
  ];
}

function subnetsLieInside({ customers }: Draft): readonly Fault[] {
  return customers.flatMap(({ network }) =>
    network.subnets.flatMap((subnet) => {
      if (covers(network.cidr, subnet.cidr)) return [];
      const message = `${formatCidr(subnet.cidr)} does not lie inside the virtual network ${formatCidr(network.cidr)}`;
      return fault('scenario/subnet-outside', [...subnet.where, 'cidr'], message);
    }),
  );
}

function subnetsAreDisjoint({ customers, lineOf }: Draft): readonly Fault[] {
  return customers.flatMap(({ network }) => {
    const ascending = [...network.subnets].sort(
      (one, other) => compareIp(one.cidr.address, other.cidr.address) || one.cidr.prefix - other.cidr.prefix,
    );
    // Blocks overlap only by one holding the other, so the widest so far is enough to compare with.
    let widest = ascending[0];
    return ascending.slice(1).flatMap((subnet) => {
      if (widest !== undefined && overlaps(widest.cidr, subnet.cidr)) {
        const [first, second] =
          lineOf(widest.where) <= lineOf(subnet.where) ? [widest, subnet] : [subnet, widest];
        return fault(
          'scenario/subnet-overlap',
          [...second.where, 'cidr'],
          `${formatCidr(second.cidr)} overlaps ${first.name}, which is ${formatCidr(first.cidr)}`,
          `${first.name} is on line ${lineOf(first.where)}`,
        );
      }
      widest = subnet;
      return [];
    });
  });
}

function addressesLieInTheirSubnet(draft: Draft): readonly Fault[] {
  const services = requestsIn(draft.steps).flatMap(({ service }) =>
    service === null || service.address === null
      ? []
      : misplaced(service.address, [...service.where, 'address'], 'the service network', service.cidr),
  );
  const inSubnets = holdersIn(draft).flatMap(({ customer, subnet, address, where }) => {
    const network = draft.customers.find(({ name }) => name === customer)?.network;
    const holder = network?.subnets.find(({ name }) => name === subnet);
    return holder === undefined ? [] : misplaced(address, [...where, 'address'], holder.name, holder.cidr);
  });
  return [...services, ...inSubnets];
}

function misplaced(address: Ip, where: Path, name: string, block: Cidr): readonly Fault[] {
  const text = formatIp(address);
  if (!contains(block, address)) {
    const message = `${text} is not in ${name}, which is ${formatCidr(block)}`;
    return fault('scenario/address-outside', where, message);
  }
  const last = lastAddress(block);
  const place = distance(block.address, address);
  if (place > 3 && address !== last) return [];
  const role = RESERVED_ROLES[place] ?? lastRole(address);
  const free = `${formatIp(offset(block.address, 4))} to ${formatIp(offset(last, -1))}`;
  return fault(
    'scenario/address-reserved',
    where,
    `${text} is ${role} of ${name}`,
    `devices may have ${free}`,
  );
}

const RESERVED_ROLES = [
  'the network address',
  'the router',
  'a reserved address',
  'a reserved address',
] as const;

function lastRole(address: Ip): string {
  return isIpv6(address) ? 'the last address' : 'the broadcast address';
}

function addressesHaveOneOwner(draft: Draft): readonly Fault[] {
  const owners = new Map<string, { readonly name: string; readonly where: Path }>();
  return holdersIn(draft).flatMap(({ customer, name, address, where }) => {
    const key = `${customer} ${address}`;
    const owner = owners.get(key);
    owners.set(key, owner ?? { name, where });
    if (owner === undefined) return [];
    return fault(
      'scenario/address-taken',
      [...where, 'address'],
      `${formatIp(address)} is already the address of ${owner.name} in this network`,
      `${owner.name} is on line ${draft.lineOf(owner.where)}`,
    );
  });
}

interface Holder {
  readonly customer: string;
  readonly name: string;
  readonly subnet: string;
  readonly address: Ip;
  readonly where: Path;
}

/** Everything that has an address in a customer's subnet: instances, and the interfaces that requests create. */
function holdersIn({ customers, steps }: Draft): readonly Holder[] {
  return [
    ...customers.flatMap(({ network }) => network.instances),
    ...requestsIn(steps).map(({ customer, names, subnet, address, where }) => ({
      customer,
      name: names.vni,
      subnet,
      address,
      where: [...where, 'request-hsm'],
    })),
  ];
}

/** The rack is a /24 of the provider's (10.10.0.0/24 in FIG. 3), or a /64: its router has the first address. */
function rackAddressesAreFree({ provider }: Draft): readonly Fault[] {
  return provider.hsms.flatMap(({ address, where }) => {
    const rack = rackBlock({ address });
    const place = distance(rack.address, address);
    if (place > 1 && address !== lastAddress(rack)) return [];
    const role = place > 1 ? lastRole(address) : RESERVED_ROLES[place];
    return fault(
      'scenario/address-reserved',
      [...where, 'address'],
      `${formatIp(address)} is ${role} of the HSM’s rack`,
      isIpv6(address)
        ? 'racks have a /64 each: all from ::2 on but the last are free'
        : 'racks have a /24 each: .2 to .254 are free',
    );
  });
}

/** P-18: a reply must not be able to mean the customer's network and the service network. */
function serviceNetworksAreApart({ customers, steps }: Draft): readonly Fault[] {
  return requestsIn(steps).flatMap(({ customer, service }) => {
    const network = customers.find(({ name }) => name === customer)?.network;
    if (service === null || network === undefined || !overlaps(service.cidr, network.cidr)) return [];
    return fault(
      'scenario/service-overlap',
      [...service.where, 'cidr'],
      `${formatCidr(service.cidr)} overlaps the network of ${customer}, which is ${formatCidr(network.cidr)}`,
      'without "service" a block that is apart is chosen',
    );
  });
}

/** N-17: the HSM has an address outside both networks. Nothing breaks otherwise, but a trace becomes hard to read. */
function hsmsStandOutside({ provider, customers, steps }: Draft): readonly Fault[] {
  return requestsIn(steps).flatMap((request) => {
    const { customer, service, hsm, where } = request;
    const network = customers.find(({ name }) => name === customer)?.network;
    const blocks = [network, service].flatMap((one) => one?.cidr ?? []);
    return provider.hsms.filter(mayServe(request)).flatMap((one): readonly Fault[] => {
      const around = blocks.find((block) => contains(block, one.address));
      if (around === undefined) return [];
      const message = `${one.name} has ${formatIp(one.address)}, which is also an address of ${formatCidr(around)}`;
      const place = hsm === null ? [...one.where, 'address'] : [...where, 'request-hsm', 'hsm'];
      const help = `${customer} asks for an HSM: addresses of HSMs lie outside the customers’ networks`;
      return fault('scenario/hsm-overlap', place, message, help);
    });
  });
}

/** Whether the request names this HSM, or may be given it. */
export function mayServe({ hsm, model, fips }: RequestHsm): (one: Hsm) => boolean {
  if (hsm !== null) return ({ name }) => name === hsm;
  return (one) => (model ?? one.model) === one.model && (one.fips ?? 0) >= (fips ?? 0);
}

/** The requests that shall be met. */
export function requestsIn(steps: Draft['steps']): readonly RequestHsm[] {
  return steps.flatMap((step) =>
    step?.kind === 'request-hsm' && (step.expect?.refused ?? null) === null ? [step] : [],
  );
}

function fault(
  code: DiagnosticCode,
  where: Path,
  message: string,
  help: string | null = null,
): readonly Fault[] {
  return [{ code, where, complaint: { message, help } }];
}

/** A balancer passes on to others, each once, inside its own network. */
function targetsAreOthers({ customers }: Draft): readonly Fault[] {
  return customers.flatMap(({ network }) =>
    network.instances.flatMap(({ name, address, balancer, where }) =>
      (balancer?.targets ?? []).flatMap((target, index, all): readonly Fault[] => {
        const text = formatIp(target);
        const place = [...where, 'targets', index];
        if (!contains(network.cidr, target)) {
          const message = `${text} is not in the virtual network ${formatCidr(network.cidr)}`;
          return fault('scenario/address-outside', place, message);
        }
        if (target === address)
          return fault('scenario/wrong-value', place, `${name} would pass requests on to itself`);
        if (all.indexOf(target) < index)
          return fault('scenario/wrong-value', place, `${text} is a target already`);
        return [];
      }),
    ),
  );
}
