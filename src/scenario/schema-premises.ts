import type { z } from 'zod';
import type { ChannelText, OpenChannelText, PremisesText } from './scenario-text.ts';
import { endpoint, moduleEndpoint } from './schema-endpoint.ts';
import {
  address,
  agreeing,
  block,
  byName,
  byPort,
  choice,
  demand,
  HSM_CLIENT,
  map,
  name,
  port,
  publicAddress,
  reference,
  truth,
} from './schema-parts.ts';

/** The part of a scenario file that says what a customer has on its own premises, and how it is joined to its virtual network. */

const ofLan = 'Its address on the premises.';

const host = map({
  address: address(ofLan),
  'hsm-client': truth(HSM_CLIENT).exactOptional(),
  listen: byPort(endpoint, 'Applications by TCP port: `{ 443: echo }`.').exactOptional(),
}).meta({ description: 'A machine on the premises (FIG. 2, 218).' });

const hsm = map({
  address: address(ofLan),
  model: name('The model. Default: luna-sa.').exactOptional(),
  endpoint: moduleEndpoint.exactOptional(),
  port: port('The TCP port its application listens on. Default: 1792.').exactOptional(),
}).meta({ description: 'A security module that the customer owns (FIG. 2, 216).' });

const rped = map({
  address: address(ofLan),
  model: name('The model of the modules that it unlocks. Default: luna-sa.').exactOptional(),
}).meta({ description: 'A remote PIN entry device, tied to one model of modules (FIG. 2, 214).' });

export const premisesSchema: z.ZodType<PremisesText> = agreeing<PremisesText>()(
  map({
    cidr: block('Its addresses. The first one is the gateway’s.'),
    gateway: name('The gateway of the premises (FIG. 2, 210): the router, and this end of the channel.'),
    public: publicAddress(
      'The address of the gateway on the Internet. 198.51.100.0/24 and 2001:db8::/32 are good for examples.',
    ),
    lan: name('What the switch is called. Default: lan-206.').exactOptional(),
    hosts: byName(host, 'Machines by name.').exactOptional(),
    hsms: byName(hsm, 'The customer’s own HSMs by name.').exactOptional(),
    rpeds: byName(rped, 'PIN entry devices by name.').exactOptional(),
  }).meta({ description: 'The network that the customer hosts itself (FIG. 1, 108; FIG. 2, 206).' }),
);

const channelKeys = {
  kind: choice(
    ['ipsec', 'wireguard', 'direct'],
    '`ipsec`: sealed packets over the Internet, as ESP. `wireguard`: likewise, as the data messages of WireGuard. `direct`: a link of its own with a VLAN.',
  ),
  public: publicAddress(
    'Not for direct: the address of the virtual network’s gateway on the Internet, of the family of the other end. Default: one of 203.0.113.0/24 or 2001:db8:203:113::/64.',
  ).exactOptional(),
  propagate: truth(
    'Whether the gateway makes the premises known to the route tables of the virtual network. Off, whoever is to answer needs a route. Default: true.',
  ).exactOptional(),
};

function crossesTheInternet({ kind, public: published }: ChannelText) {
  if (kind !== 'direct' || published === undefined) return null;
  return {
    code: 'scenario/wrong-value' as const,
    message: 'a direct connection does not cross the Internet, so its gateway needs no public address',
    help: 'leave it out, or make the channel ipsec',
    key: 'public',
  };
}

export const channelSchema: z.ZodType<ChannelText> = agreeing<ChannelText>()(
  demand(map(channelKeys), crossesTheInternet).meta({
    description:
      'What joins the premises and the virtual network (FIG. 1, 110). It ends at the gateway of kind vpn.',
  }),
);

export const openChannelSchema: z.ZodType<OpenChannelText> = agreeing<OpenChannelText>()(
  demand(map({ customer: reference('The customer who asks.'), ...channelKeys }), crossesTheInternet).meta({
    description: 'The provider joins the premises of a customer and its virtual network from now on.',
  }),
);
