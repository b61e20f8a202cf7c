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
 * RFC 791 and its wrapper.
 */
export const setLink: Verb<SetLink> = (draft, request) => {
  const { ends, name, mtu, latency, from } = request;
  const wrapped = ends.includes(FABRIC);
  const least = wrapped ? LEAST_MTU + WRAPPING_COST : LEAST_MTU;
  if (mtu !== null && mtu < least) {
    const why = wrapped ? `${LEAST_MTU} and ${WRAPPING_COST} for the wrapper` : 'RFC 791';
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

/** The key under which a link has settings already, or else its ends as they are given. */
function linkId({ links }: Pick<Model, 'links'>, [one, other]: readonly [string, string]): string {
  const turned = `${other}--${one}`;
  return links[turned] === undefined ? `${one}--${other}` : turned;
}
