import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/**
 * A stream of chance that is decided by its seed.
 *
 * Everything random in a run comes from one of these, handed in as an argument, so that the same scenario
 * and seed give the same packets byte for byte.
 */
export interface Random {
  /** An integer from `first` to `last`, both included. */
  integer(first: number, last: number): number;
  /** `count` bytes. */
  bytes(count: number): Uint8Array;
  /** What {@link restoreRandom} needs to continue exactly here: plain data. */
  save(): readonly number[];
}

/** A stream for `purpose`: streams of one seed with different purposes have nothing in common. */
export function seededRandom(seed: number, purpose = ''): Random {
  return fromGenerator(xoroshiro128plus(seed ^ fingerprint(purpose)));
}

export function restoreRandom(saved: readonly number[]): Random {
  return fromGenerator(xoroshiro128plusFromState(saved));
}

function fromGenerator(generator: ReturnType<typeof xoroshiro128plus>): Random {
  return {
    integer: (first, last) => uniformInt(generator, first, last),
    bytes: (count) => Uint8Array.from({ length: count }, () => uniformInt(generator, 0, 255)),
    save: () => [...generator.getState()],
  };
}

/** FNV-1a over the UTF-16 units: spreads purposes over the seeds. */
function fingerprint(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash | 0;
}
