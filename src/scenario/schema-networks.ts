import { z } from 'zod';
import type {
  AcceptPeeringText,
  AddRouteText,
  InternetText,
  Named,
  NamedGatewayText,
  OpenChannelText,
  PeerText,
  RemoveRouteText,
  RouteText,
} from './scenario-text.ts';
import { endpoint } from './schema-endpoint.ts';
import {
  agreeing,
  block,
  byName,
  byPort,
  demand,
  map,
  name,
  oneOf,
  publicAddress,
  reference,
} from './schema-parts.ts';
import { openChannelSchema } from './schema-premises.ts';

/** The part of a scenario file that says where a virtual network leads: routes, gateways, peerings and the Internet. */

const target = {
  to: block('Where packets are going that this route is for. 0.0.0.0/0 is everywhere.'),
  via: reference('A gateway or an instance of the network, or a peering.').exactOptional(),
  blackhole: z.literal(true, { error: 'true' }).meta({ description: 'Drop them instead.' }).exactOptional(),
};

const leadsSomewhere = (route: object) =>
  oneOf(route, ['via', 'blackhole'], 'scenario/wrong-value', 'a route leads to one thing');

export const route: z.ZodType<RouteText> = agreeing<RouteText>()(demand(map(target), leadsSomewhere)).meta({
  description:
    'A route; the longest prefix decides. The local route of the whole virtual network is always there.',
});

export const gateways: z.ZodType<Named<'internet' | 'egress-only' | 'vpn'>> = byName(
  z.enum(['internet', 'egress-only', 'vpn'], { error: '"internet", "egress-only" or "vpn"' }).meta({
    description:
      'Where it leads: `internet`; `egress-only`, in IPv6, to the Internet and back only for those who asked; or `vpn` to the premises of the customer.',
  }),
  'Gateways by name: `{ igw-1: internet }`. A subnet with a route to it is a public one. `{ vgw-212: vpn }` is the end of the channel to the premises.',
);

const host = map({
  address: publicAddress(
    'Its address, a public one. 198.51.100.0/24, 203.0.113.0/24 and 2001:db8::/32 are good for examples.',
  ),
  listen: byPort(endpoint, 'Applications by TCP port: `{ 443: echo }`.').exactOptional(),
}).meta({ description: 'Somebody on the Internet.' });

export const internetSchema: z.ZodType<InternetText> = agreeing<InternetText>()(
  map({ hosts: byName(host, 'Machines on the Internet by name.').exactOptional() }).meta({
    description: 'What lies outside of all virtual networks.',
  }),
);

const customer = reference('The customer who asks.');
const subnet = reference('The subnet whose table it is.');
const gateway = agreeing<NamedGatewayText>()(map({ customer, gateway: reference('The gateway.') }));

/** What customers ask of the provider to change where their networks lead. */
export const networkVerbs: {
  readonly 'add-route': z.ZodExactOptional<z.ZodType<AddRouteText>>;
  readonly 'remove-route': z.ZodExactOptional<z.ZodType<RemoveRouteText>>;
  readonly 'attach-gateway': z.ZodExactOptional<z.ZodType<NamedGatewayText>>;
  readonly 'detach-gateway': z.ZodExactOptional<z.ZodType<NamedGatewayText>>;
  readonly peer: z.ZodExactOptional<z.ZodType<PeerText>>;
  readonly 'accept-peering': z.ZodExactOptional<z.ZodType<AcceptPeeringText>>;
  readonly 'open-channel': z.ZodExactOptional<z.ZodType<OpenChannelText>>;
} = {
  'add-route': agreeing<AddRouteText>()(demand(map({ customer, subnet, ...target }), leadsSomewhere))
    .meta({ description: 'One more route in a subnet’s table.' })
    .exactOptional(),
  'remove-route': agreeing<RemoveRouteText>()(map({ customer, subnet, to: block('The block of the route.') }))
    .meta({ description: 'A route goes.' })
    .exactOptional(),
  'attach-gateway': gateway.meta({ description: 'A gateway that was detached works again.' }).exactOptional(),
  'detach-gateway': gateway
    .meta({ description: 'Nothing passes the gateway any more; routes to it become black holes.' })
    .exactOptional(),
  peer: agreeing<PeerText>()(
    map({
      customer,
      with: reference('The customer who is asked.'),
      name: name(
        'What the peering is called. Default: the two customers with a hyphen between.',
      ).exactOptional(),
    }),
  )
    .meta({
      description:
        'A customer asks another for a way between their networks; nothing passes before the other accepts.',
    })
    .exactOptional(),
  'accept-peering': agreeing<AcceptPeeringText>()(
    map({
      customer: reference('The customer who was asked.'),
      peering: reference('The peering.'),
    }),
  )
    .meta({ description: 'The other customer agrees.' })
    .exactOptional(),
  'open-channel': openChannelSchema.exactOptional(),
};
