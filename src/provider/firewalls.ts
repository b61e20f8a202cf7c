import { ANY_PORT, type Cidr, everywhere, type PortRange } from '../address/index.ts';
import type { Source } from '../base/index.ts';
import type { FirewallRule } from '../model/index.ts';
import { nameTaken, refuse, unknown } from './refusal.ts';
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
    out: [{ ...everything, peer: everywhere(network.block.address) }],
    owner: 'customer',
    stateful: true,
    from: request.from,
  };
  return DONE;
};

/** The id of the firewall that an interface made for a request has of its own. */
export function firewallOf(vni: string): string {
  return `${vni}:firewall`;
}

export interface SetFirewallRules {
  readonly network: string;
  /** of a firewall, or of the interface that a request has made with one of its own */
  readonly name: string;
  /** who asks */
  readonly by: 'customer' | 'provider';
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

/** Other rules for a firewall, by its owner (I-12). Connections that its interfaces track go on: only new ones are judged by them. */
export const setFirewallRules: Verb<SetFirewallRules> = (draft, request) => {
  const id = `${request.network}/${request.name}`;
  const firewall = draft.firewalls[id] ?? draft.firewalls[firewallOf(id)];
  if (firewall === undefined) return [unknown('firewall', request.name)];
  if (firewall.owner !== request.by) {
    const message = `${request.name} is the ${firewall.owner}’s, and the ${request.by} cannot change it`;
    return [refuse('provider/locked', 'firewall', message)];
  }
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
  // what was open by default had nothing to remember; rules of its own have
  firewall.stateful = true;
  if (request.in !== null) firewall.in = rulesOf(request.in);
  if (request.out !== null) firewall.out = rulesOf(request.out);
  return DONE;
};
