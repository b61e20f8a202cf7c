/** Why bytes are not a frame. The codes are stable. */
export type DecodeFaultCode =
  | 'packet/truncated'
  | 'packet/bad-version'
  | 'packet/bad-header-length'
  | 'packet/bad-length'
  | 'packet/reserved-bit';

export type Layer = 'ethernet' | 'vlan' | 'arp' | 'ipv4' | 'ipv6' | 'udp' | 'tcp' | 'icmp' | 'esp';

/** What is wrong with the bytes, in which header, and where. */
export interface DecodeFault {
  readonly kind: 'decode-fault';
  readonly code: DecodeFaultCode;
  readonly layer: Layer;
  /** of the field at fault, in bytes from the start of what was decoded */
  readonly offset: number;
  readonly message: string;
}

export function decodeFault(
  code: DecodeFaultCode,
  layer: Layer,
  offset: number,
  message: string,
): DecodeFault {
  return { kind: 'decode-fault', code, layer, offset, message };
}

export function truncated(layer: Layer, offset: number, needed: number, found: number): DecodeFault {
  const message = `${layer} header needs ${needed} bytes at offset ${offset}, ${Math.max(found, 0)} are there`;
  return decodeFault('packet/truncated', layer, offset, message);
}
