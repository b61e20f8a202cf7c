import type { DropExplanation } from './explanation.ts';

/** At tunnel ends. */
export type TunnelReason =
  | 'wrap.unknown-segment'
  | 'wrap.unknown-peer'
  | 'wrap.unknown-station'
  | 'wrap.malformed';

export const TUNNEL_REASONS: { readonly [Code in TunnelReason]: DropExplanation } = {
  'wrap.unknown-segment': {
    title: 'the tunnel end has no such segment',
    meaning:
      'The wrapper names a VXLAN segment of which this tunnel end holds no interface (RFC 7348 section 5).',
    elsewhere: null,
    icmp: null,
  },
  'wrap.unknown-peer': {
    title: 'the wrapper comes from a stranger',
    meaning:
      'The wrapper’s source is not a tunnel end that holds interfaces of this virtual network. A forged wrapper ends here: one network can’t inject into another.',
    elsewhere: null,
    icmp: null,
  },
  'wrap.unknown-station': {
    title: 'the wrapped frame is for nobody here',
    meaning:
      'The segment is known, but no interface of it behind this tunnel end has the inner link address.',
    elsewhere: null,
    icmp: null,
  },
  'wrap.malformed': {
    title: 'not a VXLAN packet',
    meaning:
      'What reached the tunnel end is not a wrapped frame for its address: another protocol, another port or a congestion mark that must not be lost (RFC 6040).',
    elsewhere: null,
    icmp: null,
  },
};
