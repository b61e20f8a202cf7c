import { ANY_PORT, type Cidr, cidr, ipv4, type PortRange } from '../address/index.ts';
import type { Source } from '../base/index.ts';
import type { FirewallRule } from '../model/index.ts';
import { nameTaken, unknown } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

export interface CreateFirewall {
  readonly network: string;
  readonly name: string;
  readonly from: Source | null;
}

/** A firewall as it begins: in comes the network's own block, out goes everything (I-05). */
export const createFirewall: Verb<CreateFirewall> = (draft, request) => {
  const network = draft.networks[request.network];
  if (network === undefined) return [unknown('network', request.network)];
  const id = `${request.network}/${request.name}`;
  if (draft.firewalls[id] !== undefined) return [nameTaken(request.name)];
  const everything = { protocol: 'any' as const, ports: ANY_PORT, from: request.from };
  draft.firewalls[id] = {
    id,
    name: request.name,
    network: request.network,
    in: [{ ...everything, peer: { ...network.block } }],
    out: [{ ...everything, peer: cidr(ipv4(0), 0) }],
    stateful: true,
    from: request.from,
  };
  return DONE;
};

export interface SetFirewallRules {
  readonly network: string;
  readonly name: string;
  /** `null`: as they are */
  readonly in: readonly RequestedRule[] | null;
  readonly out: readonly RequestedRule[] | null;
}

/** `peer` is a block, or the name of a firewall of the same network. */
export interface RequestedRule {
  readonly protocol: FirewallRule['protocol'];
  readonly ports: PortRange;
  readonly peer: Cidr | string;
  readonly from: Source | null;
}

/** Other rules for a firewall. Connections that its interfaces track go on: only new ones are judged by them. */
export const setFirewallRules: Verb<SetFirewallRules> = (draft, request) => {
  const firewall = draft.firewalls[`${request.network}/${request.name}`];
  if (firewall === undefined) return [unknown('firewall', request.name)];
  const idOf = (name: string): string => `${request.network}/${name}`;
  const missing = [...(request.in ?? []), ...(request.out ?? [])].flatMap(({ peer }) =>
    typeof peer === 'string' && draft.firewalls[idOf(peer)] === undefined ? [unknown('firewall', peer)] : [],
  );
  if (missing.length > 0) return missing;
  const rulesOf = (rules: readonly RequestedRule[]) =>
    rules.map(({ peer, ...rule }) => ({
      ...rule,
      peer: typeof peer === 'string' ? { firewall: idOf(peer) } : { ...peer },
    }));
  if (request.in !== null) firewall.in = rulesOf(request.in);
  if (request.out !== null) firewall.out = rulesOf(request.out);
  return DONE;
};
