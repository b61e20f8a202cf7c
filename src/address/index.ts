export { allocateAddress, allocateBlock } from './allocation.ts';
export {
  type Cidr,
  cidr,
  contains,
  covers,
  everywhere,
  formatCidr,
  lastAddress,
  maskOf,
  overlaps,
  sibling,
  single,
  sizeOf,
} from './cidr.ts';
export { parseCidr, parseIpv4Block } from './cidr-text.ts';
export type { AddressFault, AddressFaultCode } from './fault.ts';
export {
  compareIp,
  distance,
  type Family,
  familyOf,
  foldIp,
  formatEndpoint,
  formatIp,
  type Ip,
  isIpv6,
  offset,
  unspecified,
  widthOf,
} from './ip.ts';
export { parseIp } from './ip-text.ts';
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
export { type AddressRange, cidrsOf, rangeOf } from './range.ts';
export {
  isGroupAddress,
  isMartianSource,
  isMartianTarget,
  SPECIAL_RANGES,
  type SpecialRange,
  specialRange,
} from './special-range.ts';
