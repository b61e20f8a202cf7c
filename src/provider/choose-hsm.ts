import { type Family, familyOf, formatIp } from '../address/index.ts';
import type { Hsm, Model } from '../model/index.ts';
import type { RequestHsm } from './plan-request.ts';
import { type Refusal, refuse, unknown } from './refusal.ts';
import { vlanRefusal } from './vlans.ts';

/** P-15: a free module of the wanted model, with the wanted label, of the same family of addresses; nobody else gets it. */
export function chooseHsm(model: Model, request: RequestHsm, refusals: Refusal[]): Hsm | null {
  if (request.hsm !== null) return namedHsm(model, request, request.hsm, refusals);
  const family = familyOf(request.address);
  const pool = Object.values(model.hsms);
  const ofModel = pool.filter((hsm) => request.model === null || hsm.model === request.model);
  if (request.model !== null && ofModel.length === 0) {
    refusals.push(unknown('model', request.model));
    return null;
  }
  const free = ofModel.filter(
    (hsm) => hsm.assignedTo === null && familyOf(hsm.address) === family && meets(hsm, request),
  );
  const reachable = free.find((hsm) => isReachable(model, hsm, request));
  // of several in racks without a VLAN the first is refused, and says why
  const chosen = reachable ?? free[0];
  if (chosen !== undefined) return chosen;
  if (!pool.some((hsm) => meets(hsm, request))) {
    const message = `no HSM of the pool has level ${request.fips} of FIPS 140-2`;
    refusals.push(refuse('provider/no-capacity', 'fips', message));
    return null;
  }
  const some = pool.some((hsm) => familyOf(hsm.address) === family);
  const none = some ? 'every HSM of the pool is in use' : `no HSM of the pool has an IPv${family} address`;
  refusals.push(refuse('provider/no-capacity', 'hsm', none));
  return null;
}

function namedHsm(model: Model, request: RequestHsm, name: string, refusals: Refusal[]): Hsm | null {
  const family = familyOf(request.address);
  const wanted = model.hsms[name];
  if (wanted === undefined) refusals.push(unknown('hsm', name));
  else if (!isOpenTo(model, wanted, request.customer)) {
    const message = `${wanted.name} is in use already: one HSM serves one customer, unless that one shares it`;
    refusals.push(refuse('provider/no-capacity', 'hsm', message));
  } else if (familyOf(wanted.address) !== family) refusals.push(otherFamily(wanted, family));
  else if (meets(wanted, request)) return wanted;
  else refusals.push(refuse('provider/no-capacity', 'fips', `${wanted.name} ${levelWords(wanted.fips)}`));
  return null;
}

/** Whether a module is free, is this customer's own, or is shared with it (I-04). */
function isOpenTo(model: Model, { assignedTo, shares }: Hsm, customer: string): boolean {
  if (assignedTo === null || model.networks[assignedTo]?.customer === customer) return true;
  return shares[customer]?.revoked === false;
}

function otherFamily({ name, address }: Hsm, family: Family): Refusal {
  const message = `${name} has ${formatIp(address)}, and the customer asks for IPv${family}`;
  return refuse('provider/other-family', 'hsm', message);
}

/** Whether a new service network finds a way to it: a free VLAN, unless it needs none. */
function isReachable(model: Model, hsm: Hsm, { attachment }: RequestHsm): boolean {
  return attachment === 'direct' || vlanRefusal(model, hsm, null) === null;
}

/** Whether the label of a module says as much as is asked for (D-16). */
function meets({ fips }: Hsm, request: RequestHsm): boolean {
  return request.fips === null || (fips ?? 0) >= request.fips;
}

function levelWords(fips: number | null): string {
  return fips === null ? 'has no level of FIPS 140-2' : `has level ${fips} of FIPS 140-2 only`;
}
