import { type Cidr, cidr, type Ip, isIpv6, offset } from '../address/index.ts';
import type { Hsm } from './hsms.ts';

/** The block around the module's address behind the DX router: a /24, or a /64 (ruling Q-02). */
export function rackBlock(hsm: Pick<Hsm, 'address'>): Cidr {
  return cidr(hsm.address, isIpv6(hsm.address) ? 64 : 24);
}

/** The DX router's own address in the rack block: its first, or a later one where the module has that. */
export function rackGateway(hsm: Pick<Hsm, 'address'>): Ip {
  const { address } = rackBlock(hsm);
  const first = offset(address, 1);
  return first === hsm.address ? offset(address, 254) : first;
}
