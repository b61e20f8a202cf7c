import { matchedFields, mismatch, NOWHERE } from '../../program/index.ts';
import { CONTINUE, drop, outcome } from '../outcome.ts';
import type { Decide } from '../view.ts';

const DENIED = drop('firewall.deny');

/** Allow only, first match decides; ARP is not its business. */
export const decideFilter: Decide<'filter'> = (stage, _seen, frame) => {
  const packet = frame.body;
  if (packet.kind !== 'ipv4') return CONTINUE;
  const seen = matchedFields(packet, stage.direction);
  const { rules } = stage;
  for (let index = 0; index < rules.length; index += 1) {
    const rule = rules[index];
    if (rule !== undefined && mismatch(rule, seen) === null) return ALLOWED[index] ?? allowed(index);
  }
  return DENIED;
};

/** Outcomes of the first rules, made once: they are most of all outcomes of a filter. */
const ALLOWED = Array.from({ length: 16 }, (_, index) => allowed(index));

function allowed(index: number) {
  return outcome('continue', null, NOWHERE, index);
}
