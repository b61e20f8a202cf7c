import { type Port, port } from '../address/index.ts';

/** The dynamic ports of RFC 6335 section 6. They are handed out one after the other, so that a trace can be read. */
export const FIRST_EPHEMERAL: Port = port(49152);
export const LAST_EPHEMERAL: Port = port(65535);

export function nextEphemeral(current: number): Port {
  return current >= LAST_EPHEMERAL ? FIRST_EPHEMERAL : port(current + 1);
}
