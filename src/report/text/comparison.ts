import { describe } from '../../packet/index.ts';
import type { ComparedPair, ComparedSet, Comparison, PacketSet } from '../../scenario/index.ts';
import { columnsOf, wrapWords } from './columns.ts';
import { type Look, printable, WIDTH } from './look.ts';
import { paragraph } from './paragraph.ts';

/** What a change opens and what it closes, with a packet for each. */
export function renderComparison(
  comparison: Comparison,
  files: readonly [before: string, after: string],
  look: Look,
): string {
  const { pairs, onlyBefore, onlyAfter } = comparison;
  const [before, after] = files;
  const lines = [...paragraph(`from ${before} to ${after}`, 0, look).map(look.palette.strong)];
  for (const pair of pairs) lines.push('', ...pairLines(pair, look));
  if (onlyBefore.length > 0)
    lines.push('', ...paragraph(`only in ${before}: ${onlyBefore.join(', ')}`, 0, look));
  if (onlyAfter.length > 0)
    lines.push('', ...paragraph(`only in ${after}: ${onlyAfter.join(', ')}`, 0, look));
  lines.push('', ...paragraph(totalOf(comparison), 0, look));
  return `${lines.join('\n')}\n`;
}

function pairLines({ from, to, opened, closed, arrives }: ComparedPair, look: Look): readonly string[] {
  return [
    look.palette.strong(printable(look, `${from} → ${to}`)),
    ...opened.flatMap((one) => setLines('+', one, look)),
    ...closed.flatMap((one) => setLines('-', one, look)),
    ...(arrives === null ? [] : arrivalLines(arrives, look)),
  ];
}

function setLines(sign: '+' | '-', { sent, confirmed }: ComparedSet, look: Look): readonly string[] {
  const paint = sign === '+' ? look.palette.good : look.palette.bad;
  const lead = `  ${sign} `;
  const [first = '', ...more] = wrapWords(printable(look, setWords(sent)), WIDTH - columnsOf(lead));
  const example = `for instance ${describe(confirmed.frame)}, as the engine ${sign === '+' ? 'delivers' : 'delivered'} it`;
  return [
    paint(lead) + first,
    ...more.map((line) => `    ${line}`),
    ...paragraph(example, 6, look).map(look.palette.dim),
  ];
}

function arrivalLines(arrives: NonNullable<ComparedPair['arrives']>, look: Look): readonly string[] {
  const words = (sets: readonly PacketSet[]): string => sets.map(setWords).join('; ');
  return [
    ...paragraph('~ the same packets, but as they arrive they were', 2, look),
    ...paragraph(words(arrives.before), 6, look),
    ...paragraph('and are', 4, look),
    ...paragraph(words(arrives.after), 6, look),
  ];
}

/** `tcp/22 from 10.0.0.7 to 10.0.0.201` */
function setWords({ source, target, traffic, sourcePorts }: PacketSet): string {
  const ports = sourcePorts === 'any' ? '' : ` port ${sourcePorts}`;
  return `${traffic} from ${source}${ports} to ${target}`;
}

function totalOf({ pairs, onlyBefore, onlyAfter }: Comparison): string {
  const alike = onlyBefore.length + onlyAfter.length === 0;
  if (pairs.length === 0)
    return alike
      ? 'Both let through exactly the same, of all packets that any machine could send unasked, forged ones too.'
      : 'Between the machines that both have, the same packets get through. What the others send and get is not compared.';
  const opened = pairs.filter((pair) => pair.opened.length > 0).length;
  const closed = pairs.filter((pair) => pair.closed.length > 0).length;
  const otherwise = pairs.filter(({ arrives }) => arrives !== null).length;
  const parts = [
    `something is opened between ${count(opened)}`,
    `something is closed between ${count(closed)}`,
  ];
  if (otherwise > 0) parts.push(`packets arrive otherwise between ${count(otherwise)}`);
  return `${parts.join(', ')}; nothing else differs${alike ? '' : ' between the machines that both have'}`;
}

function count(pairs: number): string {
  return pairs === 1 ? '1 pair of machines' : `${pairs} pairs of machines`;
}
