import type { Ip } from '../address/index.ts';
import { mismatch } from './matching.ts';
import { RuleIndex } from './rule-index.ts';
import type { FilterRule } from './stages-of-rules.ts';

/** Answers which of its rules is the first that matches. */
export interface RuleTable<Rule extends FilterRule> {
  /** what the table was built from, in the order given */
  readonly entries: readonly Rule[];
  /**
   * The index of the first rule that matches, or -1. Allocates nothing, but for an index at the first question.
   *
   * @param peer the other end: the source of a packet that comes in, the target of one that goes out
   * @param targetPort -1 where the packet shows none
   */
  first(peer: Ip, protocol: number, targetPort: number): number;
}

/** Up to here a look at each rule is as fast as an index of them. */
const LONGEST_SCAN = 12;

/** The rules of `entries` in the structure that fits their number. The table keeps the array, which must not change any more. */
export function ruleTable<Rule extends FilterRule>(entries: readonly Rule[]): RuleTable<Rule> {
  return entries.length <= LONGEST_SCAN ? new RuleScan(entries) : new RuleIndex(entries);
}

/** One rule after the other. */
export class RuleScan<Rule extends FilterRule> implements RuleTable<Rule> {
  readonly entries: readonly Rule[];

  constructor(entries: readonly Rule[]) {
    this.entries = entries;
  }

  first(peer: Ip, protocol: number, targetPort: number): number {
    const { entries } = this;
    for (let index = 0; index < entries.length; index += 1) {
      if (mismatch(entries[index] as Rule, peer, protocol, targetPort) === null) return index;
    }
    return -1;
  }
}
