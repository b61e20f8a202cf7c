import type { PingMatrix, PingResult } from '../../scenario/index.ts';
import { columnsOf, padEnd, wrapWords } from './columns.ts';
import { type Look, printable, WIDTH } from './look.ts';

/** Who reaches whom: one line for each machine and what it can reach, and why it reaches nothing else. */
export function renderMatrix({ targets, rows }: PingMatrix, look: Look): string {
  const lines = [look.palette.strong('who answers whose ping')];
  for (const { from, results } of rows) {
    lines.push('', look.palette.strong(printable(look, from)));
    const width = Math.max(0, ...targets.map(({ address }) => address.length));
    results.forEach((result, index) => {
      const target = targets[index];
      if (target === undefined) return;
      lines.push(...resultLines(target, result, width, look));
    });
  }
  const answered = rows
    .flatMap(({ results }) => results)
    .filter(({ outcome }) => outcome === 'answered').length;
  const all = rows.length * targets.length;
  lines.push('', printable(look, `${answered} of ${all} pings are answered`));
  return `${lines.join('\n')}\n`;
}

function resultLines(
  target: PingMatrix['targets'][number],
  { outcome, reached, reason }: PingResult,
  width: number,
  look: Look,
): readonly string[] {
  const good = outcome === 'answered';
  const sign = (good ? look.palette.good : look.palette.bad)(printable(look, good ? '✔' : '✘'));
  const head = `  ${sign} ${padEnd(target.address, width)}  `;
  const indent = columnsOf(`  ${printable(look, good ? '✔' : '✘')} ${padEnd(target.address, width)}  `);
  const words = good ? `answered by ${reached}` : (reason ?? 'nothing was sent');
  const [first = '', ...more] = wrapWords(printable(look, words), WIDTH - indent);
  return [head + first, ...more.map((line) => ' '.repeat(indent) + line)];
}
