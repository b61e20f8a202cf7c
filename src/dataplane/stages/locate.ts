import { type Ip, isGroupAddress, isGroupMac, isIpv6, type Mac } from '../../address/index.ts';
import { type Arp, arpReply, type Frame, isIp, neighbourAdvertisement } from '../../packet/index.ts';
import { type Locate, NOWHERE, type SubnetRoute } from '../../program/index.ts';
import { type Discovery, discoveryIn, isVoid } from '../discovery.ts';
import { CONSUME, drop, type Outcome, outcome } from '../outcome.ts';
import type { Decide } from '../view.ts';

const NO_MAPPING = drop('mapping.none');
const OTHER_SUBNET = drop('mapping.other-subnet');
const NOT_UNICAST = drop('mapping.not-unicast');
const NO_ROUTE = drop('route.none');
const BLACKHOLE = drop('route.blackhole');
const NOT_ACCEPTED = drop('peering.not-accepted');
const DEAD = { gone: BLACKHOLE, 'not-accepted': NOT_ACCEPTED, revoked: drop('share.revoked') };
const NOT_IP = drop('accept.not-ip');
const VOID = drop('accept.void-discovery');

/**
 * The virtual switch of a server. A frame to a neighbour's link address goes to it, route tables aside; a frame to the
 * implicit router is routed by the subnet's table, its TTL untouched: that router is no hop anybody can see.
 * ARP and neighbour discovery never leave the server: the mapping service answers.
 */
export const decideLocate: Decide<'locate'> = (stage, _seen, frame) => {
  const { body, link } = frame;
  if (body.kind === 'arp') return answerArp(stage, frame, body);
  if (!isIp(body)) return NOT_IP;
  const discovery = discoveryIn(body);
  if (discovery !== null) return answerNeighbour(stage, frame, discovery);
  if (!stage.bridged || link.target === stage.router) return routed(stage, frame);
  const neighbour = stage.neighbours.get(link.target);
  if (neighbour === undefined) return isGroupMac(link.target) ? NOT_UNICAST : NO_MAPPING;
  if (neighbour.subnet !== stage.subnet) return OTHER_SUBNET;
  return outcome('forward', null, neighbour.to, -1);
};

function routed(stage: Locate, frame: Frame): Outcome {
  if (!isIp(frame.body)) return NOT_IP;
  const { target } = frame.body;
  if (!isUnicast(target)) return NOT_UNICAST;
  const index = stage.routes.lookup(target);
  const entry = stage.routes.entries[index];
  if (entry === undefined) return NO_ROUTE;
  const route = entry.value;
  if (route.kind === 'blackhole') return BLACKHOLE;
  if (route.kind === 'dead') return DEAD[route.cause];
  const mapping = route.kind === 'interface' ? route.target : mappingsOf(stage, route).get(target);
  if (mapping === undefined) return NO_MAPPING;
  return outcome('forward', { link: mapping.routed, body: frame.body }, mapping.to, index);
}

function mappingsOf(
  stage: Locate,
  route: Extract<SubnetRoute, { readonly kind: 'local' | 'peering' }>,
): Locate['mappings'] {
  return route.kind === 'peering' ? route.mappings : stage.mappings;
}

/**
 * Every address of the network is answered for: with the owner's link address inside the subnet, with the router's
 * for all others. An address nobody has is refused when a packet for it comes, by name.
 */
function answerArp(stage: Locate, frame: Frame, arp: Arp): Outcome {
  if (arp.operation !== 'request' || stage.back === NOWHERE) {
    return outcome('consume', null, NOWHERE, -1);
  }
  if (arp.targetAddress === arp.senderAddress) return outcome('consume', null, NOWHERE, -1);
  return answerWith(stage, arpReply(arp, macFor(stage, arp.targetAddress), frame.link.vlan));
}

/** The same in IPv6. Whoever asks for an address of its own looks for a duplicate (RFC 4862 5.4), and there is none. */
function answerNeighbour(stage: Locate, { link }: Frame, discovery: Discovery): Outcome {
  if (isVoid(discovery)) return VOID;
  const { packet, message } = discovery;
  const own = stage.mappings.get(message.target)?.mac === link.source;
  if (message.operation === 'advertisement' || stage.back === NOWHERE || own) return CONSUME;
  const mac = macFor(stage, message.target);
  const isRouter = mac === stage.router;
  return answerWith(stage, neighbourAdvertisement(packet, message, link.source, mac, isRouter, link.vlan));
}

function macFor(stage: Locate, address: Ip): Mac {
  const owner = stage.mappings.get(address);
  return owner !== undefined && owner.subnet === stage.subnet ? owner.mac : stage.router;
}

function answerWith(stage: Locate, answer: Frame): Outcome {
  return outcome('consume', null, NOWHERE, -1, {
    kind: 'originated',
    at: stage.back,
    frame: answer,
    reportsTo: null,
  });
}

/** Neither multicast (224/4), nor reserved (240/4), nor limited broadcast: a virtual network carries nothing else. */
function isUnicast(address: Ip): boolean {
  return isIpv6(address) ? !isGroupAddress(address) : address >>> 28 < 14;
}
