import { formatNanos } from '../base/index.ts';
import type { ConversationOutcome, Ending } from './ending.ts';
import type { Expectation } from './expected.ts';
import type { Finding } from './finding.ts';

/** What the application saw, and how long it took. */
export function judgeEnding(
  { outcome, within }: Expectation,
  ending: Ending,
  line: number,
): readonly Finding[] {
  const got = endingText(ending);
  const findings: Finding[] = [];
  if (outcome !== null) {
    const passed = ending.outcome === outcome;
    findings.push({ name: WORDS[outcome], passed, message: passed ? got : `got: ${got}`, line });
  }
  if (within !== null) {
    const passed = ending.took !== null && ending.took <= within;
    findings.push({
      name: `within ${formatNanos(within)}`,
      passed,
      message: passed ? got : `got: ${got}`,
      line,
    });
  }
  return findings;
}

const WORDS: { readonly [Outcome in ConversationOutcome]: string } = {
  answered: 'is answered',
  connected: 'is connected',
  refused: 'is refused',
  unreachable: 'is told that it is unreachable',
  reset: 'is broken off',
  'timed-out': 'gives up',
  silent: 'hears nothing',
  'not-configured': 'sends nothing, as it has no client software',
  tampered: 'sends nothing, as it was opened',
};

/** `answered after 104 µs`, `connection timed out after 20 s`, `no answer`. */
export function endingText({ outcome, took, hint }: Ending): string {
  if (outcome === 'timed-out') {
    const because = hint === null ? '' : `: ${hint}`;
    return `connection timed out after ${took === null ? '' : formatNanos(took)}${because}`;
  }
  if (outcome === 'not-configured' || outcome === 'tampered') return hint ?? outcome;
  if (took === null) return 'no answer';
  return `${outcome} after ${formatNanos(took)}`;
}
