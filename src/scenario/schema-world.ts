import { z } from 'zod';
import type { CustomerText, ProviderText } from './scenario-text.ts';
import { aclName, aclSchema } from './schema-acl.ts';
import { loadBalancerSchema } from './schema-balancer.ts';
import { endpoint, moduleEndpoint } from './schema-endpoint.ts';
import { firewall } from './schema-firewall.ts';
import { gateways, route } from './schema-networks.ts';
import {
  address,
  agreeing,
  block,
  byName,
  byPort,
  choice,
  demand,
  duration,
  HSM_CLIENT,
  listOf,
  map,
  name,
  oneOf,
  pairOfZones,
  port,
  publicBlock,
  publicIpv4,
  reference,
  someOf,
  truth,
  whole,
} from './schema-parts.ts';
import { channelSchema, premisesSchema } from './schema-premises.ts';

/** The part of a scenario file that says who exists. */

const feeds = (whose: string) =>
  someOf(
    name('A feed.'),
    'a list of names',
    `${whose} It works as long as one of them does; \`fail: { power: … }\` cuts one.`,
  );

const zone = map({
  kind: choice(
    ['data-center', 'room', 'group'],
    'A data center, a room with power of its own, or a group of data centers. Default: data-center.',
  ).exactOptional(),
  power: feeds('The feeds of power that what stands there lives on.').exactOptional(),
  operator: name('Who runs it, where that is not the provider.').exactOptional(),
}).meta({ description: 'A data zone: what stands in it can fail together (FIG. 3, 306 and 316).' });

const distances = map({
  inside: duration('From one server to another of the same zone. Default: 100 us.').exactOptional(),
  between: duration('From a server to one of another zone. Default: 1 ms.').exactOptional(),
  pairs: listOf(
    map({
      zones: pairOfZones('The two zones.'),
      distance: duration('How long a packet takes from one to the other.'),
    }),
    'a list of pairs',
    'Zones that are nearer to each other than that, or farther away.',
  ).exactOptional(),
}).meta({
  description:
    'How long a packet takes on the substrate, one way, between two devices; at least the 10 us of the fabric.',
});

const hsm = map({
  model: name('The model, by which a request can choose. Default: luna-sa.').exactOptional(),
  fips: whole(
    1,
    4,
    'A level of FIPS 140-2 as a label, by which a request can choose. Default: none.',
  ).exactOptional(),
  zone: reference('The zone whose rack it stands in.'),
  rack: name(
    'A rack of that zone by a name of its own, which has a switch, a DX router and VLANs for itself: `west` has `tor-west` and `dx-router-west`. Default: the rack of the zone, called `tor` or `tor-2`.',
  ).exactOptional(),
  power: feeds('Feeds of its own, instead of those of its zone.').exactOptional(),
  host: name(
    'The computer that it is plugged into, as a card behind the address of that one. Default: none, it is an appliance of its own.',
  ).exactOptional(),
  address: address('Its own address, outside the customers’ networks. FIG. 3: 10.10.0.3.'),
  endpoint: moduleEndpoint.exactOptional(),
  port: port('The TCP port its application listens on. Default: 1792.').exactOptional(),
}).meta({ description: 'A hardware security module in the provider’s rack (FIG. 3, 326).' });

const server = map({
  zone: reference('The zone it stands in.'),
  power: feeds('Feeds of its own, instead of those of its zone.').exactOptional(),
}).meta({
  description: 'A machine of the provider that hosts virtual ones.',
});

const link = map({
  between: z
    .tuple([reference('One end.'), reference('The other end.')], { error: 'a list of two devices' })
    .meta({ description: 'The devices at its ends: `[tor, hsm-326]`.' }),
  mtu: whole(
    1,
    65535,
    'The longest packet that it carries, in bytes, link header and tag aside: at least 68 (RFC 791), on the fabric 118, or 1280 under IPv6. Default: 1500, on the fabric 1550, or 1570 under IPv6: VXLAN takes 50 or 70.',
  ).exactOptional(),
  latency: duration(
    'How long a frame takes from one end to the other: `5 ms`. Default: 1 µs at a virtual port, 10 µs on the fabric, 2 µs in the rack.',
  ).exactOptional(),
}).meta({ description: 'A link by its two ends, and what is different about it.' });

const service = demand(
  map({
    crp: block(
      'The provider’s own firewalls on the Internet (203.0.113.0/24, say): the service team manages from there.',
    ),
    public: publicBlock('Addresses on the Internet for bastions, one each.'),
    storage: reference('The data storage service (FIG. 2, 230), a host of `internet:`.').exactOptional(),
    queue: reference(
      'A queue service in its place, a host of `internet:`. Hosts within `crp` have keys for it and take messages from it on udp/5671, encrypted: `TAKE`, then `DONE` and the number.',
    ).exactOptional(),
    management: reference('The management and monitoring service (FIG. 2, 232), a host of `internet:`.'),
    watch: map({
      every: duration(
        'How often each HSM, NAT instance and bastion gives a sign of life, from 1 s on: `10 s`.',
      ),
      missed: whole(
        1,
        100,
        'After how many missed ones in a row a device counts as silent. Default: 3.',
      ).exactOptional(),
      repair: truth(
        'Whether management replaces a NAT instance that is silent. Default: true.',
      ).exactOptional(),
    })
      .meta({
        description:
          'Management notices by itself what fails, from signs of life that do not come. Default: nobody does.',
      })
      .exactOptional(),
  }),
  // messages are kept, or handed on
  (text) => oneOf(text, ['storage', 'queue'], 'scenario/wrong-value', 'messages go to one place'),
).meta({
  description:
    'Looks after HSMs: each service network gets a public subnet with a bastion (226) and a gateway (228). Default: none.',
});

export const providerSchema: z.ZodType<ProviderText> = agreeing<ProviderText>()(
  map({
    zones: z
      .union(
        [someOf(name('A zone.'), 'a list of names', 'Zones by name alone.'), byName(zone, 'Zones by name.')],
        {
          error: 'a list of names, or a map from names',
        },
      )
      .meta({ description: 'Data zones: groups that fail independently (FIG. 3, 306 and 316).' }),
    underlay: choice(
      ['ipv4', 'ipv6'],
      'Of which family the addresses are between which it wraps packets of virtual networks in VXLAN, 50 bytes over IPv4 and 70 over IPv6. Customers see neither. Default: ipv4.',
    ).exactOptional(),
    distances: distances.exactOptional(),
    servers: byName(
      server,
      'Servers by name. Default: one for each zone, named server-a, server-b, … in order.',
    ).exactOptional(),
    service: service.exactOptional(),
    hsms: byName(hsm, 'HSMs by name.').exactOptional(),
    links: listOf(
      link,
      'a list of links',
      'Links that are not like all others of their sort.',
    ).exactOptional(),
  }).meta({ description: 'What the provider owns.' }),
);

const subnet = map({
  cidr: block('Its block, inside the virtual network’s.'),
  zone: reference('The zone that holds its instances.'),
  acl: aclName().exactOptional(),
  routes: listOf(
    route,
    'a list of routes',
    'Its route table besides the local route. Traffic inside the subnet asks no table.',
  ).exactOptional(),
}).meta({ description: 'A subnet (FIG. 3, 308). Its first four addresses and its last are reserved.' });

const instance = map({
  subnet: reference('The subnet it is in.'),
  address: address('Its address, inside the subnet.'),
  public: publicIpv4(
    'Its address on the Internet, which the gateway puts in place of its own. One of IPv6 is there as it is.',
  ).exactOptional(),
  'source-check': truth(
    'Whether it may send and get only its own packets. Off, it forwards what others send through it. Default: true.',
  ).exactOptional(),
  kind: choice(
    ['vm', 'storage'],
    'A virtual machine or a virtual storage device. Default: vm.',
  ).exactOptional(),
  server: reference(
    'The server that hosts it. Default: the provider chooses one in the zone.',
  ).exactOptional(),
  'hsm-client': truth(HSM_CLIENT).exactOptional(),
  firewalls: listOf(
    name('A firewall of the virtual network.'),
    'a list of names',
    'The firewalls of its interface: what any of them allows passes. Default: none, and everything passes.',
  ).exactOptional(),
  listen: byPort(endpoint, 'Applications by TCP port: `{ 443: echo }`.').exactOptional(),
}).meta({ description: 'A device of the customer (FIG. 3, 310).' });

const network = map({
  cidr: block('All its addresses. Other customers may use the same.'),
  subnets: byName(subnet, 'Subnets by name.').exactOptional(),
  gateways: gateways.exactOptional(),
  firewalls: byName(firewall, 'Firewalls by name.').exactOptional(),
  acls: byName(aclSchema, 'ACLs of subnets by name.').exactOptional(),
  instances: byName(instance, 'Virtual machines and storage devices by name.').exactOptional(),
  'load-balancers': byName(loadBalancerSchema, 'Load balancers by name.').exactOptional(),
}).meta({ description: 'The customer’s virtual network (FIG. 3, 302).' });

const role = map({
  allow: listOf(
    choice(['create-vni', 'attach-vni'], 'Something that the provider may do.'),
    'a list of permissions',
    'What the role allows. An HSM request needs create-vni and attach-vni.',
  ),
}).meta({ description: 'What the customer lets the provider do in its account (FIG. 7, 704).' });

export const customerSchema: z.ZodType<CustomerText> = agreeing<CustomerText>()(
  map({
    owner: choice(
      ['provider'],
      'Who owns the customer: `provider` for a part of the provider itself, which may do nothing that others may not. Default: nobody here.',
    ).exactOptional(),
    vn: network,
    premises: premisesSchema.exactOptional(),
    channel: channelSchema.exactOptional(),
    roles: byName(
      role,
      'Roles by name. A request for an HSM needs one that allows create-vni and attach-vni.',
    ).exactOptional(),
  }).meta({ description: 'A customer of the provider.' }),
);
