import type { Source } from '../base/index.ts';
import { workingServerIn } from './placement.ts';
import { nameTaken, refuse, unknown } from './refusal.ts';
import { DONE, type ModelDraft, type Verb } from './verb.ts';

export interface ReplaceNat {
  /** id of the instance that has failed, or is to go */
  readonly nat: string;
  /** of the one that takes its place */
  readonly name: string;
  readonly from: Source | null;
}

/**
 * Another NAT instance takes over the interfaces of one (B-08, T-12). They keep their addresses, so that neither the customer
 * nor the HSM notices more than the loss: what the old instance knew of live connections is gone with it.
 */
export const replaceNat: Verb<ReplaceNat> = (draft, request) => {
  const old = draft.natInstances[request.nat];
  if (old === undefined) return [unknown('nat', request.nat)];
  const id = `${old.customer}/${request.name}`;
  if (draft.natInstances[id] ?? draft.interfaces[id] ?? draft.instances[id]) return [nameTaken(request.name)];
  const zone = draft.servers[old.server]?.zone;
  moveGuest(draft, old.server, -1);
  const server = zone === undefined ? null : workingServerIn(draft, zone);
  if (server === null)
    return [refuse('provider/no-server', 'nat', `no server that works is left for ${request.name}`)];
  moveGuest(draft, server, 1);
  for (const vni of [old.outer, old.inward, old.own]) {
    const held = draft.interfaces[vni ?? ''];
    if (held === undefined) continue;
    held.attachedTo = id;
    held.server = server;
  }
  const inward = draft.interfaces[old.inward];
  if (inward !== undefined) inward.description = `inward side of ${request.name}`;
  const own = draft.interfaces[old.own ?? ''];
  if (own !== undefined) own.description = `reports of ${request.name}`;
  draft.natInstances[id] = { ...old, id, name: request.name, flows: id, server, from: request.from };
  delete draft.natInstances[old.id];
  for (const failure of Object.keys(draft.failures)) {
    if (failure.split('--').includes(old.id)) delete draft.failures[failure];
  }
  return DONE;
};

function moveGuest(draft: ModelDraft, server: string, guests: 1 | -1): void {
  const host = draft.servers[server];
  if (host !== undefined) host.guests += guests;
}
