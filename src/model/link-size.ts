/** RFC 791: every link carries a packet of 68 bytes whole. */
export const LEAST_MTU = 68;

/** What every link carries unless something else is said: Ethernet's payload. */
export const ETHERNET_MTU = 1500;

/** What VXLAN over IPv4 adds to a packet: two Ethernet, IPv4, UDP and VXLAN headers, less the outer Ethernet one (RFC 7348). */
export const WRAPPING_COST = 50;
