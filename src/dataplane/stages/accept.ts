import {
  type Ip,
  isGroupAddress,
  isGroupMac,
  isMartianSource,
  isMartianTarget,
  type Mac,
} from '../../address/index.ts';
import {
  type Arp,
  arpReply,
  type Frame,
  hasGoodHeaderChecksum,
  isIp,
  NEIGHBOUR,
  neighbourAdvertisement,
} from '../../packet/index.ts';
import { type Accept, NOWHERE } from '../../program/index.ts';
import { type Discovery, discoveryIn, isVoid } from '../discovery.ts';
import { CONSUME, CONTINUE, drop, type Outcome, outcome } from '../outcome.ts';
import type { Decide, View } from '../view.ts';

const NOT_FOR_ME = drop('accept.not-for-me');
const NOT_MY_ADDRESS = drop('accept.not-my-address');
const NOT_UNICAST = drop('accept.not-unicast');
const NOT_IP = drop('accept.not-ip');
const BAD_CHECKSUM = drop('ipv4.bad-checksum');
const MARTIAN = drop('accept.martian');
const VOID = drop('accept.void-discovery');

/**
 * An IP interface takes a frame in: is it for this link address, is the header sound (RFC 1812 5.2.2), can anybody
 * have such a source, and does such a target belong on a wire (RFC 1812 5.3.7)? A router takes what is for others too, but no
 * broadcast. ARP and neighbour discovery are answered and learned from here (RFC 826, RFC 4861). Whether a packet has another hop to live is asked
 * where it is known that it would make one.
 */
export const decideAccept: Decide<'accept'> = (stage, seen, frame) => {
  const { body, link } = frame;
  const group = isGroup(link.target, stage.mac);
  if (group === 'other') return NOT_FOR_ME;
  if (body.kind === 'arp') return answerArp(stage, seen, frame, body);
  if (!isIp(body)) return NOT_IP;
  const discovery = discoveryIn(body);
  if (discovery !== null) return answerNeighbour(stage, seen, frame, discovery);
  if (!hasGoodHeaderChecksum(body)) return BAD_CHECKSUM;
  if (isMartianSource(body.source) || stage.own.has(body.source)) return MARTIAN;
  if (stage.role === 'ends') return body.target === stage.address ? CONTINUE : NOT_MY_ADDRESS;
  if (isMartianTarget(body.target)) return MARTIAN;
  const isBroadcast = isGroupAddress(body.target) || stage.broadcasts.has(body.target);
  return group === 'group' || isBroadcast ? NOT_UNICAST : CONTINUE;
};

function isGroup(target: number, mine: number): 'mine' | 'group' | 'other' {
  if (target === mine) return 'mine';
  return isGroupMac(target as never) ? 'group' : 'other';
}

function answerArp(stage: Accept, seen: View, frame: Frame, arp: Arp): Outcome {
  const forMe = arp.targetAddress === stage.address;
  const asked = arp.operation === 'request' && forMe;
  const told = arp.operation === 'reply' && forMe && seen.awaited(stage.table, arp.senderAddress);
  // a probe (RFC 5227) is answered, but its empty sender address is nobody's
  const known = seen.neighbour(stage.table, arp.senderAddress);
  // RFC 826: what is known already is brought up to date by any message
  const moved = known !== null && known.target !== arp.senderMac;
  const learns = (asked || told || moved) && arp.senderAddress !== 0;
  const answer = asked ? arpReply(arp, stage.mac, frame.link.vlan) : null;
  return learns ? learn(stage, arp.senderAddress, arp.senderMac, answer) : answerWith(stage, answer);
}

/**
 * A solicitation for this interface is answered and tells who asks; an advertisement is learned where it was awaited, or replaces
 * what is known.
 */
function answerNeighbour(stage: Accept, seen: View, frame: Frame, discovery: Discovery): Outcome {
  if (isVoid(discovery)) return VOID;
  const { packet, message, mac } = discovery;
  const isSolicitation = message.operation === 'solicitation';
  const asked = isSolicitation && message.target === stage.address;
  const about = isSolicitation ? packet.source : message.target;
  const told = !isSolicitation && seen.awaited(stage.table, about);
  const known = seen.neighbour(stage.table, about);
  const replaces = isSolicitation || (message.flags & NEIGHBOUR.override) !== 0;
  const moved = known !== null && replaces && mac !== null && known.target !== mac;
  const answer = asked
    ? neighbourAdvertisement(
        packet,
        message,
        frame.link.source,
        stage.mac,
        stage.role === 'forwards',
        frame.link.vlan,
      )
    : null;
  const learns = (asked || told || moved) && mac !== null && !isMartianSource(about);
  return learns ? learn(stage, about, mac, answer) : answerWith(stage, answer);
}

function learn(stage: Accept, address: Ip, mac: Mac, answer: Frame | null): Outcome {
  return outcome('consume', null, NOWHERE, -1, {
    kind: 'neighbour-learned',
    table: stage.table,
    address,
    mac,
    link: { target: mac, source: stage.mac, vlan: stage.vlan },
    answer,
    back: stage.back,
  });
}

function answerWith(stage: Accept, answer: Frame | null): Outcome {
  if (answer === null) return CONSUME;
  return outcome('consume', null, NOWHERE, -1, {
    kind: 'originated',
    at: stage.back,
    frame: answer,
    reportsTo: null,
  });
}
