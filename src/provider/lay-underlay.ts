import { type Family, formatIp } from '../address/index.ts';
import { refuse } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

export interface LayUnderlay {
  readonly family: Family;
}

/** Between addresses of which family the provider wraps. What has an address on the underlay keeps it, so this comes first. */
export const layUnderlay: Verb<LayUnderlay> = (draft, { family }) => {
  if (draft.underlay === family) return DONE;
  const [standing] = [...Object.values(draft.servers), ...Object.values(draft.gateways)];
  if (standing !== undefined) {
    const message = `${standing.name} is at ${formatIp(standing.tunnel)} on the underlay, which cannot become IPv${family} now`;
    return [refuse('provider/other-family', 'underlay', message)];
  }
  draft.underlay = family;
  return DONE;
};
