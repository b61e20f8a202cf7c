import { type Ip, type Port, type PortRange, portRange } from '../address/index.ts';
import type { Source } from '../base/index.ts';

/** How a NAT instance translates: what a request may choose. */
export interface TranslationPolicy {
  /** how long mappings live: as the RFCs ask, as Linux does, as a cloud documents */
  readonly timers: 'rfc' | 'linux' | 'aws';
  /** RFC 4787 section 4.1: whether one port of a client is one port for all its destinations */
  readonly mapping: 'address-and-port-dependent' | 'endpoint-independent';
  /** what a client hears when no port is left: nothing, or ICMP 3/13 (RFC 5508 REQ-8) */
  readonly exhausted: 'drop' | 'icmp';
  /** the TCP and UDP ports of the inward address that mappings may have */
  readonly ports: PortRange;
  /** what the HSM may begin by itself (row T-14) */
  readonly reverse: readonly ReverseMapping[];
}

/** What a request gets that says nothing about it. Port 0 is reserved (RFC 6335 section 6). */
export const USUAL_TRANSLATION: TranslationPolicy = {
  timers: 'rfc',
  mapping: 'address-and-port-dependent',
  exhausted: 'drop',
  ports: portRange(1, 65_535),
  reverse: [],
};

/** What the HSM sends to the inward address at this port goes to a collector of the customer, from the outer address. */
export interface ReverseMapping {
  readonly protocol: 'udp' | 'tcp';
  readonly port: Port;
  readonly to: Ip;
  readonly from: Source | null;
}
