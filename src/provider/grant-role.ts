import type { Permission } from '../model/index.ts';
import { unknown } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

export interface GrantRole {
  readonly customer: string;
  readonly name: string;
  readonly allow: readonly Permission[];
}

/** The customer lets the provider act in the customer's network, within limits (FIG. 7, 704). */
export const grantRole: Verb<GrantRole> = (draft, request) => {
  const customer = draft.customers[request.customer];
  if (customer === undefined) return [unknown('customer', request.customer)];
  customer.roles[request.name] = { name: request.name, allow: [...request.allow] };
  return DONE;
};
