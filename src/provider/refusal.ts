/** Why the provider would not do it. `field` names the part of the request that is to blame. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
  readonly field: string | null;
}

/** Stable for ever; each is explained in {@link REFUSALS}. */
export type RefusalCode =
  | 'provider/already-there'
  | 'provider/address-taken'
  | 'provider/locked'
  | 'provider/mtu-too-small'
  | 'provider/hairpin'
  | 'provider/bad-rule-number'
  | 'provider/name-taken'
  | 'provider/no-address'
  | 'provider/no-capacity'
  | 'provider/no-change'
  | 'provider/no-gateway'
  | 'provider/no-server'
  | 'provider/no-vlan'
  | 'provider/not-authorized'
  | 'provider/not-failed'
  | 'provider/not-public'
  | 'provider/other-family'
  | 'provider/outside-network'
  | 'provider/outside-subnet'
  | 'provider/overlap'
  | 'provider/reserved-address'
  | 'provider/reverse-mapping'
  | 'provider/second-gateway'
  | 'provider/too-small'
  | 'provider/unknown'
  | 'provider/wrong-peering'
  | 'provider/wrong-route'
  | 'provider/wrong-share'
  | 'provider/wrong-zone';

export interface RefusalExplanation {
  readonly severity: 'error';
  readonly title: string;
  readonly meaning: string;
}

export const REFUSALS: { readonly [Code in RefusalCode]: RefusalExplanation } = {
  'provider/already-there': {
    severity: 'error',
    title: 'it is there already',
    meaning: 'An instance can only be moved to a server that does not host it.',
  },
  'provider/address-taken': {
    severity: 'error',
    title: 'the address belongs to another interface',
    meaning:
      'Inside one virtual network an address belongs to one interface. Choose a free one; `vnsim show FILE vn` lists those in use.',
  },
  'provider/locked': {
    severity: 'error',
    title: 'it belongs to somebody else',
    meaning:
      'The interface that a request for an HSM places in a customer’s network stays the provider’s, and so does its firewall: the customer sees it and cannot change it. Nor does the provider change the firewalls of a customer. Ask with another `firewall:` in the request, or have the provider change it: `set-firewall: { by: provider, … }`.',
  },
  'provider/mtu-too-small': {
    severity: 'error',
    title: 'a link that cannot carry the least packet',
    meaning:
      'Every link must carry a packet of 68 bytes whole (RFC 791): a header of 60 with all its options, and the least fragment. Links of the fabric carry packets in VXLAN, which takes 50 bytes more, so theirs is 118.',
  },
  'provider/hairpin': {
    severity: 'error',
    title: 'hairpinning is not offered',
    meaning:
      'RFC 4787 asks a translator to lead a call from inside to the outer address of another inside machine back in. Here that address belongs to the service network, which the customer’s network must never see: through the NAT instance a customer reaches its HSM and nothing else (rows I-13, W-06). Machines of one network call each other directly.',
  },
  'provider/bad-rule-number': {
    severity: 'error',
    title: 'a rule number that is there twice or cannot be',
    meaning:
      'The rules of an ACL are tried in the order of their numbers, 1 to 32766. Each number is there once in a direction, because two rules with one number would leave open which comes first.',
  },
  'provider/name-taken': {
    severity: 'error',
    title: 'the name is in use',
    meaning: 'Names are unique among one customer’s things, and among the provider’s own.',
  },
  'provider/no-address': {
    severity: 'error',
    title: 'no block is left for a service network',
    meaning:
      'The provider looked for a private block that overlaps neither the customer’s network nor the HSM’s address, and found none. Name one in the request.',
  },
  'provider/no-capacity': {
    severity: 'error',
    title: 'no HSM is free',
    meaning:
      'One HSM serves one customer, unless that one shares it. Those that fit the request are all assigned; add one under `provider: hsms:`.',
  },
  'provider/other-family': {
    severity: 'error',
    title: 'IPv4 meets IPv6',
    meaning:
      'A customer’s network and the HSM behind it are of one family: nobody translates between IPv4 and IPv6. Of which family the underlay is, the provider says before anything has an address on it.',
  },
  'provider/no-change': {
    severity: 'error',
    title: 'it is so already',
    meaning:
      'The request asks for what is the case: a gateway or an interface is attached or detached already, a peering accepted, a target of messages set or gone.',
  },
  'provider/no-gateway': {
    severity: 'error',
    title: 'the virtual network has no gateway for a channel',
    meaning:
      'A channel to the premises ends at a gateway of the virtual network. Give it one: `gateways: { vgw-212: vpn }`.',
  },
  'provider/no-server': {
    severity: 'error',
    title: 'the zone has no server',
    meaning:
      'Virtual machines, NAT instances among them, run on a server of their zone. Declare one under `provider: servers:`.',
  },
  'provider/no-vlan': {
    severity: 'error',
    title: 'the rack has no VLAN left',
    meaning:
      'Each service network takes a VLAN on the direct connection to the rack of its HSM, and IEEE 802.1Q knows 4,094 of them. The racks of zones share one connection; a rack with a name of its own, `rack:` of an HSM, has one of its own. A request that names no HSM takes one whose rack has VLANs left.',
  },
  'provider/not-authorized': {
    severity: 'error',
    title: 'the customer has not allowed it',
    meaning:
      'To place an interface in a customer’s network the provider needs a role there that allows `create-vni` and `attach-vni` (FIG. 7, step 704): `roles: { hsm-service: { allow: [create-vni, attach-vni] } }`. Nor does anybody but its customer change where an HSM reports.',
  },
  'provider/not-failed': {
    severity: 'error',
    title: 'nothing is broken there',
    meaning: 'Only what has failed or been impaired can be healed, under the name under which it was broken.',
  },
  'provider/not-public': {
    severity: 'error',
    title: 'no address on the Internet',
    meaning:
      'Private and other special addresses (RFC 6890) are routed by nobody on the Internet, and 192.0.2.0/24 is the Internet’s own here. The other documentation blocks, 198.51.100.0/24 and 203.0.113.0/24, are good for examples.',
  },
  'provider/outside-network': {
    severity: 'error',
    title: 'the subnet lies outside its network',
    meaning: 'The block of a subnet is a part of the block of its virtual network.',
  },
  'provider/outside-subnet': {
    severity: 'error',
    title: 'the address lies outside its subnet',
    meaning: 'An interface has an address of the subnet it is in.',
  },
  'provider/overlap': {
    severity: 'error',
    title: 'two blocks overlap that must not',
    meaning:
      'Subnets of one network are disjoint, and a service network overlaps neither the network of its customer nor the address of its HSM. Networks of different customers may overlap as they like.',
  },
  'provider/reserved-address': {
    severity: 'error',
    title: 'the address is the provider’s',
    meaning:
      'The first four addresses of a subnet and its last one are reserved: the network, its router, two for services, and the broadcast address.',
  },
  'provider/reverse-mapping': {
    severity: 'error',
    title: 'the HSM cannot report there',
    meaning:
      'A reverse mapping leads what the HSM sends to a port of the inward address to one collector in the customer’s network: each protocol and port once, to an address of that network which is not the HSM’s own interface.',
  },
  'provider/second-gateway': {
    severity: 'error',
    title: 'one gateway of each kind',
    meaning:
      'A virtual network has at most one gateway of a kind, so that it is clear by which of them a packet from outside comes in.',
  },
  'provider/too-small': {
    severity: 'error',
    title: 'the block is too small',
    meaning:
      'A service network needs sixteen addresses at least (/28, or /124 in IPv6), since five of each subnet are reserved.',
  },
  'provider/unknown': {
    severity: 'error',
    title: 'there is no such thing',
    meaning: 'The request names a zone, subnet, HSM, model or customer that does not exist.',
  },
  'provider/wrong-peering': {
    severity: 'error',
    title: 'a peering that cannot be',
    meaning:
      'Two different customers have at most one peering. One of them asks for it, and it is the other who accepts it.',
  },
  'provider/wrong-route': {
    severity: 'error',
    title: 'a route that a subnet cannot have',
    meaning:
      'A table has one route for each block. Inside its own network the local route wins: only the whole block of a subnet may be led elsewhere, through an instance. A peering leads to the other network and no further, and a detached gateway nowhere.',
  },
  'provider/wrong-share': {
    severity: 'error',
    title: 'an HSM that this customer cannot share',
    meaning:
      'An HSM serves one customer, and that customer alone may let another use it too, or take that back. The other one then asks for it by name with a `request-hsm` of its own, and comes by a service network and a NAT instance of its own.',
  },
  'provider/wrong-zone': {
    severity: 'error',
    title: 'it stands in another zone',
    meaning:
      'A subnet lies in one data zone, and what is in the subnet runs on servers of that zone, wherever it is moved. A rack stands in one zone too, and all of its modules with it.',
  },
};

export function refuse(code: RefusalCode, field: string | null, message: string): Refusal {
  return { code, field, message };
}

export function nameTaken(name: string): Refusal {
  return refuse('provider/name-taken', null, `the name "${name}" is taken`);
}

export function unknown(what: string, name: string): Refusal {
  return refuse('provider/unknown', what, `there is no ${what} "${name}"`);
}
