import { contains, formatIp, type Ip, isIpv6 } from '../address/index.ts';
import type { Source } from '../base/index.ts';
import { type Endpoint, type Model, notPublic, type Records, type VirtualNetwork } from '../model/index.ts';
import { nextMac } from './link-address.ts';
import { nameTaken, type Refusal, refuse } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

export interface OpenInternetHost {
  readonly name: string;
  readonly address: Ip;
  readonly listen: Records<Endpoint>;
  readonly from: Source | null;
}

/** Somebody on the Internet. No customer's and not the provider's: the world as it is. */
export const openInternetHost: Verb<OpenInternetHost> = (draft, request) => {
  if (draft.internetHosts[request.name] !== undefined) return [nameTaken(request.name)];
  const wrong = publicRefusal(draft, request.address, 'address');
  if (wrong !== null) return [wrong];
  draft.internetHosts[request.name] = { ...request, listen: { ...request.listen }, mac: nextMac(draft) };
  return DONE;
};

/** Why nobody else can have this address on the Internet, or `null`: it is no public one, or somebody has it. */
export function publicRefusal(model: Model, address: Ip, field: string): Refusal | null {
  const text = formatIp(address);
  const why = notPublic(address);
  if (why !== null)
    return refuse('provider/not-public', field, `${text} is no address on the Internet: ${why}`);
  const host = Object.values(model.internetHosts).find((one) => one.address === address)?.name;
  const vni = Object.values(model.interfaces).find((one) => one.public === address)?.attachedTo;
  const site = Object.values(model.premises).find(({ gateway }) => gateway.public === address)?.gateway.id;
  const channel = Object.values(model.channels).find(
    ({ kind }) => kind.kind !== 'direct' && kind.public === address,
  );
  const owner = host ?? vni ?? site ?? channel?.gateway ?? networkOf(model, address);
  return owner === undefined
    ? null
    : refuse('provider/address-taken', field, `${text} belongs to ${owner} on the Internet already`);
}

/** The network of IPv6 whose address it is: with a gateway to the Internet all of its addresses are there. */
function networkOf(model: Model, address: Ip): string | undefined {
  return globalNetworks(model).find(({ block }) => contains(block, address))?.id;
}

/** Networks whose addresses are on the Internet as they are. */
export function globalNetworks(model: Model): readonly VirtualNetwork[] {
  return Object.values(model.gateways).flatMap(({ kind, network: id }) => {
    const network = kind === 'vpn' ? undefined : model.networks[id];
    return network !== undefined && isIpv6(network.block.address) ? [network] : [];
  });
}
