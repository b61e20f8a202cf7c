import { contains } from '../../address/index.ts';
import { type IpPacket, isIp, type Link } from '../../packet/index.ts';
import { firstRule, NOWHERE, type Stage } from '../../program/index.ts';
import { CONTINUE, drop, type Outcome, outcome } from '../outcome.ts';
import type { Decide } from '../view.ts';

/**
 * A subnet's ACL (rows I-05, I-17): the lowest number that matches decides, and what none matches is denied. It remembers
 * nothing, so answers need rules of their own.
 *
 * The subnet's router stands outside: what comes from there has crossed the boundary, whatever its source says, and so does
 * what goes there, but for an address of the subnet itself that nobody has. ARP and neighbour discovery are
 * not its business.
 */
export const decideAcl: Decide<'acl'> = (stage, _seen, frame) => {
  const { body } = frame;
  if (!isIp(body) || body.body.kind === 'neighbour-discovery') return CONTINUE;
  if (!crosses(stage, frame.link, body)) return CONTINUE;
  const index = firstRule(stage.rules, body, stage.direction);
  const rule = stage.rules.entries[index];
  if (rule === undefined) return DENIED;
  return rule.action === 'allow' ? allowedBy(index) : deniedBy(index);
};

function crosses({ direction, router, own }: Stage<'acl'>, link: Link, packet: IpPacket): boolean {
  if (direction === 'in') return link.source === router;
  return link.target === router && !(own !== null && contains(own, packet.target));
}

const DENIED = drop('acl.deny');

function deniedBy(rule: number): Outcome {
  return { ...DENIED, rule };
}

function allowedBy(index: number): Outcome {
  return ALLOWED[index] ?? outcome('continue', null, NOWHERE, index);
}

/** Outcomes of the first rules, made once: they are most of all outcomes of an ACL. */
const ALLOWED = Array.from({ length: 16 }, (_, index) => outcome('continue', null, NOWHERE, index));
