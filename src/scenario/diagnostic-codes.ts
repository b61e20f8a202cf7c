import { REFUSALS, type RefusalCode } from '../provider/index.ts';
import { TEXT_CODES, type TextCode } from './text-codes.ts';

/** One entry a code, stable for ever. `title` heads a list, `meaning` is what `vnsim explain CODE` prints. */
export interface CodeExplanation {
  readonly severity: 'error' | 'warning';
  readonly title: string;
  readonly meaning: string;
}

/** Each stands in {@link DIAGNOSTIC_CODES} and in a golden file that shows it. */
export type DiagnosticCode = TextCode | RuleCode | RefusalCode;

/** What can be wrong between the parts of a file. */
type RuleCode =
  | 'scenario/one-verb'
  | 'scenario/unknown-name'
  | 'scenario/wrong-kind'
  | 'scenario/ambiguous-name'
  | 'scenario/not-yet'
  | 'scenario/no-longer'
  | 'scenario/duplicate-name'
  | 'scenario/unknown-link'
  | 'scenario/duplicate-link'
  | 'scenario/wrong-zone'
  | 'scenario/subnet-outside'
  | 'scenario/subnet-overlap'
  | 'scenario/subnet-size'
  | 'scenario/service-overlap'
  | 'scenario/not-assignable'
  | 'scenario/address-outside'
  | 'scenario/address-reserved'
  | 'scenario/address-taken'
  | 'scenario/hsm-overlap'
  | 'scenario/no-module'
  | 'scenario/narrow-link'
  | 'scenario/idle-setting'
  | 'scenario/other-family'
  | 'scenario/no-gateway'
  | 'scenario/route-to-end'
  | 'scenario/premises-overlap'
  | 'scenario/premises-around'
  | 'scenario/channel-end'
  | 'scenario/no-channel'
  | 'scenario/rped-alone'
  | 'scenario/unknown-line'
  | 'scenario/time-backwards'
  | 'scenario/time-limit'
  | 'scenario/misplaced-expectation'
  | 'scenario/expects-nothing'
  | 'scenario/acl-without-rules'
  | 'scenario/contradictory-claims';

export const DIAGNOSTIC_CODES: { readonly [Code in DiagnosticCode]: CodeExplanation } = {
  ...REFUSALS,
  ...TEXT_CODES,
  'scenario/one-verb': {
    severity: 'error',
    title: 'a step does exactly one thing',
    meaning:
      'Each step has one of the verbs that SCENARIOS.md lists. A step with none does nothing; one with two leaves open which comes first: make it two steps.',
  },
  'scenario/unknown-name': {
    severity: 'error',
    title: 'nothing has this name',
    meaning:
      'The name refers to a customer, zone, subnet, server or device that the scenario does not declare and that no request creates.',
  },
  'scenario/wrong-kind': {
    severity: 'error',
    title: 'the name of another sort of thing',
    meaning:
      'The name exists, but what it names cannot be used here: only instances and HSMs send, a customer is not a device, and so on.',
  },
  'scenario/ambiguous-name': {
    severity: 'error',
    title: 'the name could mean several things',
    meaning:
      'Two customers may use one name; then each use of it says whose it is: `acme/app-310`. The complaint lists the candidates.',
  },
  'scenario/not-yet': {
    severity: 'error',
    title: 'the name does not exist yet at this step',
    meaning:
      'Interfaces and NAT instances come into being with a request-hsm step, and can be named from that step on.',
  },
  'scenario/no-longer': {
    severity: 'error',
    title: 'the name does not exist any more at this step',
    meaning:
      'An instance is gone once it is terminated, and a NAT instance once another has taken its place. A claim speaks of the network after the last step.',
  },
  'scenario/duplicate-name': {
    severity: 'error',
    title: 'one name for two things',
    meaning:
      'Devices of one customer need different names, and no device of a customer may be called like one of the provider’s: `tor`, `dx-router`, `overlay-240`, `fabric`, its servers and HSMs. Two customers may use the same names. `anywhere` is a word of the language and names nothing.',
  },
  'scenario/unknown-link': {
    severity: 'error',
    title: 'no link joins these devices',
    meaning:
      'Both devices exist, but no cable runs between them. Links join a server or the overlay device to the fabric, the overlay device to the DX router, the DX router to the ToR switch, and the ToR switch to each HSM; an HSM with a direct attachment is joined to its NAT instance.',
  },
  'scenario/duplicate-link': {
    severity: 'error',
    title: 'one link spoken of twice',
    meaning:
      'What is different about a link stands in one entry under `provider: links:`, whichever of its ends comes first.',
  },
  'scenario/wrong-zone': {
    severity: 'error',
    title: 'a server in another zone',
    meaning: 'A subnet lies in one data zone, and its instances run on servers of that zone.',
  },
  'scenario/subnet-outside': {
    severity: 'error',
    title: 'a subnet outside its virtual network',
    meaning: 'A subnet is a part of the block of its virtual network.',
  },
  'scenario/subnet-overlap': {
    severity: 'error',
    title: 'two subnets share addresses',
    meaning:
      'The subnets of one virtual network are disjoint, so that an address says which subnet it is in. Subnets of different customers may be equal.',
  },
  'scenario/subnet-size': {
    severity: 'error',
    title: 'a block that is too small or too large',
    meaning:
      'Networks and subnets have prefixes from /8 to /28, in IPv6 from /16 to /124. The first four addresses of a subnet and its last are reserved, so smaller blocks would hold next to nothing.',
  },
  'scenario/service-overlap': {
    severity: 'error',
    title: 'the service network overlaps the customer’s network',
    meaning:
      'The block of the service network must not overlap the virtual network of the customer that it serves: a reply could not tell the two apart.',
  },
  'scenario/narrow-link': {
    severity: 'warning',
    title: 'a link carries less than IPv6 needs',
    meaning:
      'Whoever sends IPv6 takes it that 1280 bytes fit everywhere (RFC 8200 section 5), and never sends pieces that are shorter because somebody says so (RFC 8201 section 4). Where less fits beside the wrapper, what is longer vanishes for good.',
  },
  'scenario/idle-setting': {
    severity: 'warning',
    title: 'what is said of a link never applies',
    meaning:
      'An entry of `links:` that says nothing, or speaks of two devices that are never joined in this scenario; a distance between zones that no pair of zones has; an `impair` that is taken back before a packet can have met it. Nothing is wrong with the network, but it is hardly what was meant.',
  },
  'scenario/other-family': {
    severity: 'error',
    title: 'IPv4 meets IPv6',
    meaning:
      'A network has one family, which its block names. Everything that it talks to, and every rule that it has, is of that family: nobody translates between the two.',
  },
  'scenario/not-assignable': {
    severity: 'error',
    title: 'addresses that no device may have',
    meaning:
      'Loopback (127.0.0.0/8), link-local (169.254.0.0/16), multicast (224.0.0.0/4) and reserved addresses (0.0.0.0/8, 240.0.0.0/4), in IPv6 ::/8, fe80::/10 and ff00::/8, have meanings of their own (RFC 6890) and are given to nobody.',
  },
  'scenario/address-outside': {
    severity: 'error',
    title: 'an address outside its subnet',
    meaning: 'A device’s address lies in the block of the subnet it is put into.',
  },
  'scenario/address-reserved': {
    severity: 'error',
    title: 'a reserved address',
    meaning:
      'The first four addresses of a subnet and its last belong to the network itself: base is the network, base+1 its router, base+2 and base+3 are kept for services, the last is the broadcast address. In the HSM rack, the first, second and last address of the /24 are taken likewise.',
  },
  'scenario/address-taken': {
    severity: 'error',
    title: 'two devices on one address',
    meaning:
      'Within one virtual network an address belongs to one device, declared or requested. Different customers may use the same addresses.',
  },
  'scenario/hsm-overlap': {
    severity: 'warning',
    title: 'the HSM’s own address is also one of the customer’s or of the service network',
    meaning:
      'The HSM stands outside both networks (FIG. 3: 10.10.0.3). When its address lies inside the block of the customer or of the service network, packets still find it, because the NAT instance chooses its exit by interface and not by address; but people who read the trace will be misled.',
  },
  'scenario/no-module': {
    severity: 'warning',
    title: 'lines for a security module, and what answers there is none',
    meaning:
      'Only an HSM with `endpoint: module` has a console, partitions and keys to talk about. What `pkcs11` or `console` say to any other ends without an answer.',
  },
  'scenario/no-gateway': {
    severity: 'warning',
    title: 'a public address without a gateway',
    meaning:
      'The public address of an instance is put into its packets by the gateway to the Internet. In a network without one no packet ever bears it, and nobody can reach it.',
  },
  'scenario/route-to-end': {
    severity: 'warning',
    title: 'a route through a machine that does not forward',
    meaning:
      'A route may lead through an instance that inspects or translates. With its source check on (the default) an instance takes only what is addressed to it, so everything that the route leads there is dropped.',
  },
  'scenario/premises-overlap': {
    severity: 'error',
    title: 'premises inside the virtual network',
    meaning:
      'In a virtual network the local route always wins. An address of its block is looked for among its own interfaces and never sent to the premises, so the premises, and every machine on them, have addresses outside of that block.',
  },
  'scenario/premises-around': {
    severity: 'warning',
    title: 'the block of the premises holds other networks too',
    meaning:
      'The virtual network, the service network or the HSM has addresses of a block that the premises use as well. Packets still go where they should: the longest prefix decides, and the NAT instance chooses its exit by interface and not by address (ruling Q-08). But people who read the trace will be misled.',
  },
  'scenario/channel-end': {
    severity: 'error',
    title: 'a channel has two ends',
    meaning:
      'A channel joins the gateway of the premises and a gateway of kind vpn in the virtual network of the same customer (FIG. 2, 210 and 212). Both must be there.',
  },
  'scenario/no-channel': {
    severity: 'warning',
    title: 'a gateway to the premises without a channel',
    meaning: 'A gateway of kind vpn is the end of a channel. Without one nothing is routed to it.',
  },
  'scenario/rped-alone': {
    severity: 'warning',
    title: 'a PIN entry device without a module to unlock',
    meaning:
      'A remote PIN entry device is tied to one model of modules (FIG. 2, 214). Neither the provider nor the customer has a module of this model.',
  },
  'scenario/unknown-line': {
    severity: 'error',
    title: 'a line that nobody understands',
    meaning:
      'What is said to a security module, to a PIN entry device or to a keystore is a line of the ones that it has, with all its words. HSM.md lists them. Where a step expects `BAD_VALUE` for a line, the line may be wrong: that is what it tries.',
  },
  'scenario/time-backwards': {
    severity: 'error',
    title: 'time goes back',
    meaning:
      'Steps happen in the order of the file. The time of a step cannot be before that of the steps above it, the waits between included.',
  },
  'scenario/time-limit': {
    severity: 'error',
    title: 'later than a run can reach',
    meaning:
      'Simulated time is counted in nanoseconds and ends after 90 days, where the count would stop being exact.',
  },
  'scenario/misplaced-expectation': {
    severity: 'error',
    title: 'an expectation that cannot be met or missed here',
    meaning:
      'Only a step that sends can expect a delivery, a path, a reply, an answer or a drop; `at` says where a drop happens and needs `dropped` beside it. Only a step that asks the provider for something can expect to be `refused`. Every step can expect what is seen or unseen, and what is `noticed` where management watches.',
  },
  'scenario/contradictory-claims': {
    severity: 'error',
    title: 'two claims of which one must be false',
    meaning:
      'Whatever the network is, not both can hold: one says that nothing gets from one place to another and the other that something does, or two say of one machine that it sees different sources only.',
  },
  'scenario/acl-without-rules': {
    severity: 'warning',
    title: 'an ACL that denies everything in one direction',
    meaning:
      'An ACL without rules for a direction lets nothing through in it, answers included: it remembers nothing, so even what leaves a subnet comes back only by a rule for what comes in. If that is meant, say it with a rule that denies any.',
  },
  'scenario/expects-nothing': {
    severity: 'error',
    title: 'an expectation without anything to expect',
    meaning:
      'An empty expectation is always met, so it would only look like a check. Say what is expected, or leave it out.',
  },
};
