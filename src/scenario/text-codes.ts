import type { CodeExplanation } from './diagnostic-codes.ts';

/** What can be wrong with a piece of a file, whatever the rest says. */
export type TextCode =
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
  | 'scenario/bad-fragment'
  | 'scenario/bad-frame'
  | 'scenario/bad-share'
  | 'scenario/bad-direction'
  | 'scenario/impairs-nothing'
  | 'scenario/bad-claim'
  | 'address/not-canonical'
  | 'address/not-an-address'
  | 'address/prefix-length'
  | 'address/host-bits'
  | 'address/port'
  | 'address/port-range';

export const TEXT_CODES: { readonly [Code in TextCode]: CodeExplanation } = {
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
      'A time is a number and a unit: `400 s`, `10 ms`, `1.5 min`, `30 d`. Units are ns, us, ms, s, min, h and d.',
  },
  'scenario/bad-traffic': {
    severity: 'error',
    title: 'not a protocol with ports',
    meaning:
      'Rules and claims name traffic as `any`, `icmp`, `tcp`, `udp`, or with a port or a range of ports: `tcp/1792`, `udp/1000-2000`.',
  },
  'scenario/bad-fragment': {
    severity: 'error',
    title: 'not a piece of a datagram',
    meaning:
      'A piece is written as the first and the last byte of the datagram’s data that it holds, counted from 0 behind the IPv4 header: `0-551`. Without a last byte it goes to the end: `552-`. Every piece begins at a multiple of 8 (RFC 791).',
  },
  'scenario/bad-frame': {
    severity: 'error',
    title: 'not a frame',
    meaning:
      'A frame is written as it is on the wire, two hexadecimal digits for each byte, from the target’s link address to the end of the data, and holds an IP packet. `vnsim prove --witness` writes such frames.',
  },
  'scenario/bad-link': {
    severity: 'error',
    title: 'not the name of a link',
    meaning: 'A link is named by the devices at its ends with two hyphens between: `tor--hsm-326`.',
  },
  'scenario/bad-share': {
    severity: 'error',
    title: 'not a share',
    meaning:
      'How many frames something befalls is written as a percentage with at most four decimals: `10%`, `0.5%`, `100%`. What befalls none is left out.',
  },
  'scenario/bad-direction': {
    severity: 'error',
    title: 'not a direction',
    meaning:
      'Of a link, `impair` takes the direction `to` or `from` one of its ends: `to hsm-326`. Of a device or a zone it takes `in` or `out`. Without a direction both are meant.',
  },
  'scenario/impairs-nothing': {
    severity: 'error',
    title: 'nothing goes wrong',
    meaning:
      'A step `impair` says at least one of loss, delay, duplicate, reorder and corrupt; jitter is a part of the delay. To make everything right again, `heal` the same link, device or zone.',
  },
  'scenario/bad-claim': {
    severity: 'error',
    title: 'not a claim',
    meaning:
      'A claim is a sentence such as `nothing from A reaches B`, `D sees only source ADDRESS`, `A reaches B tcp/PORT` or `A reaches B only via D`; the complaint offers the one that is nearest, or lists all of them, and docs/SCENARIOS.md says what each means.',
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
