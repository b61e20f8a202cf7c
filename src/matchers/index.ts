/**
 * What `expect` of vitest can say of a network: `import 'vnsim/vitest'` in a test, or under `setupFiles`.
 *
 * Where an expectation fails, the message shows the packet, the way it took, and the rule that decided; a claim that is refuted
 * shows a packet that breaks it.
 */
import { expect } from 'vitest';
import type { DropReason, Network, Packet } from '../library/index.ts';
import { MATCHERS } from './matchers.ts';

expect.extend(MATCHERS);

/** What `expect(network)` has besides. */
export interface NetworkMatchers<Result> {
  /** The packet reaches a machine: `to`, where it is named. */
  toDeliver(packet: Packet, to?: string): Result;
  /** The packet is dropped, for this reason where one is named. */
  toDrop(packet: Packet, reason?: DropReason): Result;
  /** The packet is delivered, and the answer of whoever got it comes back. An ICMP error is no answer. */
  toAnswer(packet: Packet): Result;
  /** For all packets: nothing from either reaches the other, be they customers or machines. */
  toIsolate(one: string, other: string): Result;
  /** A claim of the scenario language is proved for all packets: `toProve('hsm-326 sees only source 192.168.0.55')`. */
  toProve(claim: string): Result;
  /** Everything that the scenario itself expects and claims holds, and there is something. */
  toPass(): Result;
  /** For all packets: what one network lets through, the other does, and looking the same. */
  toLetThroughTheSameAs(other: Network): Result;
}

declare module 'vitest' {
  interface Matchers<T> extends NetworkMatchers<T> {}
}

export { MATCHERS } from './matchers.ts';
