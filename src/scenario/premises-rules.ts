import {
  type Cidr,
  contains,
  covers,
  distance,
  formatCidr,
  formatIp,
  type Ip,
  lastAddress,
  offset,
  overlaps,
} from '../address/index.ts';
import type { Draft, Rule } from './checks.ts';
import type { DiagnosticCode } from './diagnostic-codes.ts';
import type { Customer, Path, Premises, SiteMachine } from './scenario.ts';
import type { Fault } from './shape.ts';
import { quoted } from './wording.ts';

/** Rules about what customers host themselves, and how it is joined to their virtual networks. */
export const premisesRules: readonly Rule[] = [
  premisesStandOutside,
  premisesHoldNothingElse,
  machinesHaveAddressesOfTheirOwn,
  channelsHaveTwoEnds,
  endsHaveAChannel,
  entryDevicesHaveModules,
];

type WithPremises = Customer & { readonly premises: Premises };

function withPremises({ customers }: Draft): readonly WithPremises[] {
  return customers.filter((customer): customer is WithPremises => customer.premises !== null);
}

/** The local route of the virtual network always wins: what lies inside its block is never routed to the premises. */
function premisesStandOutside(draft: Draft): readonly Fault[] {
  return withPremises(draft).flatMap(({ premises, network }) => {
    const { cidr, where } = premises;
    if (!covers(network.cidr, cidr)) return [];
    const message = `the premises are ${formatCidr(cidr)}, inside the virtual network ${formatCidr(network.cidr)}`;
    const help = 'the local route of the virtual network always wins: nobody there could reach the premises';
    return fault('scenario/premises-overlap', [...where, 'cidr'], message, help);
  });
}

/** Ruling Q-08: what is apart is easier to read, and what overlaps is translated exactly all the same. */
function premisesHoldNothingElse(draft: Draft): readonly Fault[] {
  return withPremises(draft).flatMap(({ name, premises, network }) => {
    const { cidr, where } = premises;
    const place = [...where, 'cidr'];
    const warn = (other: Cidr, what: string) =>
      overlaps(cidr, other) && !covers(network.cidr, cidr)
        ? fault(
            'scenario/premises-around',
            place,
            `${formatCidr(cidr)} also holds ${what} ${formatCidr(other)}`,
          )
        : [];
    const requests = draft.steps.flatMap((step) =>
      step?.kind === 'request-hsm' && step.customer === name ? [step] : [],
    );
    return [
      ...warn(network.cidr, 'the virtual network'),
      ...requests.flatMap(({ service }) =>
        service === null ? [] : warn(service.cidr, 'the service network'),
      ),
      ...requests.flatMap(({ hsm }) =>
        draft.provider.hsms
          .filter((one) => one.name === hsm || (hsm === null && draft.provider.hsms.length === 1))
          .flatMap((one) => (contains(cidr, one.address) ? warnOfHsm(place, cidr, one) : [])),
      ),
    ];
  });
}

function warnOfHsm(where: Path, cidr: Cidr, hsm: Draft['provider']['hsms'][number]): readonly Fault[] {
  const message = `${formatCidr(cidr)} also holds ${formatIp(hsm.address)}, where ${hsm.name} stands in the provider’s rack`;
  return fault('scenario/premises-around', where, message);
}

function machinesHaveAddressesOfTheirOwn(draft: Draft): readonly Fault[] {
  return withPremises(draft).flatMap(({ premises, network }) => {
    const owners = new Map<Ip, SiteMachine>();
    return premises.machines.flatMap((machine) => {
      const wrong = misplaced(premises, network.cidr, machine);
      const owner = owners.get(machine.address);
      owners.set(machine.address, owner ?? machine);
      if (owner === undefined || wrong.length > 0) return wrong;
      return fault(
        'scenario/address-taken',
        [...machine.where, 'address'],
        `${formatIp(machine.address)} is already the address of ${owner.name} on the premises`,
        `${owner.name} is on line ${draft.lineOf(owner.where)}`,
      );
    });
  });
}

function misplaced({ cidr, gateway }: Premises, network: Cidr, machine: SiteMachine): readonly Fault[] {
  const where = [...machine.where, 'address'];
  const text = formatIp(machine.address);
  if (!contains(cidr, machine.address)) {
    return fault(
      'scenario/address-outside',
      where,
      `${text} is not on the premises, which are ${formatCidr(cidr)}`,
    );
  }
  const last = lastAddress(cidr);
  const place = distance(cidr.address, machine.address);
  const role = ['the network address of the premises', `the address of ${gateway}`][place];
  const reserved = machine.address === last ? 'the broadcast address of the premises' : role;
  if (reserved !== undefined) {
    const free = `machines may have ${formatIp(offset(cidr.address, 2))} to ${formatIp(offset(last, -1))}`;
    return fault('scenario/address-reserved', where, `${text} is ${reserved}`, free);
  }
  if (!contains(network, machine.address) || covers(network, cidr)) return [];
  const message = `${text} lies in the virtual network ${formatCidr(network)}: nobody there could reach it`;
  return fault('scenario/premises-overlap', where, message);
}

/** Where a customer's channels are opened: at most one, from the start or by a step. */
function openingsOf({ steps }: Draft, { name, channel }: Customer): readonly Path[] {
  return [
    ...(channel === null ? [] : [channel.where]),
    ...steps.flatMap((step) =>
      step?.kind === 'open-channel' && step.customer === name ? [[...step.where, 'open-channel']] : [],
    ),
  ];
}

/** S-04: a gateway at either end. */
function channelsHaveTwoEnds(draft: Draft): readonly Fault[] {
  return draft.customers.flatMap((customer): readonly Fault[] => {
    const { name, premises, network } = customer;
    const [first, second] = openingsOf(draft, customer);
    if (first === undefined) return [];
    if (premises === null) {
      const message = `${name} has no premises for the channel to lead to`;
      return fault('scenario/channel-end', first, message, 'premises: { cidr, gateway, public }');
    }
    if (!network.gateways.some(({ kind }) => kind === 'vpn')) {
      const message = `the virtual network of ${name} has no gateway of kind vpn for the channel to end at`;
      return fault('scenario/channel-end', first, message, 'vn: { gateways: { vgw-212: vpn } }');
    }
    if (second === undefined) return [];
    const message = `${name} has a channel already`;
    return fault('scenario/channel-end', second, message, `it is on line ${draft.lineOf(first)}`);
  });
}

function endsHaveAChannel(draft: Draft): readonly Fault[] {
  return draft.customers.flatMap((customer) =>
    openingsOf(draft, customer).length > 0
      ? []
      : customer.network.gateways.flatMap((gateway) => {
          if (gateway.kind !== 'vpn') return [];
          const message = `${gateway.name} leads nowhere: ${customer.name} has no channel`;
          return fault('scenario/no-channel', gateway.where, message, 'channel: { kind: ipsec }');
        }),
  );
}

/** D-19: a PIN entry device is made for one model of modules. */
function entryDevicesHaveModules(draft: Draft): readonly Fault[] {
  return withPremises(draft).flatMap(({ premises }) =>
    premises.machines.flatMap((machine) => {
      const modules = [...draft.provider.hsms, ...premises.machines.filter(({ kind }) => kind === 'hsm')];
      if (machine.kind !== 'rped' || modules.some(({ model }) => model === machine.model)) return [];
      const known = [...new Set(modules.flatMap(({ model }) => (model === null ? [] : [quoted(model)])))];
      const message = `${machine.name} is made for modules of the model ${quoted(machine.model ?? '')}, and there is none`;
      const help = known.length === 0 ? 'there are no modules at all' : `models there: ${known.join(', ')}`;
      return fault('scenario/rped-alone', machine.where, message, help);
    }),
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
