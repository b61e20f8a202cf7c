import type { Journey } from '../../dataplane/index.ts';
import { type Frame, isIp } from '../../packet/index.ts';
import type { Program } from '../../program/index.ts';
import { innermost } from '../changes.ts';
import { packetWords, sourceWords, targetWords } from '../explain/wording.ts';
import { arrivalOf, endOf } from '../legs.ts';
import { columnsOf, padEnd, padStart, wrapWords } from './columns.ts';
import { type Look, printable, WIDTH } from './look.ts';
import { INDENT } from './paragraph.ts';
import { viewWords } from './verdict.ts';

/** A request that arrived, and the reply that came back. */
export interface RoundTrip {
  readonly program: Program;
  readonly request: Journey;
  readonly reply: Journey;
}

const HEAD = ['', 'source', 'target', 'ttl', 'packet', ''];

/** The four headers of FIG. 3: request and reply, each as the customer and as the HSM saw it, and what that means. */
export function headerLines(trip: RoundTrip, look: Look): readonly string[] {
  const rows = headerRows(trip);
  if (rows === null) return [];
  const widths = HEAD.map((text, column) =>
    Math.max(columnsOf(text), ...rows.map((row) => columnsOf(row[column] ?? ''))),
  );
  const line = (row: readonly string[]): string => {
    const cells = row.map((cell, column) =>
      column === 3 ? padStart(cell, widths[column] ?? 0) : padEnd(cell, widths[column] ?? 0),
    );
    return printable(look, `${' '.repeat(INDENT)}${cells.join('  ')}`.trimEnd());
  };
  const views = viewWords(trip);
  const said = views.length === 0 ? '' : `so ${views.join(', and ')}`;
  const meaning = said === '' ? [] : wrapWords(printable(look, said), WIDTH - INDENT);
  return [
    '',
    look.palette.dim(line(HEAD)),
    ...rows.map(line),
    ...meaning.map((words) => ' '.repeat(INDENT) + words),
    '',
  ];
}

function headerRows({ program, request, reply }: RoundTrip): readonly (readonly string[])[] | null {
  const [arrived, returned] = [arrivalOf(request), arrivalOf(reply)];
  if (arrived === null || returned === null) return null;
  const caller = program.devices[request.place.device]?.name ?? '';
  const called = endOf(program, request).device.name;
  return [
    headerRow('request', request.frame, `as ${caller} sent it`),
    headerRow('', arrived, `as ${called} got it`),
    headerRow('reply', reply.frame, `as ${called} sent it`),
    headerRow('', returned, `as ${caller} got it`),
  ];
}

function headerRow(name: string, frame: Frame, seen: string): readonly string[] {
  const packet = innermost(frame).body;
  if (!isIp(packet)) return [name, '', '', '', '', seen];
  return [name, sourceWords(packet), targetWords(packet), String(packet.ttl), packetWords(packet), seen];
}
