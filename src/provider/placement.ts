import {
  type Cidr,
  contains,
  distance,
  formatCidr,
  formatIp,
  type Ip,
  lastAddress,
} from '../address/index.ts';
import { type Model, outageOf, type Server, type VirtualNetwork } from '../model/index.ts';
import { type Refusal, refuse } from './refusal.ts';

/** Why an address cannot be given in a subnet, or `null`: outside, reserved (first four and last), or taken. */
export function addressRefusal(
  network: VirtualNetwork | undefined,
  block: Cidr,
  address: Ip,
): Refusal | null {
  const text = formatIp(address);
  if (!contains(block, address)) {
    return refuse('provider/outside-subnet', 'address', `${text} is not in the subnet ${formatCidr(block)}`);
  }
  if (distance(block.address, address) < 4 || address === lastAddress(block)) {
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

/** The same among those that work. */
export function workingServerIn(model: Model, zone: string): string | null {
  const working = Object.values(model.servers).filter(
    ({ name, zone: at }) => outageOf(model, name, { id: name, zone: at }) === null,
  );
  return serverIn({ servers: Object.fromEntries(working.map((server) => [server.name, server])) }, zone);
}

/** The server of a zone with the fewest guests; the first of equals, so that placement is repeatable. */
export function serverIn(model: Pick<Model, 'servers'>, zone: string): string | null {
  let best: Server | null = null;
  for (const server of Object.values(model.servers)) {
    if (server.zone === zone && (best === null || server.guests < best.guests)) best = server;
  }
  return best === null ? null : best.name;
}
