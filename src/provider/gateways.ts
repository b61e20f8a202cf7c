import type { Source } from '../base/index.ts';
import { type Gateway, type GatewayKind, tunnelAddress } from '../model/index.ts';
import { nextMac } from './link-address.ts';
import { nameTaken, refuse, unknown } from './refusal.ts';
import { refuseInternet } from './refuse-internet.ts';
import { DONE, type ModelDraft, type Verb } from './verb.ts';

export interface CreateGateway {
  readonly customer: string;
  readonly name: string;
  readonly kind: GatewayKind;
  readonly from: Source | null;
}

/** A gateway of the customer's network, attached at once (N-22). */
export const createGateway: Verb<CreateGateway> = (draft, request) => {
  if (draft.networks[request.customer] === undefined) return [unknown('customer', request.customer)];
  const id = `${request.customer}/${request.name}`;
  if (draft.gateways[id] !== undefined || draft.instances[id] !== undefined) return [nameTaken(request.name)];
  const other = Object.values(draft.gateways).find(
    ({ network, kind }) => network === request.customer && kind === request.kind,
  );
  if (other !== undefined) {
    const message = `${request.customer} has ${other.name} already: a network has one gateway of each kind`;
    return [refuse('provider/second-gateway', null, message)];
  }
  const { customer: network, name, kind, from } = request;
  const wrong = refuseInternet(draft, network, kind);
  if (wrong !== null) return [wrong];
  addGateway(draft, { id, name, network, kind, from });
  return DONE;
};

/** A gateway at its own end of the substrate. */
export function addGateway(
  draft: ModelDraft,
  gateway: Pick<Gateway, 'id' | 'name' | 'network' | 'kind' | 'from'>,
): void {
  draft.gateways[gateway.id] = {
    ...gateway,
    attached: true,
    tunnel: tunnelAddress(draft.underlay, 'gateway', draft.counters.gateway),
    mac: nextMac(draft),
    propagates: [],
  };
  draft.counters.gateway += 1;
}

export interface NamedGateway {
  readonly customer: string;
  readonly gateway: string;
}

export const attachGateway: Verb<NamedGateway> = (draft, request) => setAttached(draft, request, true);

/** Nothing crosses a detached gateway; routes to it stay, as black holes. */
export const detachGateway: Verb<NamedGateway> = (draft, request) => setAttached(draft, request, false);

function setAttached(
  draft: Parameters<Verb<NamedGateway>>[0],
  { customer, gateway: name }: NamedGateway,
  attached: boolean,
): ReturnType<Verb<NamedGateway>> {
  const gateway = draft.gateways[`${customer}/${name}`];
  if (gateway === undefined) return [unknown('gateway', name)];
  if (gateway.attached === attached) {
    const message = `${name} is ${attached ? 'attached' : 'detached'} already`;
    return [refuse('provider/no-change', 'gateway', message)];
  }
  gateway.attached = attached;
  return DONE;
}
