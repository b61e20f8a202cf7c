export { allocateAddress, allocateBlock } from './allocation.ts';
export { type Cidr, cidr, contains, covers, formatCidr, maskOf, overlaps } from './cidr.ts';
export { parseCidr, parseCidr6 } from './cidr-text.ts';
export { type Cidr6, cidr6, contains6, covers6, formatCidr6, overlaps6 } from './cidr6.ts';
export type { AddressFault, AddressFaultCode } from './fault.ts';
export { formatIpv4, type Ipv4, ipv4, unsigned } from './ipv4.ts';
export { parseIpv4 } from './ipv4-text.ts';
export { formatIpv6, type Ipv6, ipv6 } from './ipv6.ts';
export { parseIpv6 } from './ipv6-text.ts';
export { BROADCAST_MAC, formatMac, isGroupMac, type Mac, mac } from './mac.ts';
export { MacMap } from './mac-map.ts';
export { parseMac } from './mac-text.ts';
export { ANY_PORT, inPortRange, type Port, type PortRange, port, portRange } from './port.ts';
export { formatPortRange, parsePort, parsePortRange } from './port-text.ts';
export type { PrefixEntry } from './prefix-entry.ts';
export { type PrefixTable, prefixTable } from './prefix-table.ts';
export { type PrefixEntry6, type PrefixTable6, prefixTable6 } from './prefix-table6.ts';
export { type AddressRange, cidrsOf, rangeOf, sizeOf } from './range.ts';
export {
  isGroupAddress,
  isMartianSource,
  isMartianTarget,
  SPECIAL_RANGES,
  type SpecialRange,
  specialRange,
} from './special-range.ts';
