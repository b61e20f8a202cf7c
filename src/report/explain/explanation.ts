import type { Source } from '../../base/index.ts';
import { DROP_REASONS, type Outcome, type Verdict } from '../../dataplane/index.ts';
import type { Kind, Stage } from '../../program/index.ts';
import { effectWords } from './effects.ts';

/** Why one stage decided as it did, for people and for the trace document. */
export interface StepExplanation {
  readonly kind: Kind;
  readonly verdict: Verdict;
  /** the rule that decided, in full: `firewall of vni-314 in #1 allow tcp/1792 from 10.0.0.0/16` */
  readonly rule: string | null;
  /** where the scenario file says so */
  readonly source: Source | null;
  /** one plain fragment of a sentence: `10.0.0.201 is vni-314, at server-b` */
  readonly because: string;
  /** every rule that was looked at and did not match */
  readonly rejected: readonly Rejected[];
  /** what changed in the state of the device, and what it sent by itself */
  readonly effects: readonly string[];
}

export interface Rejected {
  readonly rule: string;
  /** the first field on which the rule failed: `protocol`, `source`, `target`, `port`, … */
  readonly field: string;
  readonly source: Source | null;
}

/** What an explanation says beyond its sentence; whatever is left out is nothing. */
export interface Evidence {
  readonly rule?: string;
  readonly source?: Source | null;
  readonly rejected?: readonly Rejected[];
}

export const NONE_REJECTED: readonly Rejected[] = [];

/** An explanation of `stage`, whose source is the stage's own record unless the evidence names a better one. */
export function told(
  stage: Stage,
  outcome: Outcome,
  because: string,
  evidence: Evidence = {},
): StepExplanation {
  return {
    kind: stage.kind,
    verdict: outcome.verdict,
    rule: evidence.rule ?? null,
    source: evidence.source ?? stage.from.source,
    because,
    rejected: evidence.rejected ?? NONE_REJECTED,
    effects: outcome.effect === null ? [] : effectWords(outcome.effect),
  };
}

/** What the table of drop reasons says, where a stage has nothing more exact to tell. */
export function reasonTitle(outcome: Outcome): string {
  return outcome.reason === null ? 'dropped' : DROP_REASONS[outcome.reason].title;
}
