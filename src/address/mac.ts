/** A 48-bit IEEE 802 address as an integer, most significant octet first. */
export type Mac = number & { readonly __brand: 'Mac' };

export const BROADCAST_MAC = 0xffffffffffff as Mac;

export function mac(bits: number): Mac {
  return bits as Mac;
}

/** The group bit: broadcast and multicast frames (IEEE 802.3, least significant bit of the first octet). */
export function isGroupMac(address: Mac): boolean {
  // the bits above the 40th, cut to an integer: bit operators alone see only 32
  return ((address / 0x10000000000) & 1) === 1;
}

/** Lower case, two digits an octet, colons between. */
export function formatMac(address: Mac): string {
  const digits = address.toString(16).padStart(12, '0');
  return (digits.match(/../g) ?? []).join(':');
}
