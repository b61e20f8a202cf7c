import { type Cidr, formatCidr, type Ip, overlaps, single, widthOf } from '../address/index.ts';
import { rackBlock } from '../model/index.ts';
import { refuse, unknown } from './refusal.ts';
import { DONE, type ModelDraft, type Verb } from './verb.ts';
import { takeVlan, vlanRefusal } from './vlans.ts';

export interface ReplaceHsm {
  /** the module that has failed, or is to go */
  readonly hsm: string;
  /** a free one that takes its place */
  readonly by: string;
}

/**
 * Another module takes the place of one, with an address of its own behind the same interface of the customer's. It has none of the
 * keys, and NAT instances forget every live connection: an old one must neither reach the new module nor wait for the
 * old (T-11).
 */
export const replaceHsm: Verb<ReplaceHsm> = (draft, request) => {
  const old = draft.hsms[request.hsm];
  const next = draft.hsms[request.by];
  if (old === undefined) return [unknown('hsm', request.hsm)];
  if (next === undefined) return [unknown('by', request.by)];
  const network = draft.networks[old.assignedTo ?? ''];
  if (network === undefined) return [refuse('provider/no-change', 'hsm', `${old.name} serves nobody`)];
  if (next.assignedTo !== null) {
    return [
      refuse('provider/no-capacity', 'by', `${next.name} is in use already: one HSM serves one customer`),
    ];
  }
  const nats = Object.values(draft.natInstances).filter(({ hsm }) => hsm === old.name);
  const direct = nats.some(({ attachment }) => attachment === 'direct');
  const reserved = direct ? single(next.address) : rackBlock(next);
  const shared = Object.values(old.shares).flatMap((share) => draft.networks[share.network ?? ''] ?? []);
  const wrong = [network, ...shared].find(({ block }) => overlaps(block, reserved));
  if (wrong !== undefined) {
    const message = `service network ${formatCidr(wrong.block)} overlaps ${formatCidr(reserved)}, where ${next.name} has its address`;
    return [refuse('provider/overlap', 'by', message)];
  }
  const moves = old.rack === next.rack ? [] : [network, ...shared].filter(({ vlan }) => vlan !== null);
  for (const moved of moves) {
    const full = vlanRefusal(draft, next, 'by');
    if (full !== null) return [full];
    moved.vlan = takeVlan(draft, next);
  }
  for (const nat of nats) {
    nat.hsm = next.name;
    nat.flows = `${nat.flows}+`;
    const outer = draft.interfaces[nat.outer];
    if (outer !== undefined) outer.description = outer.description.replace(old.name, next.name);
  }
  next.assignedTo = network.id;
  next.shares = old.shares;
  next.logTargets = old.logTargets.filter(({ whose }) => whose === 'provider');
  old.assignedTo = null;
  old.logTargets = [];
  old.shares = {};
  // where the overlay device translates, the service network knows the new one as it knew the old
  for (const { id, alias } of [network, ...shared]) {
    if (alias === null) followAddress(draft, id, old.address, next.address);
  }
  return DONE;
};

/** What a service network says about its module by address, it says about the new one. */
function followAddress(draft: ModelDraft, network: string, old: Ip, next: Ip): void {
  const follow = <Block extends Cidr>(block: Block): Block =>
    block.prefix === widthOf(old) && block.address === old ? { ...block, address: next } : block;
  for (const subnet of Object.values(draft.subnets)) {
    if (subnet.network !== network) continue;
    for (const route of subnet.routes) if (route.to.kind === 'attachment') route.block = follow(route.block);
  }
  for (const guard of [...Object.values(draft.firewalls), ...Object.values(draft.acls)]) {
    if (guard.network !== network) continue;
    for (const rule of [...guard.in, ...guard.out]) if ('address' in rule.peer) rule.peer = follow(rule.peer);
  }
  for (const bastion of Object.values(draft.bastions)) if (bastion.network === network) bastion.hsm = next;
}
