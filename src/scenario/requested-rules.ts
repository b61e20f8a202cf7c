import type { AclRule as Requested } from '../model/index.ts';
import type { RequestedRule } from '../provider/index.ts';
import type { AclRule } from './acls.ts';
import type { PeerRule } from './declared.ts';

/* Rules as the provider's API wants them; `null` stays `null`: as they are. */

export function requestedRules(rules: readonly AclRule[] | null): readonly Requested[] | null {
  if (rules === null) return null;
  return rules.map(({ number, action, traffic, peer, source }) => {
    return { number, action, ...traffic, peer, from: source };
  });
}

export function requestedPeers(rules: readonly PeerRule[] | null): readonly RequestedRule[] | null {
  return rules?.map(({ allow, peer, source }) => ({ ...allow, peer, from: source })) ?? null;
}
