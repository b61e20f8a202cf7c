import { formatCidr, overlaps } from '../address/index.ts';
import type { Source } from '../base/index.ts';
import { nameTaken, refuse, unknown } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

export interface RequestPeering {
  readonly customer: string;
  /** the other customer */
  readonly with: string;
  readonly name: string;
  readonly from: Source | null;
}

/** A customer asks another for a way between their networks (N-30). Nothing passes before the other agrees. */
export const requestPeering: Verb<RequestPeering> = (draft, request) => {
  const own = draft.networks[request.customer];
  if (own === undefined) return [unknown('customer', request.customer)];
  const other = draft.networks[request.with];
  if (other === undefined) return [unknown('with', request.with)];
  if (draft.peerings[request.name] !== undefined) return [nameTaken(request.name)];
  if (own === other) {
    return [refuse('provider/wrong-peering', 'with', `${request.customer} cannot be its own peer`)];
  }
  const known = Object.values(draft.peerings).find(
    ({ requester, accepter }) =>
      [requester, accepter].includes(own.id) && [requester, accepter].includes(other.id),
  );
  if (known !== undefined) {
    const message = `${request.customer} and ${request.with} have the peering ${known.name} already`;
    return [refuse('provider/wrong-peering', 'with', message)];
  }
  if (overlaps(own.block, other.block)) {
    const message = `${request.customer} (${formatCidr(own.block)}) and ${request.with} (${formatCidr(other.block)}) share addresses: a packet could mean either`;
    return [refuse('provider/overlap', 'with', message)];
  }
  draft.peerings[request.name] = {
    name: request.name,
    requester: own.id,
    accepter: other.id,
    accepted: false,
    from: request.from,
  };
  return DONE;
};

export interface AcceptPeering {
  readonly customer: string;
  readonly peering: string;
}

/** The other owner agrees. Whoever asked cannot agree in the other's place. */
export const acceptPeering: Verb<AcceptPeering> = (draft, { customer, peering: name }) => {
  const peering = draft.peerings[name];
  if (peering === undefined) return [unknown('peering', name)];
  if (peering.accepter !== customer) {
    const message = `${name} was offered to ${peering.accepter}: ${customer} cannot accept it`;
    return [refuse('provider/wrong-peering', 'customer', message)];
  }
  if (peering.accepted) return [refuse('provider/no-change', 'peering', `${name} is accepted already`)];
  peering.accepted = true;
  return DONE;
};
