import { single } from '../address/index.ts';
import type { FilterRule } from '../program/index.ts';
import type { AddressSpace, Stretch } from './address-space.ts';

/** First and last address of each stretch that a peer stands for. */
export function peersOf(space: AddressSpace, peer: FilterRule['peer']): readonly Stretch[] {
  if (!('firewall' in peer)) return [space.stretchOf(peer)];
  return [...peer.addresses].map((address) => space.stretchOf(single(address)));
}
