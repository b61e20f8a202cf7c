import type { Blocked, PacketSet, Passing, Reach } from '../../scenario/index.ts';
import { columnsOf, padEnd, wrapWords } from './columns.ts';
import { type Look, printable, WIDTH } from './look.ts';
import { paragraph } from './paragraph.ts';

/** Exactly what gets through, or everything that is in the way. */
export function renderReach(reach: Reach, look: Look): string {
  const { from, to, passages, blocked } = reach;
  const head = look.palette.strong(printable(look, `what ${from} sends and ${to} gets`));
  const lines = [head, ''];
  if (passages.length === 0) lines.push(...paragraph(emptiness(reach), 2, look));
  for (const line of passageLines(passages)) lines.push(...wrapped(line, look));
  if (passages.length > 0) lines.push('', ...paragraph(exactness(reach), 0, look));
  if (blocked !== null) lines.push('', ...blockedLines(blocked, look));
  return `${lines.join('\n')}\n`;
}

function emptiness({ from, to, carried, blocked }: Reach): string {
  if (carried === null) return 'nothing: name a port (-p) or a protocol (--proto) to hear what is in the way';
  return blocked === null ? `nothing: no address that ${from} could call leads to ${to}` : 'nothing';
}

function exactness({ from, carried, passages }: Reach): string {
  const what = carried === null ? 'Nothing else' : 'No other packet of this kind';
  const shown = passages.filter(({ confirmed }) => confirmed !== null).length;
  const judged = shown === 0 ? 'It needs no wire.' : `The engine delivered one of each (${shown}).`;
  return `${what} that ${from} sends unasked from its own address gets there. ${judged}`;
}

/** One line a passage, in columns. */
function passageLines(passages: readonly Passing[]): readonly string[] {
  const several = new Set(passages.map(({ to }) => to)).size > 1;
  const rows = passages.map(({ to, sent, arrives }) => [
    `to ${sent.target}`,
    `${sent.traffic}${portsOf(sent)}`,
    arrivalWords(sent, arrives) + (several ? ` at ${to}` : ''),
  ]);
  const width = (column: number): number => Math.max(...rows.map((row) => columnsOf(row[column] ?? '')));
  return rows.map(([target = '', what = '', arrival = '']) =>
    `${padEnd(target, width(0))}  ${padEnd(what, width(1))}  ${arrival}`.trimEnd(),
  );
}

function portsOf({ sourcePorts }: PacketSet): string {
  return sourcePorts === 'any' ? '' : ` from port ${sourcePorts}`;
}

function arrivalWords(sent: PacketSet, arrives: PacketSet): string {
  const same = sent.source === arrives.source && sent.target === arrives.target;
  return same ? 'arrives as it is' : `arrives as ${arrives.source} → ${arrives.target}`;
}

function wrapped(line: string, look: Look): readonly string[] {
  const [first = '', ...more] = wrapWords(printable(look, line), WIDTH - 4);
  return [`  ${first}`, ...more.map((rest) => `    ${rest}`)];
}

function blockedLines({ target, blockers, opens, confirmed }: Blocked, look: Look): readonly string[] {
  const lines = [...paragraph(`called at ${target}, it meets:`, 0, look)];
  blockers.forEach(({ stops, message, change }, index) => {
    const number = `${index + 1}. `;
    const indent = 2 + number.length;
    const [first = '', ...more] = wrapWords(printable(look, `the ${stops} is ${message}`), WIDTH - indent);
    lines.push(`  ${number}${first}`, ...more.map((line) => ' '.repeat(indent) + line));
    const words = change === null ? 'no rule, link or channel would help' : `opened by ${change}`;
    lines.push(...paragraph(words, indent, look).map(look.palette.dim));
  });
  const shown = confirmed === null ? '' : ', as the engine confirms';
  const end = opens
    ? `With ${blockers.length === 1 ? 'this one change' : `these ${blockers.length} changes`} it gets there, and its answer comes back${shown}.`
    : 'That is as far as it gets.';
  return [...lines, '', ...paragraph(end, 0, look)];
}
