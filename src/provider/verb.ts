import { type Draft, enablePatches, type Patch, produceWithPatches } from 'immer';
import { failure, type Result, success } from '../base/index.ts';
import type { Model } from '../model/index.ts';
import type { Refusal } from './refusal.ts';

enablePatches();

/** The model while it is being changed. */
export type ModelDraft = Draft<Model>;

/**
 * One call of the provider's API: looks at the model, and either changes the draft or says why not.
 * A refused call leaves nothing behind.
 */
export type Verb<Request> = (draft: ModelDraft, request: Request) => readonly Refusal[];

export const DONE: readonly Refusal[] = [];

/** What a call did: the new model, and the patches that are the audit log (forward) and the undo (back). */
export interface Change {
  readonly verb: string;
  readonly model: Model;
  readonly forward: readonly Patch[];
  readonly back: readonly Patch[];
}

/** Calls one verb. */
export function call<Request>(
  model: Model,
  name: string,
  verb: Verb<Request>,
  request: Request,
): Result<Change, readonly Refusal[]> {
  return transact(model, name, (draft) => verb(draft, request));
}

/** Several verbs as one change: all of it, or nothing when any of them refuses. */
export function transact(
  model: Model,
  name: string,
  recipe: (draft: ModelDraft) => readonly Refusal[],
): Result<Change, readonly Refusal[]> {
  let refusals: readonly Refusal[] = DONE;
  const [next, forward, back] = produceWithPatches(model, (draft) => {
    refusals = recipe(draft);
  });
  return refusals.length > 0 ? failure(refusals) : success({ verb: name, model: next, forward, back });
}
