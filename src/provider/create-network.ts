import type { Cidr } from '../address/index.ts';
import type { Source } from '../base/index.ts';
import { nameTaken, unknown } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

export interface CreateNetwork {
  readonly customer: string;
  readonly block: Cidr;
  readonly from: Source | null;
}

/** The customer's virtual network (FIG. 1, 106), with a block of the customer's own choice (N-19). */
export const createNetwork: Verb<CreateNetwork> = (draft, request) => {
  if (draft.customers[request.customer] === undefined) return [unknown('customer', request.customer)];
  if (draft.networks[request.customer] !== undefined) return [nameTaken(request.customer)];
  draft.networks[request.customer] = {
    id: request.customer,
    owner: 'customer',
    customer: request.customer,
    block: { ...request.block },
    segment: draft.counters.segment,
    vlan: null,
    alias: null,
    subnets: [],
    mapping: {},
    from: request.from,
  };
  draft.counters.segment += 1;
  return DONE;
};
