import { type Cidr, cidr, type Ipv4, ipv4 } from '../address/index.ts';
import type { Hsm } from './records.ts';

/** The block around the module's address behind the DX router (ruling Q-02). */
export function rackBlock(hsm: Hsm): Cidr {
  return cidr(hsm.address, 24);
}

/** The DX router's own address in the rack block: its first, or the last where the module has that. */
export function rackGateway(hsm: Hsm): Ipv4 {
  const first = ipv4(rackBlock(hsm).address + 1);
  return first === hsm.address ? ipv4(rackBlock(hsm).address + 254) : first;
}
