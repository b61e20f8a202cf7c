import { type Ipv4, ipv4 } from '../address/index.ts';
import type { Source } from '../base/index.ts';
import type { ChannelKind } from '../model/index.ts';
import { publicRefusal } from './internet-hosts.ts';
import { nextMac } from './link-address.ts';
import { nameTaken, type Refusal, refuse, unknown } from './refusal.ts';
import { DONE, type ModelDraft, type Verb } from './verb.ts';

export interface OpenChannel {
  readonly customer: string;
  readonly kind: ChannelKind['kind'];
  /** across the Internet: the address of the virtual network's gateway on the Internet; `null`: the provider chooses */
  readonly public: Ipv4 | null;
  /** whether every route table of the network learns of the premises */
  readonly propagates: boolean;
  /** across the Internet: what both gateways derive their keys from */
  readonly secret: string;
  readonly from: Source | null;
}

/** Where the provider's gateways have their addresses on the Internet (TEST-NET-3, RFC 5737). */
const PUBLIC_SPACE = 0xcb007100;

/** SPIs below 256 are reserved (RFC 4303 2.1); these are easy to tell apart in a trace, also as indexes of WireGuard. */
const FIRST_NUMBER = 0x1001;

/**
 * Joins the premises and the virtual network of a customer, so that they act as one (FIG. 1, 110; rows S-08, S-13): the gateway of
 * kind `vpn` becomes the other end, and makes the premises known to every route table of the network, unless it is asked not to.
 */
export const openChannel: Verb<OpenChannel> = (draft, request) => {
  const { customer, from } = request;
  const premises = draft.premises[customer];
  if (premises === undefined) return [unknown('premises', customer)];
  if (draft.channels[customer] !== undefined) return [nameTaken(`channel of ${customer}`)];
  const gateway = Object.values(draft.gateways).find(
    ({ network, kind }) => network === customer && kind === 'vpn',
  );
  if (gateway === undefined) {
    return [
      refuse('provider/no-gateway', null, `${customer} has no gateway of kind vpn for the channel to end at`),
    ];
  }
  const kind = chosenKind(draft, request);
  if ('code' in kind) return [kind];
  draft.channels[customer] = { customer, gateway: gateway.id, kind, mac: nextMac(draft), from };
  if (request.propagates) gateway.propagates = [{ ...premises.block }];
  return DONE;
};

function chosenKind(draft: ModelDraft, request: OpenChannel): ChannelKind | Refusal {
  if (request.kind === 'direct') {
    const { vlan } = draft.counters;
    draft.counters.vlan += 1;
    return { kind: 'direct', vlan };
  }
  const wanted = request.public ?? freeAddress(draft);
  const wrong = publicRefusal(draft, wanted, 'public');
  if (wrong !== null) return wrong;
  const number = FIRST_NUMBER + draft.counters.association;
  draft.counters.association += 2;
  const { kind, secret } = request;
  return { kind, public: wanted, secret, towardsNetwork: number, towardsPremises: number + 1 };
}

function freeAddress(draft: ModelDraft): Ipv4 {
  for (let offset = 1; offset < 255; offset += 1) {
    const address = ipv4(PUBLIC_SPACE + offset);
    if (publicRefusal(draft, address, 'public') === null) return address;
  }
  return ipv4(PUBLIC_SPACE + 1);
}
