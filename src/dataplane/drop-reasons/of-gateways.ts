import type { DropExplanation } from './explanation.ts';

/** Where a virtual network ends: gateways, peerings, the Internet, and another customer’s HSM. */
export type GatewayReason =
  | 'gateway.no-public-address'
  | 'internet.not-routable'
  | 'peering.not-accepted'
  | 'share.revoked';

export const GATEWAY_REASONS: { readonly [Code in GatewayReason]: DropExplanation } = {
  'gateway.no-public-address': {
    title: 'the interface has no public address',
    meaning:
      'An Internet gateway puts the public address of an interface in place of its private one. An interface that has none cannot be answered from the Internet, so nothing of it is let out. An address of IPv6 is public itself, where it is one of an interface whose subnet leads to the gateway.',
    elsewhere: 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS (AWS)',
    icmp: null,
    shownBy: 'scenarios/public-private-subnets.yaml',
  },
  'internet.not-routable': {
    title: 'the Internet carries no private address',
    meaning:
      'Source or target is private (RFC 1918) or set aside otherwise (RFC 6890). Such addresses mean something in one network only, and routers of the Internet drop packets that bear them.',
    elsewhere: 'martian (Linux), bogon',
    icmp: null,
    shownBy: 'scenarios/public-private-subnets.yaml',
  },
  'peering.not-accepted': {
    title: 'the other owner has not accepted the peering',
    meaning:
      'A peering joins two networks when the owners of both agree. Until the one who was asked has accepted, a route to it leads nowhere: networks are apart unless their owners want something else.',
    elsewhere: 'BAD_STATE_ROUTE (AWS)',
    icmp: null,
    shownBy: 'scenarios/peering-opt-in.yaml',
  },
  'share.revoked': {
    title: 'the customer of the HSM has taken back the leave to use it',
    meaning:
      'An HSM serves one customer. That customer can let another one use it, which then has a service network of its own that leads there, and can take that back: from then on the route in that service network leads nowhere. Only its customer opens it again.',
    elsewhere: 'a resource share that was deleted (AWS RAM)',
    icmp: null,
    shownBy: 'scenarios/shared-hsm.yaml',
  },
};
