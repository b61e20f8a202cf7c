import fc from 'fast-check';
import type { AclText } from '../scenario/index.ts';

/* Arbitrary ACLs. Numbers and blocks come from small pools, so that rules overlap and contradict each other. */

export interface AclPlan {
  readonly in: readonly NumberedPlan[];
  readonly out: readonly NumberedPlan[];
}

export interface NumberedPlan {
  readonly rule: number;
  readonly action: 'allow' | 'deny';
  readonly traffic: string;
  readonly peer: string;
}

const anyNumbered: fc.Arbitrary<NumberedPlan> = fc.record({
  rule: fc.integer({ min: 1, max: 6 }),
  action: fc.constantFrom('allow', 'deny'),
  traffic: fc.constantFrom(
    'any',
    'tcp',
    'udp',
    'icmp',
    'tcp/1792',
    'tcp/0-1791',
    'tcp/1024-65535',
    'udp/1792-40000',
  ),
  peer: fc.constantFrom(
    '0.0.0.0/0',
    '0.0.0.0/0',
    '10.0.0.0/16',
    '10.0.0.0/17',
    '10.0.128.0/17',
    '10.0.0.201/32',
  ),
});

/** Whatever the rules before it do not decide passes: without it hardly any call would be answered. */
const THE_REST: NumberedPlan = { rule: 32_766, action: 'allow', traffic: 'any', peer: '0.0.0.0/0' };

const anyDirection: fc.Arbitrary<readonly NumberedPlan[]> = fc
  .tuple(fc.uniqueArray(anyNumbered, { selector: ({ rule }) => rule, maxLength: 4 }), fc.nat(4))
  .map(([rules, closed]) => (closed === 0 ? rules : [...rules, THE_REST]));

export const anyAcl: fc.Arbitrary<AclPlan> = fc.record({ in: anyDirection, out: anyDirection });

export function aclText(plan: AclPlan): AclText {
  const ruled = ({ rule, action, traffic }: NumberedPlan) => ({ rule, [action]: traffic });
  return {
    in: plan.in.map((rule) => ({ ...ruled(rule), from: rule.peer })),
    out: plan.out.map((rule) => ({ ...ruled(rule), to: rule.peer })),
  };
}
