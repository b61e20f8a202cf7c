import { REFUSALS, type RefusalCode } from '../provider/index.ts';

/** One entry a code, stable for ever. `title` heads a list, `meaning` is what `vnsim explain CODE` prints. */
export interface CodeExplanation {
  readonly severity: 'error' | 'warning';
  readonly title: string;
  readonly meaning: string;
}

/** Each stands in {@link DIAGNOSTIC_CODES} and in a golden file that shows it. */
export type DiagnosticCode =
  | RefusalCode
  | 'scenario/too-large'
  | 'scenario/not-utf8'
  | 'scenario/empty'
  | 'scenario/syntax'
  | 'scenario/several-documents'
  | 'scenario/too-deep'
  | 'scenario/too-many-values'
  | 'scenario/unsupported-yaml'
  | 'scenario/duplicate-key'
  | 'scenario/unknown-key'
  | 'scenario/missing-key'
  | 'scenario/no-value'
  | 'scenario/wrong-type'
  | 'scenario/wrong-value'
  | 'scenario/bad-name'
  | 'scenario/bad-duration'
  | 'scenario/bad-traffic'
  | 'scenario/bad-link'
  | 'scenario/bad-claim'
  | 'scenario/one-verb'
  | 'scenario/unknown-name'
  | 'scenario/wrong-kind'
  | 'scenario/ambiguous-name'
  | 'scenario/not-yet'
  | 'scenario/duplicate-name'
  | 'scenario/unknown-link'
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
  | 'scenario/time-backwards'
  | 'scenario/time-limit'
  | 'scenario/misplaced-expectation'
  | 'scenario/expects-nothing'
  | 'address/not-canonical'
  | 'address/not-an-address'
  | 'address/prefix-length'
  | 'address/host-bits'
  | 'address/port'
  | 'address/port-range';

export const DIAGNOSTIC_CODES: { readonly [Code in DiagnosticCode]: CodeExplanation } = {
  ...REFUSALS,
  'scenario/too-large': {
    severity: 'error',
    title: 'the file is too large',
    meaning:
      'A scenario is something that people read. Files over 5 MB are refused before anything is parsed; larger networks are generated through the library.',
  },
  'scenario/not-utf8': {
    severity: 'error',
    title: 'the file is not UTF-8 text',
    meaning:
      'Scenario files are UTF-8, with or without a byte order mark. The complaint says at which byte the text stops being UTF-8. Editors can usually save a file again in that encoding.',
  },
  'scenario/empty': {
    severity: 'error',
    title: 'the file says nothing',
    meaning:
      'The file is empty, or holds only comments. The smallest scenario has a title, a provider with a zone, and no customers.',
  },
  'scenario/syntax': {
    severity: 'error',
    title: 'the file is not YAML',
    meaning:
      'The text breaks a rule of YAML 1.2: a bracket or quote that is never closed, an indentation that fits nothing, a tab where spaces belong. Nothing else is checked until the text can be read.',
  },
  'scenario/several-documents': {
    severity: 'error',
    title: 'one file, one scenario',
    meaning:
      'A line `---` starts another YAML document. A scenario file holds one; put the other into a file of its own.',
  },
  'scenario/too-deep': {
    severity: 'error',
    title: 'values are nested too deeply',
    meaning:
      'No part of a scenario is nested deeper than a dozen levels. Text with hundreds is damaged or hostile, and is refused before it can exhaust the parser.',
  },
  'scenario/too-many-values': {
    severity: 'error',
    title: 'the file grows too large when its aliases are followed',
    meaning:
      'YAML aliases (`*name`) repeat what an anchor (`&name`) marks. They are fine for shared defaults, but a few lines of aliases to aliases can stand for billions of values. A scenario may hold 200,000 values, aliases followed, and no alias may contain itself.',
  },
  'scenario/unsupported-yaml': {
    severity: 'error',
    title: 'a YAML feature that scenarios do not use',
    meaning:
      'Scenarios use maps with text keys, lists, text, numbers and true or false. Tags (`!thing`), merge keys (`<<`) and keys that are lists or maps are refused instead of being guessed at.',
  },
  'scenario/duplicate-key': {
    severity: 'error',
    title: 'the same key twice in one map',
    meaning:
      'A map says each thing once. Many tools keep the last of two equal keys without a word; here it is an error, because one of the two would be silently lost.',
  },
  'scenario/unknown-key': {
    severity: 'error',
    title: 'a key that means nothing here',
    meaning:
      'The map has a key that the language does not know at this place. The complaint lists the keys that are allowed and, where one is close, asks whether that was meant.',
  },
  'scenario/missing-key': {
    severity: 'error',
    title: 'a key that must be there is not',
    meaning: 'The map lacks something that has no sensible default.',
  },
  'scenario/no-value': {
    severity: 'error',
    title: 'a key without a value',
    meaning:
      'Nothing stands behind the key. Leave the key out to get the default, or say what it should be; an empty map is `{}`.',
  },
  'scenario/wrong-type': {
    severity: 'error',
    title: 'another sort of value is expected',
    meaning:
      'A list stands where a map belongs, a number where text belongs, and so on. YAML reads `10.0` and `7` as numbers, and `true` as a truth value: put quotes around what is meant as text.',
  },
  'scenario/wrong-value': {
    severity: 'error',
    title: 'the value is none of those allowed',
    meaning: 'The value has the right sort, but it is outside its range or not one of the words allowed.',
  },
  'scenario/bad-name': {
    severity: 'error',
    title: 'not a name',
    meaning:
      'Names of customers, devices, zones and so on start with a lower-case letter, followed by at most 62 lower-case letters, digits and hyphens, without two hyphens in a row (those join the ends of a link).',
  },
  'scenario/bad-duration': {
    severity: 'error',
    title: 'not a duration',
    meaning:
      'A time is a number and a unit: `400 s`, `10 ms`, `1.5 min`. Units are ns, us, ms, s, min and h.',
  },
  'scenario/bad-traffic': {
    severity: 'error',
    title: 'not a protocol with ports',
    meaning:
      'Rules and claims name traffic as `any`, `icmp`, `tcp`, `udp`, or with a port or a range of ports: `tcp/1792`, `udp/1000-2000`.',
  },
  'scenario/bad-link': {
    severity: 'error',
    title: 'not the name of a link',
    meaning: 'A link is named by the devices at its ends with two hyphens between: `tor--hsm-326`.',
  },
  'scenario/bad-claim': {
    severity: 'error',
    title: 'not a claim',
    meaning:
      'Claims have three forms: `nothing from A reaches B`, `D sees only source ADDRESS` (or `sees only sources ADDRESS, ADDRESS`), and `A reaches B tcp/PORT`.',
  },
  'scenario/one-verb': {
    severity: 'error',
    title: 'a step does exactly one thing',
    meaning:
      'Each step has one of the verbs request-hsm, send, fail, heal and wait. A step with none does nothing; one with two leaves open which comes first: make it two steps.',
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
      'Networks and subnets have prefixes from /8 to /28. The first four addresses of a subnet and its last are reserved, so smaller blocks would hold next to nothing.',
  },
  'scenario/service-overlap': {
    severity: 'error',
    title: 'the service network overlaps the customer’s network',
    meaning:
      'The block of the service network must not overlap the virtual network of the customer that it serves: a reply could not tell the two apart.',
  },
  'scenario/not-assignable': {
    severity: 'error',
    title: 'addresses that no device may have',
    meaning:
      'Loopback (127.0.0.0/8), link-local (169.254.0.0/16), multicast (224.0.0.0/4) and reserved addresses (0.0.0.0/8, 240.0.0.0/4) have meanings of their own (RFC 6890) and are given to nobody.',
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
      'Only a step that sends can expect a delivery, a path, a reply, an answer or a drop; `at` says where a drop happens and needs `dropped` beside it. Every step can expect what is seen or unseen.',
  },
  'scenario/expects-nothing': {
    severity: 'error',
    title: 'an expectation without anything to expect',
    meaning:
      'An empty expectation is always met, so it would only look like a check. Say what is expected, or leave it out.',
  },
  'address/not-canonical': {
    severity: 'error',
    title: 'an address in a form that tools disagree about',
    meaning:
      'Some programs read `010.0.0.7` as 8.0.0.7, `1.2.3` as 1.2.0.3 and `167772161` as 10.0.0.1; others refuse them. Here an IPv4 address is four decimal numbers from 0 to 255 without leading zeros.',
  },
  'address/not-an-address': {
    severity: 'error',
    title: 'not an address',
    meaning: 'An address is written `10.0.0.7`, a block of addresses `10.0.0.0/16`.',
  },
  'address/prefix-length': {
    severity: 'error',
    title: 'a block without a proper prefix length',
    meaning:
      'A block of addresses ends in a slash and the number of bits that all its addresses share, 0 to 32: `10.0.0.0/16`. Masks such as `/255.255.0.0` are not used.',
  },
  'address/host-bits': {
    severity: 'error',
    title: 'a block that does not start at its own beginning',
    meaning:
      'In `10.0.0.7/16` the last 16 bits are not zero, so it is unclear whether one address or the block is meant. Write the block as `10.0.0.0/16`.',
  },
  'address/port': {
    severity: 'error',
    title: 'not a port',
    meaning: 'Ports are decimal numbers up to 65535, without signs or leading zeros.',
  },
  'address/port-range': {
    severity: 'error',
    title: 'a range that ends before it begins',
    meaning: 'A range of ports is written with the smaller number first: `1000-2000`.',
  },
};
