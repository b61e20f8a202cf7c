import { type Ip, isIpv6 } from '../address/index.ts';
import { later, type Nanos, seconds } from '../base/index.ts';
import { IPV6_LEAST_MTU } from '../packet/index.ts';
import type { Machine } from './machine.ts';

/** What is known of the way to one target. */
export interface Path {
  /** bytes of the longest packet that gets there, as far as anybody said */
  readonly mtu: number;
  readonly expiresAt: Nanos;
}

/** After ten minutes a larger packet is tried again (RFC 1191 section 6.3). */
const LIFETIME = seconds(600);

/** No path is believed to carry less (RFC 1191 section 3), and none of IPv6 less than 1280 (RFC 8201 section 4). */
const LEAST = 68;

/** Where a router does not say which length would fit, the next of the usual ones is tried (RFC 1191 section 7). */
const PLATEAUS: readonly number[] = [32_000, 17_914, 8_166, 4_352, 2_002, 1_492, 1_006, 508, 296, LEAST];

/** Bytes of the longest packet to send to `target`: what its link carries, unless a router said less lately. */
export function pathMtu(machine: Machine, target: Ip, now: Nanos): number {
  const path = machine.paths.get(target);
  return path === undefined || path.expiresAt <= now ? machine.mtu : path.mtu;
}

/**
 * ICMP 3/4 about a packet of ours (RFC 1191 section 4). Only less than was sent is news: nothing else can be true, and an estimate is
 * never raised by what a stranger says.
 */
export function learnPathMtu(machine: Machine, target: Ip, told: number, sent: number, now: Nanos): void {
  const least = isIpv6(target) ? IPV6_LEAST_MTU : LEAST;
  const mtu = told === 0 ? (PLATEAUS.find((plateau) => plateau < sent) ?? least) : Math.max(told, least);
  if (mtu >= sent || mtu >= pathMtu(machine, target, now)) return;
  machine.paths.set(target, { mtu, expiresAt: later(now, LIFETIME) });
}
