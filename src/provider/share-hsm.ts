import type { Source } from '../base/index.ts';
import { type Refusal, refuse, unknown } from './refusal.ts';
import { DONE, type ModelDraft, type Verb } from './verb.ts';

export interface ShareHsm {
  readonly customer: string;
  readonly hsm: string;
  /** the other customer */
  readonly with: string;
  readonly from: Source | null;
}

/**
 * A module serves one customer alone, "unless authorized by the customer to whom [it] is allocated" (I-04, ruling Q-21). That one lets
 * another in; nothing passes before the other asks for the module itself.
 */
export const shareHsm: Verb<ShareHsm> = (draft, request) => {
  const refusals = refuseShare(draft, request);
  if (refusals.length > 0) return refusals;
  const shares = draft.hsms[request.hsm]?.shares ?? {};
  const known = shares[request.with];
  if (known?.revoked === false) {
    const message = `${request.hsm} is shared with ${request.with} already`;
    return [refuse('provider/no-change', 'with', message)];
  }
  const network = known?.network ?? null;
  shares[request.with] = { customer: request.with, network, revoked: false, from: request.from };
  return DONE;
};

/** The leave is taken back. What the other customer has stays where it is, and leads nowhere any more. */
export const unshareHsm: Verb<ShareHsm> = (draft, request) => {
  const refusals = refuseShare(draft, request);
  if (refusals.length > 0) return refusals;
  const shares = draft.hsms[request.hsm]?.shares ?? {};
  const known = shares[request.with];
  if (known === undefined || known.revoked) {
    const message = `${request.hsm} is not shared with ${request.with}`;
    return [refuse('provider/no-change', 'with', message)];
  }
  if (known.network === null) delete shares[request.with];
  else shares[request.with] = { ...known, revoked: true, from: request.from };
  return DONE;
};

/** Why it is not for this customer to say who uses the module. */
function refuseShare(draft: ModelDraft, request: ShareHsm): readonly Refusal[] {
  const hsm = draft.hsms[request.hsm];
  if (hsm === undefined) return [unknown('hsm', request.hsm)];
  if (draft.customers[request.customer] === undefined) return [unknown('customer', request.customer)];
  if (draft.customers[request.with] === undefined) return [unknown('with', request.with)];
  if (draft.networks[hsm.assignedTo ?? '']?.customer !== request.customer) {
    const message = `${hsm.name} is not ${request.customer}’s to share`;
    return [refuse('provider/wrong-share', 'customer', message)];
  }
  if (request.with !== request.customer) return [];
  const message = `${request.customer} has ${hsm.name} already`;
  return [refuse('provider/wrong-share', 'with', message)];
}
