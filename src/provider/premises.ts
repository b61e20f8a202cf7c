import {
  type Cidr,
  contains,
  covers,
  formatCidr,
  formatIp,
  type Ip,
  lastAddress,
  offset,
} from '../address/index.ts';
import type { Source } from '../base/index.ts';
import type { Endpoint, Model, Records, SiteMachine } from '../model/index.ts';
import { publicRefusal } from './internet-hosts.ts';
import { nextMac } from './link-address.ts';
import { nameTaken, type Refusal, refuse, unknown } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

export interface OpenPremises {
  readonly customer: string;
  readonly block: Cidr;
  /** name of the gateway */
  readonly gateway: string;
  /** its address on the Internet */
  readonly public: Ip;
  /** name of the switch */
  readonly lan: string;
  readonly from: Source | null;
}

/** The customer's own site (FIG. 2, 206). Its block may hold that of the virtual network, but not lie inside it. */
export const openPremises: Verb<OpenPremises> = (draft, request) => {
  const { customer, block, from } = request;
  const network = draft.networks[customer];
  if (network === undefined) return [unknown('customer', customer)];
  if (draft.premises[customer] !== undefined) return [nameTaken(customer)];
  if (covers(network.block, block)) {
    const message = `the premises are ${formatCidr(block)}, inside the virtual network ${formatCidr(network.block)}, whose local route always wins`;
    return [refuse('provider/overlap', 'cidr', message)];
  }
  const wrong = publicRefusal(draft, request.public, 'public');
  if (wrong !== null) return [wrong];
  draft.premises[customer] = {
    customer,
    block: { ...block },
    lan: `${customer}/${request.lan}`,
    gateway: {
      id: `${customer}/${request.gateway}`,
      name: request.gateway,
      address: offset(block.address, 1),
      mac: nextMac(draft),
      public: request.public,
      outsideMac: nextMac(draft),
    },
    from,
  };
  return DONE;
};

export interface PlaceSiteMachine {
  readonly customer: string;
  readonly name: string;
  readonly kind: SiteMachine['kind'];
  readonly model: string | null;
  readonly address: Ip;
  readonly listen: Records<Endpoint>;
  readonly hsmClient: boolean;
  readonly from: Source | null;
}

/** A machine on the LAN of the premises. */
export const placeSiteMachine: Verb<PlaceSiteMachine> = (draft, request) => {
  const id = `${request.customer}/${request.name}`;
  if (draft.siteMachines[id] !== undefined || draft.instances[id] !== undefined)
    return [nameTaken(request.name)];
  const wrong = siteAddressRefusal(draft, request.customer, request.address);
  if (wrong !== null) return [wrong];
  const { customer, name, kind, model, address, listen, hsmClient, from } = request;
  draft.siteMachines[id] = {
    id,
    name,
    customer,
    kind,
    model,
    address,
    mac: nextMac(draft),
    listen: { ...listen },
    hsmClient,
    tampered: false,
    from,
  };
  return DONE;
};

function siteAddressRefusal(model: Model, customer: string, address: Ip): Refusal | null {
  const premises = model.premises[customer];
  if (premises === undefined) return unknown('premises', customer);
  const { block, gateway } = premises;
  const text = formatIp(address);
  if (!contains(block, address)) {
    return refuse(
      'provider/outside-subnet',
      'address',
      `${text} is not on the premises, which are ${formatCidr(block)}`,
    );
  }
  if (address === block.address || address === lastAddress(block) || address === gateway.address) {
    const message = `${text} is the network’s own, its gateway’s or its broadcast address`;
    return refuse('provider/reserved-address', 'address', message);
  }
  const network = model.networks[customer];
  if (network !== undefined && contains(network.block, address)) {
    const message = `${text} lies in the virtual network ${formatCidr(network.block)}: nobody there could reach it`;
    return refuse('provider/overlap', 'address', message);
  }
  const other = Object.values(model.siteMachines).find(
    (machine) => machine.customer === customer && machine.address === address,
  );
  return other === undefined
    ? null
    : refuse('provider/address-taken', 'address', `${text} belongs to ${other.name} already`);
}
