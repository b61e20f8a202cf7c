/** A TCP or UDP port, or the identifier of an ICMP echo: 0 … 65535. */
export type Port = number & { readonly __brand: 'Port' };

export interface PortRange {
  readonly first: Port;
  readonly last: Port;
}

export const ANY_PORT: PortRange = { first: 0 as Port, last: 65535 as Port };

export function port(value: number): Port {
  return value as Port;
}

export function portRange(first: number, last: number): PortRange {
  return { first: port(first), last: port(last) };
}

export function inPortRange(range: PortRange, value: Port): boolean {
  return range.first <= value && value <= range.last;
}
