import type { DropExplanation } from './explanation.ts';

/** At the ports of virtual networks. */
export type VirtualNetworkReason =
  | 'guard.spoofed-mac'
  | 'guard.spoofed-address'
  | 'guard.tagged'
  | 'firewall.deny'
  | 'firewall.invalid'
  | 'acl.deny'
  | 'mapping.none'
  | 'mapping.other-subnet'
  | 'mapping.not-unicast';

export const VIRTUAL_NETWORK_REASONS: { readonly [Code in VirtualNetworkReason]: DropExplanation } = {
  'guard.spoofed-mac': {
    title: 'the link address is not the sender’s own',
    meaning:
      'A guest sent a frame whose source link address belongs to somebody else. The virtual port lets a guest send only as itself.',
    elsewhere: 'ENI_SOURCE_DEST_CHECK_RESTRICTION (AWS)',
    icmp: null,
  },
  'guard.spoofed-address': {
    title: 'the source address is not the sender’s own',
    meaning:
      'A guest sent a packet, or an ARP message, with a source address that its interface does not have. The source check of the virtual port refuses it; only an instance that forwards for others may have that check off.',
    elsewhere: 'ENI_SOURCE_DEST_CHECK_RESTRICTION (AWS)',
    icmp: null,
    shownBy: 'scenarios/refusals.yaml',
  },
  'guard.tagged': {
    title: 'a guest may not send VLAN tags',
    meaning:
      'The frame carries an 802.1Q tag, which a virtual port does not accept: VLANs belong to the provider’s rack.',
    elsewhere: null,
    icmp: null,
  },
  'firewall.deny': {
    title: 'no rule of the firewall allows it',
    meaning:
      'Firewalls of virtual network interfaces hold rules that allow; what no rule allows, and what belongs to no connection that one allowed, is dropped without an answer. The explanation lists each rule and the first field on which it failed.',
    elsewhere: 'DENIED_IN, DENIED_OUT (Batfish), ENI_SG_RULES_MISMATCH (AWS)',
    icmp: null,
    shownBy: 'scenarios/refusals.yaml',
  },
  'firewall.invalid': {
    title: 'it begins no connection and belongs to none',
    meaning:
      'A firewall that remembers lets in what begins a connection that a rule allows, and what belongs to one. This is neither, though a rule names its port: an answer that nobody asked for, a TCP segment that cannot be a first one or does not fit the connection, an ICMP error about something else, or a packet with a wrong checksum.',
    elsewhere: 'ctstate INVALID (Linux)',
    icmp: null,
  },
  'acl.deny': {
    title: 'the subnet’s ACL denies it',
    meaning:
      'The ACL of a subnet judges each packet that crosses the subnet’s boundary by itself: the rule with the lowest number that matches decides, and what no rule matches is denied. Answers need a rule of their own. Inside the subnet no ACL is asked.',
    elsewhere: 'DENIED_IN, DENIED_OUT (Batfish), SUBNET_ACL_RESTRICTION (AWS)',
    icmp: null,
    shownBy: 'scenarios/acls.yaml',
  },
  'mapping.none': {
    title: 'the virtual network has no such address',
    meaning:
      'The mapping service knows every interface of a virtual network. It has none with this address in the sender’s network; that another network has the same address makes no difference.',
    elsewhere: 'NO_POSSIBLE_DESTINATION (AWS)',
    icmp: null,
    shownBy: 'scenarios/refusals.yaml',
  },
  'mapping.other-subnet': {
    title: 'a link address reaches only its own subnet',
    meaning:
      'The frame names an interface of another subnet by its link address. Between subnets only the router forwards.',
    elsewhere: null,
    icmp: null,
  },
  'mapping.not-unicast': {
    title: 'virtual networks carry no broadcast or multicast',
    meaning:
      'A virtual network floods nothing: address resolution is answered by the mapping service, and broadcasts end at the port.',
    elsewhere: null,
    icmp: null,
    shownBy: 'scenarios/refusals.yaml',
  },
};
