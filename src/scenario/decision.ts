import type { Journey } from '../dataplane/index.ts';
import { describe } from '../packet/index.ts';
import type { Program } from '../program/index.ts';
import type { Verdict } from '../verify/index.ts';
import type { Failing } from './claims.ts';
import { endOf } from './journey-end.ts';
import type { SentFrame } from './replay.ts';
import type { ExpectationText } from './scenario-text.ts';

/** What became of one claim. */
export interface Decided {
  readonly text: string;
  /** `undecided`: the sets hold a packet that breaks the claim, and the engine does not confirm it */
  readonly verdict: Verdict['verdict'] | 'undecided';
  /** one line for people */
  readonly message: string;
  readonly assumptions: readonly string[];
  /** the way of the packet that breaks the claim, as the engine replayed it */
  readonly witness: Journey | null;
  /** the same for a scenario file; `null` where no packet shows it */
  readonly breach: Breach | null;
  /** a packet that does what a proof says, as the engine delivered it; `null` where no single packet could show it */
  readonly confirmed: Journey | null;
  /** the network that the witness went through: the claim's own, or the same with something broken */
  readonly program: Program;
  readonly line: number;
}

/** What is sent to break a claim, and what would have to be seen if the claim held. */
export interface Breach {
  readonly sent: readonly SentFrame[];
  readonly expected: ExpectationText;
  /** what must fail first; `null`: nothing */
  readonly failing: { readonly kind: Failing; readonly name: string } | null;
}

/** A decision before it is known whose. */
export type Decision = Omit<Decided, 'text' | 'line'>;

/** The packet as it was sent, and where it ended. */
export function arrivalOf(program: Program, journey: Journey): string {
  const sender = program.devices[journey.place.device]?.name ?? 'somebody';
  return `${sender} sends ${describe(journey.frame)}, ${endOf(program, journey).text}`;
}
