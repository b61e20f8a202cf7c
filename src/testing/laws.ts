import { parseIp } from '../address/index.ts';
import { DROP_REASONS } from '../dataplane/index.ts';
import {
  type LegHop,
  loadNetwork,
  type Network,
  type Packet,
  prove,
  type Traced,
  trace,
} from '../library/index.ts';
import { printLines } from '../scenario/index.ts';
import type { Trial } from './packets.ts';

/** A sentence about every network and whatever is sent in it. */
export interface Law {
  /** the sentence */
  readonly name: string;
  /** @throws {LawBroken} where the sentence is false. `answers`: who is asked, if not vnsim itself */
  holds(trial: Trial, answers?: Answers): void;
}

/** Whom a law asks. Another than vnsim is for who wants to see a law break. */
export interface Answers {
  readonly trace: (network: Network, packet: Packet) => Traced;
  readonly prove: typeof prove;
  readonly loadNetwork: typeof loadNetwork;
}

/** What a law throws, and nothing else does: a crash is no broken law. */
export class LawBroken extends Error {
  override readonly name = 'LawBroken';
}

const VNSIM: Answers = { trace, prove, loadNetwork };

/** Every packet ends: at a machine, or dropped for a reason that `vnsim explain` knows. */
export const everyPacketEnds: Law = eachPacket(
  'every packet is delivered, or dropped for a reason that is known',
  ({ request }) => {
    const { outcome, reason, device } = request.end;
    if (outcome === 'lost') return `it is neither delivered nor dropped, but stays at ${device}`;
    const known = reason === null ? outcome === 'delivered' : Object.hasOwn(DROP_REASONS, reason);
    return known ? null : `it is ${outcome} for ${reason}`;
  },
);

/** An answer that comes back bears the address that was asked, and goes to who asked. */
export const answeredByWhoWasAsked: Law = eachPacket(
  'an answer comes from the address that was asked',
  ({ reply }, { to, source }) => {
    const got = reply?.end.outcome === 'delivered' ? reply.hops.at(-1)?.in : undefined;
    const last = got?.ipv4 ?? got?.ipv6;
    // an error is of whoever complains, and who forges a source does not get the answer
    if (last === undefined || got?.icmp?.quote !== undefined || source !== undefined || !isAddress(to))
      return null;
    return last.source === to ? null : `the answer comes from ${last.source}`;
  },
);

/** The TTL never grows, and no device takes more than one off it. */
export const oneHopEach: Law = eachPacket(
  'no device takes more than one off the TTL, and none adds to it',
  ({ request }) => {
    for (const { device, in: came, out: went } of request.hops) {
      const [before, after] = [ttlOf(came), went === null ? null : ttlOf(went)];
      // what is sealed has a TTL of its own
      if (before === null || after === null || (came.esp === undefined) !== (went?.esp === undefined))
        continue;
      if (after > before || after < before - 1) return `at ${device} it goes from ${before} to ${after}`;
    }
    return null;
  },
);

/** Of the packet in the middle of all wrappers. */
function ttlOf(headers: LegHop['in']): number | null {
  if (headers.inner !== undefined) return ttlOf(headers.inner);
  return headers.ipv4?.ttl ?? headers.ipv6?.hopLimit ?? null;
}

/** Asking twice changes nothing: same network, same packet, same way, to the nanosecond. */
export const sameAgain: Law = {
  name: 'the same packet in the same network takes the same way, to the nanosecond',
  holds: ({ network, packets }, answers = VNSIM) => {
    for (const packet of packets) {
      const [one, other] = [0, 1].map(() => JSON.stringify(answers.trace(network, packet)));
      if (one !== other) throw new LawBroken(`${shown(packet)} takes another way the second time`);
    }
  },
};

/** What one packet shows to be possible, no proof denies. */
export const proofsAgree: Law = {
  name: 'what a packet does, no proof denies',
  holds: ({ network, packets }, answers = VNSIM) => {
    for (const packet of packets) {
      const { end } = answers.trace(network, packet).request;
      if (end.outcome !== 'delivered' || end.device === packet.from) continue;
      const claim = `nothing from ${packet.from} reaches ${end.device}`;
      const [decided] = answers.prove(network, claim).claims;
      if (decided?.verdict !== 'proved') continue;
      throw new LawBroken(`${shown(packet)} is delivered, and it is proved that ${claim}`);
    }
  },
};

/** Where nothing leads out of a customer's network, nothing gets out. */
export const customersAreApart: Law = {
  name: 'without peering and Internet, nothing from one customer reaches another',
  holds: ({ network }, answers = VNSIM) => {
    const { customers } = network;
    if (leadsOutside(network)) return;
    const claims = customers.flatMap((one) =>
      customers.flatMap((other) => (one === other ? [] : [`nothing from ${one} reaches ${other}`])),
    );
    if (claims.length === 0) return;
    const wrong = answers.prove(network, ...claims).claims.find(({ verdict }) => verdict === 'refuted');
    if (wrong !== undefined) throw new LawBroken(`${wrong.text}: ${wrong.message}`);
  },
};

/** A network printed and read back is the same network. */
export const textReadsBack: Law = {
  name: 'a network that is printed and read back lets the same packets take the same ways',
  holds: ({ network, packets }, answers = VNSIM) => {
    const again = answers.loadNetwork(network.text(), { file: network.file });
    for (const packet of packets) {
      const [one, other] = [network, again].map((each) =>
        answers.trace(each, packet).request.path.join(', '),
      );
      if (one !== other)
        throw new LawBroken(`${shown(packet)} goes by ${one}, and by ${other} when it is read back`);
    }
  },
};

/** Every law of the kit. All hold in every network; a network in which one breaks is a fault of vnsim, which we want to know of. */
export const LAWS: readonly Law[] = [
  everyPacketEnds,
  answeredByWhoWasAsked,
  oneHopEach,
  sameAgain,
  proofsAgree,
  customersAreApart,
  textReadsBack,
];

/** A law about each packet: `objection` says what is wrong with its way, or nothing. */
function eachPacket(name: string, objection: (traced: Traced, packet: Packet) => string | null): Law {
  return {
    name,
    holds: ({ network, packets }, answers = VNSIM) => {
      for (const packet of packets) {
        const traced = answers.trace(network, packet);
        const wrong = objection(traced, packet);
        if (wrong !== null) throw new LawBroken(`${shown(packet)}: ${wrong}\n\n${traced.text()}`);
      }
    },
  };
}

function leadsOutside({ scenario }: Network): boolean {
  const peered = scenario.steps?.some((step) => step.peer !== undefined) ?? false;
  return peered || scenario.internet !== undefined;
}

function isAddress(to: string | undefined): boolean {
  return to !== undefined && parseIp(to).ok;
}

function shown(packet: Packet): string {
  return printLines([{ send: packet }]).trim();
}
