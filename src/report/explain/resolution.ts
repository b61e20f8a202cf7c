import type { Ip, Mac } from '../../address/index.ts';
import { type Frame, linkAddressOf } from '../../packet/index.ts';

/** A message by which neighbours find each other's link addresses: ARP, or neighbour discovery of IPv6. */
export interface ResolutionMessage {
  readonly asks: boolean;
  /** the address that is asked for, or that the sender has */
  readonly about: Ip;
  /** the link address that the message gives for it; of a question `null` */
  readonly mac: Mac | null;
}

/** The message in a frame; `null` for anything else. */
export function resolutionIn({ body }: Frame): ResolutionMessage | null {
  if (body.kind === 'arp') {
    return body.operation === 'request'
      ? { asks: true, about: body.targetAddress, mac: null }
      : { asks: false, about: body.senderAddress, mac: body.senderMac };
  }
  if (body.kind !== 'ipv6' || body.body.kind !== 'neighbour-discovery') return null;
  const { operation, target } = body.body;
  const asks = operation === 'solicitation';
  return { asks, about: target, mac: asks ? null : linkAddressOf(body.body) };
}
