import { init } from 'z3-solver';
import { type Cidr, type Ipv4, unsigned } from '../../src/address/index.ts';
import type { AclRule, FilterRule } from '../../src/program/index.ts';
import { type Box, FIELD, type Field, ICMP_ERROR } from '../../src/verify/index.ts';

/*
 * A solver as a judge that knows nothing of boxes: what a list of rules lets pass and what a set of boxes holds, each written as a
 * formula over the other end's address (32 bits), the protocol (9 bits: 256 are ICMP errors) and the target port (16 bits).
 */

/** What the solver says of each pair of formulas: `unsat` where no packet tells them apart. */
export async function tellApart(
  pairs: readonly (readonly [one: string, other: string])[],
): Promise<readonly string[]> {
  const { Z3, em } = await init();
  const context = Z3.mk_context(Z3.mk_config());
  const declared = [
    '(declare-const peer (_ BitVec 32))',
    '(declare-const protocol (_ BitVec 9))',
    '(declare-const port (_ BitVec 16))',
    `(assert (bvule protocol ${bits(ICMP_ERROR, 9)}))`,
  ].join('\n');
  const asked = pairs.map(([one, other]) => `(push)(assert (xor ${one} ${other}))(check-sat)(pop)`);
  const said = await Z3.eval_smtlib2_string(context, [declared, ...asked].join('\n'));
  em.PThread.terminateAllThreads();
  return said.trim().split('\n');
}

/** Of each packet the first rule that matches decides; none lets nothing pass. */
export function formulaOfRules(rules: readonly (FilterRule & Partial<Pick<AclRule, 'action'>>)[]): string {
  return rules.reduceRight(
    (rest, rule) => `(ite ${matches(rule)} ${rule.action === 'deny' ? 'false' : 'true'} ${rest})`,
    'false',
  );
}

/** @param peer the field in which the boxes have the other end */
export function formulaOfBoxes(boxes: readonly Box[], peer: 0 | 1): string {
  const within = (box: Box, field: Field, name: string, width: number): string =>
    `(bvule ${bits(box[2 * field] ?? 0, width)} ${name}) (bvule ${name} ${bits(box[2 * field + 1] ?? 0, width)})`;
  const one = (box: Box): string =>
    `(and ${within(box, peer, 'peer', 32)} ${within(box, FIELD.protocol, 'protocol', 9)} ${within(box, FIELD.targetPort, 'port', 16)})`;
  return `(or false ${boxes.map(one).join(' ')})`;
}

const NUMBERS = { tcp: 6, udp: 17, icmp: 1 } as const;

function matches({ protocol, peer, ports }: FilterRule): string {
  const parts = ['firewall' in peer ? 'false' : inBlock(peer)];
  if (protocol !== 'any') parts.push(isProtocol(protocol));
  if (protocol === 'tcp' || protocol === 'udp') {
    parts.push(`(bvule ${bits(ports.first, 16)} port)`, `(bvule port ${bits(ports.last, 16)})`);
  }
  return `(and ${parts.join(' ')})`;
}

function isProtocol(protocol: keyof typeof NUMBERS): string {
  const is = (number: number): string => `(= protocol ${bits(number, 9)})`;
  return protocol === 'icmp' ? `(or ${is(NUMBERS.icmp)} ${is(ICMP_ERROR)})` : is(NUMBERS[protocol]);
}

function inBlock({ address, prefix }: Cidr): string {
  const mask = prefix === 0 ? 0 : (2 ** 32 - 2 ** (32 - prefix)) >>> 0;
  return `(= (bvand peer ${bits(mask, 32)}) ${bits(unsigned(address as Ipv4), 32)})`;
}

function bits(value: number, width: number): string {
  return `(_ bv${Math.min(value, 2 ** width - 1)} ${width})`;
}
