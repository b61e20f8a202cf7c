import { type Cidr, familyOf, formatCidr, formatIp, type Ip, isIpv6 } from '../address/index.ts';
import type { Draft, Rule } from './checks.ts';
import type { Customer } from './declared.ts';
import type { Path } from './scenario.ts';
import type { Fault } from './shape.ts';

/** Everything that one network has to do with is of its family: IPv4 and IPv6 do not talk to each other. */
export const familyRules: readonly Rule[] = [
  partsAreOfTheNetwork,
  requestsAreOfTheNetwork,
  packetsAreOfTheirSender,
  gatewaysFitTheNetwork,
  channelsAreOfOneFamily,
];

/** Premises, routes, and who is named in rules. A subnet is inside its network anyway. */
function partsAreOfTheNetwork({ customers }: Draft): readonly Fault[] {
  return customers.flatMap(({ network, premises }) => {
    const { subnets, firewalls, acls } = network;
    const blocks: (readonly [Cidr | string, Path])[] = [
      ...(premises === null ? [] : [[premises.cidr, [...premises.where, 'cidr']] as const]),
      ...subnets.flatMap(({ routes }) => routes.map(({ to, where }) => [to, [...where, 'to']] as const)),
      ...firewalls
        .flatMap((firewall) => [...(firewall.in ?? []), ...(firewall.out ?? [])])
        .map(({ peer, where }) => [peer, where] as const),
      ...acls.flatMap((acl) => [...acl.in, ...acl.out].map(({ peer, where }) => [peer, where] as const)),
    ];
    return blocks.flatMap(([block, where]) =>
      typeof block === 'string' ? [] : differs(block.address, formatCidr(block), network.cidr, where),
    );
  });
}

function requestsAreOfTheNetwork({ customers, provider, steps }: Draft): readonly Fault[] {
  return steps.flatMap((step) => {
    if (step?.kind !== 'request-hsm') return [];
    const network = customers.find(({ name }) => name === step.customer)?.network;
    if (network === undefined) return [];
    const { service, where } = step;
    const own = network.cidr;
    const hsm = provider.hsms.find(({ name }) => name === step.hsm);
    const field = (name: string): Path => [...where, 'request-hsm', name];
    return [
      ...(service === null
        ? []
        : differs(service.cidr.address, formatCidr(service.cidr), network.cidr, field('service'))),
      ...(provider.service !== null && isIpv6(own.address)
        ? fault(
            field('address'),
            `the provider looks after its HSMs by way of the Internet in IPv4, and the network is ${formatCidr(own)}`,
          )
        : []),
      ...(hsm === undefined
        ? []
        : differs(hsm.address, `${hsm.name} at ${formatIp(hsm.address)}`, network.cidr, field('hsm'))),
      ...(step.firewall ?? []).flatMap(({ from, where: place }) =>
        differs(from.address, formatCidr(from), network.cidr, place),
      ),
    ];
  });
}

function packetsAreOfTheirSender({ directory, steps }: Draft): readonly Fault[] {
  const addresses = new Map(directory.entries.map(({ id, address }) => [id, address]));
  return steps.flatMap((step) => {
    if (step?.kind !== 'send') return [];
    return step.packets.flatMap(({ from, to, balance, forgedSource, where }) => {
      const own = addresses.get(from.id) ?? null;
      if (own === null) return [];
      const named: (readonly [Ip, string])[] = [
        ...(balance === null
          ? [[to.address, 'to'] as const]
          : balance.map((one) => [one, 'balance'] as const)),
        ...(forgedSource === null ? [] : [[forgedSource, 'source'] as const]),
      ];
      return named.flatMap(([address, key]) => {
        if (familyOf(address) === familyOf(own)) return [];
        const message = `${formatIp(address)} is ${nameOf(address)}, and ${from.name} has ${formatIp(own)}`;
        return fault([...where, key], message);
      });
    });
  });
}

/** A gateway puts a public address in place of a private one in IPv4 alone; an egress-only one does without, so it is for IPv6. */
function gatewaysFitTheNetwork({ customers }: Draft): readonly Fault[] {
  return customers.flatMap(({ network }: Customer) => {
    const said = `and the network is ${formatCidr(network.cidr)}`;
    if (!isIpv6(network.cidr.address)) {
      return network.gateways.flatMap(({ kind, name, where }) =>
        kind === 'egress-only'
          ? fault(where, `${name} is for addresses that are global themselves, as those of IPv6, ${said}`)
          : [],
      );
    }
    return network.instances.flatMap(({ public: address, where }) =>
      address === null
        ? []
        : fault(
            [...where, 'public'],
            `${formatIp(address)} would stand in place of an address that is on the Internet itself: it is IPv4, ${said}`,
          ),
    );
  });
}

/** The two ends of a channel over the Internet meet there. */
function channelsAreOfOneFamily({ customers }: Draft): readonly Fault[] {
  return customers.flatMap(({ premises, channel }) => {
    const [near, far] = [premises?.public ?? null, channel?.public ?? null];
    if (channel === null || near === null || far === null || familyOf(near) === familyOf(far)) return [];
    const message = `${formatIp(far)} is ${nameOf(far)}, and the gateway of the premises has ${formatIp(near)}`;
    return fault([...channel.where, 'public'], message);
  });
}

function differs(address: Ip, what: string, network: Cidr, where: Path): readonly Fault[] {
  if (familyOf(address) === familyOf(network.address)) return [];
  return fault(where, `${what} is ${nameOf(address)}, and the network is ${formatCidr(network)}`);
}

function nameOf(address: Ip): string {
  return `IPv${familyOf(address)}`;
}

function fault(where: Path, message: string): readonly Fault[] {
  return [{ code: 'scenario/other-family', where, complaint: { message, help: null } }];
}
