import { parseClaim } from './claim-forms.ts';
import { type Diagnostic, diagnostic, placeOfWord } from './diagnostics.ts';
import { directoryOf } from './directory.ts';
import { readClaims } from './read-claims.ts';
import type { Reading } from './reading.ts';
import type { Path, Scenario, StatedClaim } from './scenario.ts';

/**
 * Claims that somebody asks about besides those that the scenario states; complaints count them as lines of what is `said`.
 */
export function readAskedClaims(
  scenario: Scenario,
  texts: readonly string[],
  said = 'the command line',
): { readonly claims: readonly StatedClaim[]; readonly diagnostics: readonly Diagnostic[] } {
  const spotOf = (index: number, word: string | undefined) => {
    const excerpt = texts[index] ?? '';
    const at = word === undefined ? -1 : placeOfWord(excerpt, word);
    const [column, length] = word === undefined || at < 0 ? [1, excerpt.length] : [at + 1, word.length];
    return { line: index + 1, column, length: Math.max(1, length), excerpt };
  };
  const diagnostics: Diagnostic[] = [];
  for (const [index, text] of texts.entries()) {
    const parsed = parseClaim(text);
    if (parsed.ok) continue;
    diagnostics.push(diagnostic('scenario/bad-claim', said, spotOf(index, parsed.fault.part), parsed.fault));
  }
  if (diagnostics.length > 0) return { claims: [], diagnostics };
  const indexOf = (where: Path) => Number(where[1] ?? 0);
  const reading: Reading = {
    directory: directoryOf(scenario.text),
    customers: scenario.customers,
    said: (where) => ({ where, source: { file: said, line: indexOf(where) + 1, column: 1 } }),
    faults: [],
    isLost: () => false,
  };
  const claims = readClaims(reading, texts);
  for (const { code, where, complaint } of reading.faults) {
    diagnostics.push(diagnostic(code, said, spotOf(indexOf(where), complaint.part), complaint));
  }
  return { claims, diagnostics };
}
