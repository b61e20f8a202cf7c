import { ANY_PORT, type Cidr, cidr, ipv4, type PortRange, portRange } from '../address/index.ts';
import {
  type AclRule,
  type FirewallRule,
  MESSAGE_PORTS,
  SEALED_PORTS,
  SSH_PORT,
  TIME_PORT,
} from '../model/index.ts';

/* What the firewalls and ACLs of a service network say (FIG. 6, 606 and 608). */

export const EVERYWHERE: Cidr = cidr(ipv4(0), 0);
export const ANYTHING: { readonly protocol: 'any'; readonly ports: PortRange } = {
  protocol: 'any',
  ports: ANY_PORT,
};

/** Who talks to a bastion. */
export interface Peers {
  readonly hsm: Cidr;
  readonly crp: Cidr;
  /** data storage, or a queue */
  readonly sink: Cidr;
  readonly management: Cidr;
}

const one = (port: number): PortRange => portRange(port, port);
/** where callers have their ports (RFC 6056) */
const CALLERS = portRange(1024, 65_535);

const SYSLOG = { protocol: 'udp' as const, ports: one(MESSAGE_PORTS.syslog) };
const TRAPS = { protocol: 'udp' as const, ports: one(MESSAGE_PORTS.traps) };
const TIME = { protocol: 'udp' as const, ports: one(TIME_PORT) };
const SEALED_SYSLOG = { protocol: 'udp' as const, ports: one(SEALED_PORTS.syslog) };
const SEALED_TRAPS = { protocol: 'udp' as const, ports: one(SEALED_PORTS.traps) };
const SEALED_TIME = { protocol: 'udp' as const, ports: one(SEALED_PORTS.time) };
const SSH = { protocol: 'tcp' as const, ports: one(SSH_PORT) };
const TCP_ANSWERS = { protocol: 'tcp' as const, ports: CALLERS };
const UDP_ANSWERS = { protocol: 'udp' as const, ports: CALLERS };

/** An ACL judges each piece of a long message by itself, and only the first one shows a port: those the firewall looks at. */
const MESSAGES = { protocol: 'udp' as const, ports: ANY_PORT };

/** any router on the way may have something to say about a packet, its MTU above all (RFC 1191) */
const ERRORS = { protocol: 'icmp' as const, ports: ANY_PORT };

type Match = Pick<FirewallRule, 'protocol' | 'ports'>;
export type Rules = { readonly in: readonly FirewallRule[]; readonly out: readonly FirewallRule[] };

const REPORTS = [SYSLOG, TRAPS, TIME];

/**
 * What the bastion takes and sends of its own accord (I-10, B-02, B-13); answers pass by themselves.
 *
 * @param reporters the firewall that NAT instances carry where they report
 */
export function bastionRules({ hsm, crp, sink, management }: Peers, reporters: string): Rules {
  const rule = (match: Match, peer: FirewallRule['peer']): FirewallRule => ({ ...match, peer, from: null });
  const heard = [hsm, { firewall: reporters }];
  return {
    in: [rule(SSH, crp), ...heard.flatMap((peer) => REPORTS.map((match) => rule(match, peer)))],
    out: [
      rule(SSH, hsm),
      ...[sink, management].flatMap((peer) => [rule(SEALED_SYSLOG, peer), rule(SEALED_TRAPS, peer)]),
      rule(SEALED_TIME, management),
    ],
  };
}

/** What a NAT instance says of itself goes to the bastion; nothing comes to it unasked, SSH least of all (I-09). */
export function reporterRules(bastion: Cidr): Rules {
  return { in: [], out: REPORTS.map((match) => ({ ...match, peer: bastion, from: null })) };
}

/**
 * Subnet 318 is for the way to the HSM and for nothing else (I-07, I-14, I-15). A module attached directly is in that subnet, so
 * that what it has to do with the bastion crosses the boundary.
 */
export function privateRules(hsm: Cidr, bastion: Cidr | null): Pick<DraftAcl, 'in' | 'out'> {
  const direct = (matches: readonly Match[]): readonly Allowed[] =>
    bastion === null ? [] : matches.map((match) => [match, bastion]);
  return {
    in: numbered([[ANYTHING, hsm], ...direct([SSH, UDP_ANSWERS]), [ERRORS, EVERYWHERE]]),
    out: numbered([[ANYTHING, hsm], ...direct([MESSAGES, TCP_ANSWERS])]),
  };
}

/** Of all the Internet only the service team may begin (606, ruling Q-10); what the bastion begins has its answers let in. */
export function publicRules({ hsm, crp, sink, management }: Peers): Pick<DraftAcl, 'in' | 'out'> {
  return {
    in: numbered([
      [ANYTHING, crp],
      [MESSAGES, hsm],
      [TCP_ANSWERS, hsm],
      [UDP_ANSWERS, management],
      [ERRORS, EVERYWHERE],
    ]),
    out: numbered([
      [TCP_ANSWERS, crp],
      [SSH, hsm],
      [UDP_ANSWERS, hsm],
      [MESSAGES, sink],
      [MESSAGES, management],
    ]),
  };
}

export interface DraftAcl {
  readonly in: AclRule[];
  readonly out: AclRule[];
}

type Allowed = readonly [Match, Cidr];

function numbered(allowed: readonly Allowed[]): AclRule[] {
  return allowed.map(([match, peer], at) => {
    return { number: 100 + 10 * at, action: 'allow', ...match, peer: { ...peer }, from: null };
  });
}
