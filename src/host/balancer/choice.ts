import { foldIp, type Ip } from '../../address/index.ts';

/** How a balancer shares requests out (FIG. 5, 508). */
export type Policy = 'round-robin' | 'least-connections' | 'source-hash' | 'zone-affinity';

/** `active-standby`: the first target that works gets everything, the others wait for its end. */
export type Mode = 'active-active' | 'active-standby';

export interface Target {
  readonly address: Ip;
  /** where the work is done, as far as the provider knows; `null`: nothing is there yet */
  readonly zone: string | null;
}

/** What a choice depends on. */
export interface Situation {
  readonly policy: Policy;
  readonly mode: Mode;
  /** where the balancer itself stands */
  readonly zone: string | null;
  readonly targets: readonly Target[];
  /** whether a target may be chosen now: it works, and has not failed this very request */
  readonly mayServe: (index: number) => boolean;
  /** open connections of a target */
  readonly load: (index: number) => number;
  /** whose turn it is */
  readonly turn: number;
}

/**
 * The index of the target that a client's request goes to, or -1 where none may serve.
 *
 * Round robin takes the next one in turn; the others differ in whom they pass over: those with more connections, those
 * of other zones while one of the own zone works, or all but the one that the client's address falls to.
 */
export function chooseTarget(situation: Situation, client: Ip): number {
  const { policy, mode, targets, mayServe } = situation;
  const able = targets.flatMap((_, index) => (mayServe(index) ? [index] : []));
  const [first] = able;
  if (first === undefined) return -1;
  if (mode === 'active-standby') return first;
  switch (policy) {
    case 'round-robin':
      return inTurn(able, situation.turn);
    case 'least-connections': {
      const least = Math.min(...able.map(situation.load));
      return inTurn(
        able.filter((index) => situation.load(index) === least),
        situation.turn,
      );
    }
    case 'zone-affinity': {
      const near = able.filter((index) => targets[index]?.zone === situation.zone);
      return inTurn(near.length > 0 ? near : able, situation.turn);
    }
    case 'source-hash':
      return heaviest(able, targets, client);
  }
}

/** The first of `able`, which is not empty, from `turn` on and around. */
function inTurn(able: readonly number[], turn: number): number {
  return able.find((index) => index >= turn) ?? able[0] ?? -1;
}

/**
 * Rendezvous hashing: each client ranks the targets by a hash of both addresses and takes the first that works. So the
 * end of one target moves its own clients and nobody else's.
 */
function heaviest(able: readonly number[], targets: readonly Target[], client: Ip): number {
  let best = -1;
  let bestWeight = -1;
  for (const index of able) {
    const weight = mix(foldIp(client), foldIp(targets[index]?.address ?? client));
    if (weight > bestWeight) {
      best = index;
      bestWeight = weight;
    }
  }
  return best;
}

/** Two numbers of 32 bits to one whose bits depend on all of theirs (the finalizer of MurmurHash3). */
function mix(one: number, other: number): number {
  let bits = Math.imul(one, 0x9e3779b1) ^ other;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
