export { type Cidr, cidr, contains, covers, formatCidr, maskOf, overlaps } from './cidr.ts';
export { formatIpv4, type Ipv4, ipv4, unsigned } from './ipv4.ts';
export { BROADCAST_MAC, formatMac, isGroupMac, type Mac, mac } from './mac.ts';
export { ANY_PORT, inPortRange, type Port, type PortRange, port, portRange } from './port.ts';
export { type PrefixTable, prefixTable } from './prefix-table.ts';
