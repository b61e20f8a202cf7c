import type { Family } from '../address/index.ts';
import type { Nanos, Source } from '../base/index.ts';
import { FABRIC, LEAST_MTU, type Model, WRAPPING_COST } from '../model/index.ts';
import { refuse } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

/** A link by the ids of its ends, in either order, and what it is to be; `null`: as it was. */
export interface SetLink {
  readonly ends: readonly [string, string];
  /** for people */
  readonly name: string;
  readonly mtu: number | null;
  readonly latency: Nanos | null;
  readonly from: Source | null;
}

/**
 * The provider sets up a link. Links of the fabric carry packets that are wrapped, so they must hold the least packet of
 * RFC 791 and its wrapper; and where the wrapper is IPv6, what every link of IPv6 holds.
 */
export const setLink: Verb<SetLink> = (draft, request) => {
  const { ends, name, mtu, latency, from } = request;
  const { least, why } = ends.includes(FABRIC) ? LEAST_OF_FABRIC[draft.underlay] : LEAST;
  if (mtu !== null && mtu < least) {
    return [refuse('provider/mtu-too-small', 'mtu', `an MTU of ${mtu} is less than ${least} (${why})`)];
  }
  const id = linkId(draft, ends);
  const known = draft.links[id];
  draft.links[id] = {
    id,
    name,
    mtu: mtu ?? known?.mtu ?? null,
    latency: latency ?? known?.latency ?? null,
    from,
  };
  return DONE;
};

interface Least {
  readonly least: number;
  readonly why: string;
}

const LEAST: Least = { least: LEAST_MTU[4], why: 'RFC 791' };

const LEAST_OF_FABRIC: { readonly [F in Family]: Least } = {
  4: {
    least: LEAST_MTU[4] + WRAPPING_COST[4],
    why: `${LEAST_MTU[4]} and ${WRAPPING_COST[4]} for the wrapper`,
  },
  6: { least: LEAST_MTU[6], why: 'the underlay is IPv6: RFC 8200 section 5' },
};

/** The key under which a link has settings already, or else its ends as they are given. */
function linkId({ links }: Pick<Model, 'links'>, [one, other]: readonly [string, string]): string {
  const turned = `${other}--${one}`;
  return links[turned] === undefined ? `${one}--${other}` : turned;
}
