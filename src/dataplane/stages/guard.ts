import { CONTINUE, drop } from '../outcome.ts';
import type { Decide } from '../view.ts';

const SPOOFED_MAC = drop('guard.spoofed-mac');
const SPOOFED_ADDRESS = drop('guard.spoofed-address');
const TAGGED = drop('guard.tagged');

/** A guest sends only as itself: its own link address, and its own source address in IP and in ARP (row I-18). */
export const decideGuard: Decide<'guard'> = (stage, _seen, frame) => {
  if (frame.link.vlan !== null) return TAGGED;
  if (frame.link.source !== stage.mac) return SPOOFED_MAC;
  const { addresses } = stage;
  const { body } = frame;
  if (body.kind === 'arp') {
    if (body.senderMac !== stage.mac) return SPOOFED_MAC;
    return addresses === null || addresses.includes(body.senderAddress) ? CONTINUE : SPOOFED_ADDRESS;
  }
  if (body.kind === 'ipv4' && addresses !== null && !addresses.includes(body.source)) return SPOOFED_ADDRESS;
  return CONTINUE;
};
