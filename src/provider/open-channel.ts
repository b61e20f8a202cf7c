import { type Family, familyOf, formatIp, type Ip, ipv4, ipv6, offset } from '../address/index.ts';
import type { Source } from '../base/index.ts';
import type { ChannelKind, RackStanding } from '../model/index.ts';
import { publicRefusal } from './internet-hosts.ts';
import { nextMac } from './link-address.ts';
import { nameTaken, type Refusal, refuse, unknown } from './refusal.ts';
import { DONE, type ModelDraft, type Verb } from './verb.ts';
import { takeVlan, vlanRefusal } from './vlans.ts';

export interface OpenChannel {
  readonly customer: string;
  readonly kind: ChannelKind['kind'];
  /** across the Internet: the address of the virtual network's gateway on the Internet; `null`: the provider chooses */
  readonly public: Ip | null;
  /** whether every route table of the network learns of the premises */
  readonly propagates: boolean;
  /** across the Internet: what both gateways derive their keys from */
  readonly secret: string;
  readonly from: Source | null;
}

/** Where the provider's gateways have their addresses on the Internet (TEST-NET-3, RFC 5737; RFC 3849). */
const PUBLIC_SPACES: { readonly [F in Family]: Ip } = {
  4: ipv4(0xcb007100),
  6: ipv6(0x2001_0db8_0203_0113n << 64n),
};

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
  const kind = chosenKind(draft, request, premises.gateway.public);
  if ('code' in kind) return [kind];
  draft.channels[customer] = { customer, gateway: gateway.id, kind, mac: nextMac(draft), from };
  if (request.propagates) gateway.propagates = [{ ...premises.block }];
  return DONE;
};

/** Where the link of a direct connection has its VLAN from: the same numbers as the racks of the zones. */
const PROVIDERS_OWN: RackStanding = { zone: '', rack: null };

/** @param far the address at the other end: both are of one family */
function chosenKind(draft: ModelDraft, request: OpenChannel, far: Ip): ChannelKind | Refusal {
  if (request.kind === 'direct') {
    const full = vlanRefusal(draft, PROVIDERS_OWN, null);
    return full ?? { kind: 'direct', vlan: takeVlan(draft, PROVIDERS_OWN) };
  }
  const wanted = request.public ?? freeAddress(draft, familyOf(far));
  if (familyOf(wanted) !== familyOf(far)) {
    const message = `${formatIp(wanted)} and ${formatIp(far)}, at the two ends of the channel, are not of one family`;
    return refuse('provider/other-family', 'public', message);
  }
  const wrong = publicRefusal(draft, wanted, 'public');
  if (wrong !== null) return wrong;
  const number = FIRST_NUMBER + draft.counters.association;
  draft.counters.association += 2;
  const { kind, secret } = request;
  return { kind, public: wanted, secret, towardsNetwork: number, towardsPremises: number + 1 };
}

function freeAddress(draft: ModelDraft, family: Family): Ip {
  const space = PUBLIC_SPACES[family];
  for (let at = 1; at < 255; at += 1) {
    const address = offset(space, at);
    if (publicRefusal(draft, address, 'public') === null) return address;
  }
  return offset(space, 1);
}
