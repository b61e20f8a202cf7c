import type { Decided } from '../../scenario/index.ts';
import { columnsOf, wrapWords } from './columns.ts';
import { type Look, printable, WIDTH } from './look.ts';
import { renderTrace } from './trace.ts';

/** What became of each claim; a refuted one with the packet that breaks it, as the engine replayed it. */
export function renderProofs(decided: readonly Decided[], look: Look): string {
  const lines: string[] = [];
  for (const one of decided) {
    const proved = one.verdict === 'proved';
    const sign = printable(look, proved ? '✔' : '✘');
    const verdict = (proved ? look.palette.good : look.palette.bad)(`${sign} ${one.verdict}`);
    const indent = columnsOf(`${sign} ${one.verdict}  `);
    const [first = '', ...more] = wrapWords(printable(look, one.text), WIDTH - indent);
    lines.push(`${verdict}  ${look.palette.strong(first)}`, ...more.map((line) => ' '.repeat(indent) + line));
    for (const line of wrapWords(printable(look, one.message), WIDTH - indent)) {
      lines.push(' '.repeat(indent) + look.palette.dim(line));
    }
    if (one.witness !== null) {
      const exchange = { program: one.program, request: one.witness, reply: null };
      lines.push('', ...renderTrace(exchange, 'summary', look).trimEnd().split('\n'), '');
    }
  }
  const assumptions = [...new Set(decided.flatMap((one) => one.assumptions))];
  if (assumptions.length > 0) {
    if (lines.at(-1) !== '') lines.push('');
    lines.push(look.palette.dim('every proof takes for granted:'));
  }
  for (const assumption of assumptions) {
    const [first = '', ...more] = wrapWords(printable(look, assumption), WIDTH - 4);
    lines.push(look.palette.dim(`  - ${first}`), ...more.map((line) => look.palette.dim(`    ${line}`)));
  }
  const proved = decided.filter(({ verdict }) => verdict === 'proved').length;
  const total =
    decided.length === 0
      ? 'the scenario claims nothing: add a list `prove:`, or name a claim after the file'
      : `${proved} of ${decided.length} ${decided.length === 1 ? 'claim' : 'claims'} proved`;
  const gap = lines.length === 0 || lines.at(-1) === '' ? [] : [''];
  return `${[...lines, ...gap, printable(look, total)].join('\n')}\n`;
}
