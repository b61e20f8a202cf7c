import { type Hsm, MESSAGE_PORTS, type MessageSort, type Model } from '../model/index.ts';
import { type Refusal, refuse, unknown } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

export interface AddLogTarget {
  readonly customer: string;
  readonly hsm: string;
  readonly sort: MessageSort;
}

export interface RemoveLogTarget extends AddLogTarget {
  readonly whose: 'provider' | 'customer';
}

/**
 * A customer has its HSM report to its own collector as well (FIG. 7, 710; B-11). The HSM is told the inward address of the NAT
 * instance, whose reverse mapping leads on to the collector: it learns no address of the customer's (T-05, T-14).
 */
export const addLogTarget: Verb<AddLogTarget> = (draft, { customer, hsm: name, sort }) => {
  const wrong = notOfCustomer(draft, customer, name);
  const hsm = draft.hsms[name];
  if (wrong !== null || hsm === undefined) return [wrong ?? unknown('hsm', name)];
  const port = MESSAGE_PORTS[sort];
  const nat = Object.values(draft.natInstances).find(
    ({ hsm: behind, translation }) =>
      behind === name && translation.reverse.some((one) => one.protocol === 'udp' && one.port === port),
  );
  const inward = draft.interfaces[nat?.inward ?? ''];
  if (inward === undefined) {
    const message = `no NAT instance leads udp/${port} of ${name} to a collector`;
    return [refuse('provider/reverse-mapping', 'sort', message)];
  }
  if (hsm.logTargets.some((one) => one.whose === 'customer' && one.sort === sort)) {
    return [refuse('provider/no-change', 'sort', `${name} reports to the collector already`)];
  }
  hsm.logTargets.push({ sort, address: inward.address, whose: 'customer' });
  return DONE;
};

/** A target goes; the provider's own stay, whatever the customer does (B-10). */
export const removeLogTarget: Verb<RemoveLogTarget> = (draft, { customer, hsm: name, sort, whose }) => {
  const wrong = notOfCustomer(draft, customer, name);
  const hsm = draft.hsms[name];
  if (wrong !== null || hsm === undefined) return [wrong ?? unknown('hsm', name)];
  if (whose === 'provider') {
    const message = `where ${name} reports to the provider, the customer cannot change it`;
    return [refuse('provider/locked', 'whose', message)];
  }
  const left = hsm.logTargets.filter((one) => one.whose !== whose || one.sort !== sort);
  if (left.length === hsm.logTargets.length) {
    return [refuse('provider/no-change', 'sort', `${name} has no such target`)];
  }
  hsm.logTargets = left;
  return DONE;
};

/** Why this is no module of the customer's; `null`: it is one. */
export function notOfCustomer(model: Model, customer: string, name: string): Refusal | null {
  const hsm: Hsm | undefined = model.hsms[name];
  if (hsm === undefined) return unknown('hsm', name);
  if (model.customers[customer] === undefined) return unknown('customer', customer);
  if (model.networks[hsm.assignedTo ?? '']?.customer === customer) return null;
  return refuse('provider/not-authorized', 'hsm', `${name} does not serve ${customer}`);
}
