import type { Source } from '../base/index.ts';
import { refuse } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

/** A link, a device, a zone a feed of power or a channel, by the id that does not change when names do. */
export interface Part {
  readonly kind: 'link' | 'device' | 'zone' | 'power' | 'channel';
  readonly id: string;
  /** for people */
  readonly name: string;
  readonly from: Source | null;
}

/** It fails: nothing crosses it, or what it holds, until it is healed. */
export const failPart: Verb<Part> = (draft, request) => {
  draft.failures[request.id] = { ...request };
  return DONE;
};

/** It works again as it did: neither failed nor impaired, in no direction. */
export const healPart: Verb<Omit<Part, 'from'>> = (draft, { kind, id, name }) => {
  const failed = draft.failures[id] !== undefined;
  const part = kind === 'zone' ? name : id;
  const impaired = Object.values(draft.impairments).filter((one) => one.kind === kind && one.part === part);
  if (!failed && impaired.length === 0) {
    const message = `${kind} "${name}" has neither failed nor been impaired`;
    return [refuse('provider/not-failed', kind, message)];
  }
  if (failed) delete draft.failures[id];
  for (const one of impaired) delete draft.impairments[one.id];
  return DONE;
};
