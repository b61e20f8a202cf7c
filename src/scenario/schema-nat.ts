import type { z } from 'zod';
import { parsePortRange } from '../address/index.ts';
import { fromAddress } from './misreading.ts';
import type { NatText } from './scenario-text.ts';
import { address, agreeing, choice, demand, listOf, map, parsed, port, truth } from './schema-parts.ts';

/** The part of a request that says how its NAT instance translates. */

const reverseMapping = demand(
  map({
    udp: port('UDP to this port of the inward address: 514 for syslog, 162 for SNMP traps.').exactOptional(),
    tcp: port('TCP to this port of the inward address.').exactOptional(),
    to: address('The collector in the customer’s network, on the same port.'),
  }),
  (mapping) => {
    if ('udp' in mapping !== 'tcp' in mapping) return null;
    return {
      code: 'scenario/wrong-value',
      message: 'a reverse mapping has exactly one of udp and tcp',
      help: 'write { udp: 514, to: 10.0.0.8 }',
    };
  },
).meta({ description: 'What the HSM may send by itself, and to whom.' });

export const natOptions: z.ZodType<NatText> = agreeing<NatText>()(
  map({
    timers: choice(
      ['rfc', 'linux', 'aws'],
      'How long mappings live: as RFC 4787, 5382 and 5508 ask, as the Linux kernel does, as a cloud documents. Default: rfc.',
    ).exactOptional(),
    mapping: choice(
      ['address-and-port-dependent', 'endpoint-independent'],
      'Whether a client’s port may differ by destination, or is one for all (RFC 4787 REQ-1). Default: address-and-port-dependent, as Linux.',
    ).exactOptional(),
    hairpin: truth('Never granted: the customer’s network must not see the service network.').exactOptional(),
    exhausted: choice(
      ['drop', 'icmp'],
      'What a client hears when no port is left: nothing, as with Linux, or ICMP 3/13 (RFC 5508 REQ-8). Default: drop.',
    ).exactOptional(),
    ports: parsed(
      'a range of ports such as 1024-65535',
      (text) => fromAddress(parsePortRange(text)),
      'The TCP and UDP ports of the inward address that mappings may have. Default: 1-65535.',
    ).exactOptional(),
    reverse: listOf(
      reverseMapping,
      'a list of reverse mappings',
      'What the HSM may begin by itself: syslog, SNMP traps. Everything else from its side stays unanswered.',
    ).exactOptional(),
  }).meta({ description: 'How the NAT instance translates. Default: as the RFCs ask.' }),
);
