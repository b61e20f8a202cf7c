import { isIp } from '../../packet/index.ts';
import type { Guard } from '../../program/index.ts';
import { type Discovery, discoveryIn } from '../discovery.ts';
import { CONTINUE, drop, type Outcome } from '../outcome.ts';
import type { Decide } from '../view.ts';

const SPOOFED_MAC = drop('guard.spoofed-mac');
const SPOOFED_ADDRESS = drop('guard.spoofed-address');
const TAGGED = drop('guard.tagged');

/** A guest sends only as itself: its own link address, and its own source address in IP, in ARP and in neighbour discovery (row I-18). */
export const decideGuard: Decide<'guard'> = (stage, _seen, frame) => {
  if (frame.link.vlan !== null) return TAGGED;
  if (frame.link.source !== stage.mac) return SPOOFED_MAC;
  const { addresses } = stage;
  const { body } = frame;
  if (body.kind === 'arp') {
    if (body.senderMac !== stage.mac) return SPOOFED_MAC;
    return addresses === null || addresses.includes(body.senderAddress) ? CONTINUE : SPOOFED_ADDRESS;
  }
  if (!isIp(body)) return CONTINUE;
  const discovery = discoveryIn(body);
  if (discovery !== null) return judgeDiscovery(stage, discovery);
  return addresses === null || addresses.includes(body.source) ? CONTINUE : SPOOFED_ADDRESS;
};

/** What a guest says in neighbour discovery about itself; a probe for a duplicate names nobody yet (RFC 4862 5.4.2). */
function judgeDiscovery({ mac: own, addresses }: Guard, { packet, message, mac }: Discovery): Outcome {
  if (mac !== null && mac !== own) return SPOOFED_MAC;
  const about = message.operation === 'solicitation' ? packet.source : message.target;
  const isProbe = about === 0n && mac === null;
  return isProbe || addresses === null || addresses.includes(about) ? CONTINUE : SPOOFED_ADDRESS;
}
