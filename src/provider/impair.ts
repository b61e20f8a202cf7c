import type { Source } from '../base/index.ts';
import type { Direction, Misfortune } from '../model/index.ts';
import { DONE, type Verb } from './verb.ts';

/** What shall befall frames, and where; everything else about the part stays as it is. */
export interface ImpairPart {
  readonly kind: 'link' | 'device' | 'zone';
  /** of the link, the device or the zone */
  readonly part: string;
  /** for people */
  readonly name: string;
  readonly direction: Direction;
  readonly misfortune: Misfortune;
  /** decides which frames it befalls */
  readonly seed: number;
  readonly from: Source | null;
}

/**
 * A link, all links of a device, or all links of a zone lose, delay, repeat, reorder or damage frames until they are
 * healed. The same part and direction again replaces what was said before; other parts and directions add to it.
 */
export const impairPart: Verb<ImpairPart> = (draft, request) => {
  const { kind, part, direction } = request;
  const end = direction.kind === 'both' ? '' : ` ${direction.kind} ${direction.end}`;
  const id = `${kind} ${part}${end}`;
  draft.impairments[id] = { id, ...request };
  return DONE;
};
