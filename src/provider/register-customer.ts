import type { Source } from '../base/index.ts';
import { nameTaken } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

export interface RegisterCustomer {
  readonly name: string;
  readonly ownedByProvider: boolean;
  readonly from: Source | null;
}

export const registerCustomer: Verb<RegisterCustomer> = (draft, request) => {
  if (draft.customers[request.name] !== undefined) return [nameTaken(request.name)];
  const { name, ownedByProvider, from } = request;
  draft.customers[name] = { name, ownedByProvider, roles: {}, services: [], from };
  return DONE;
};
