import { formatNanos, present, type Source } from '../../base/index.ts';
import { frameAfter, type Journey, type Step } from '../../dataplane/index.ts';
import { describe, isIp } from '../../packet/index.ts';
import type { Program } from '../../program/index.ts';
import { type Change, changesOf, innermost } from '../changes.ts';
import type { Exchange } from '../documents.ts';
import type { Rejected, StepExplanation } from '../explain/explanation.ts';
import { sealedWords } from '../explain/records.ts';
import { explainStep } from '../explain/table.ts';
import { type Hop, hopsOf, isSubstrate } from '../legs.ts';
import { columnsOf, padEnd } from './columns.ts';
import { layOut, type Row, under } from './grid.ts';
import type { Look } from './look.ts';
import { summaryLines } from './verdict.ts';

/**
 * How much a trace says.
 *
 * - `minimal`: one row for each device that stands in a network, with the packet as it left
 * - `summary`: what decided, and which headers it rewrote
 * - `full`: every stage, its rule with its line in the scenario file, what did not match, every effect
 */
export type Detail = 'minimal' | 'summary' | 'full';

const MOST_REJECTED = 12;

/** A request and, if there is one, its reply, for people: lines of at most 100 columns, the last ones the verdict. */
export function renderTrace(exchange: Exchange, detail: Detail, look: Look): string {
  const { program, request, reply } = exchange;
  const requestRows = legRows(program, request, '→', 1, detail);
  const first = 1 + hopsOf(program, request).length;
  const replyRows = reply === null ? [] : legRows(program, reply, '←', first, detail);
  const lines = [...layOut(look, [...requestRows, ...replyRows]), ...summaryLines(exchange, look)];
  return `${lines.join('\n')}\n`;
}

function legRows(
  program: Program,
  journey: Journey,
  marker: string,
  first: number,
  detail: Detail,
): readonly Row[] {
  const rows = hopsOf(program, journey).flatMap((hop, index) => {
    const shown =
      detail === 'minimal' ? minimalRows(hop) : hopRows(program, hop, journey, index === 0, detail);
    return shown.map((row, at) => (at === 0 ? { ...row, hop: first + index, device: hop.device.name } : row));
  });
  return rows.map((row, index) => (index === 0 ? { ...row, marker } : row));
}

/** The packet as it leaves the device, or as it reached the device where it ended. */
function minimalRows(hop: Hop): readonly Row[] {
  const last = present(hop.steps.at(-1), 'a hop has a step');
  if (last.outcome.verdict === 'drop') return dropRows(last, explainStep(last));
  if (isSubstrate(hop.device)) return [];
  const frame = innermost(frameAfter(last));
  const ttl = isIp(frame.body) ? `ttl ${frame.body.ttl}` : '';
  return [under(last.outcome.verdict === 'deliver' ? 'deliver' : 'send', describe(frame), 'plain', ttl)];
}

/** What its sender says about a packet, and for whom it is encrypted where it is. */
function sentRows(program: Program, { frame }: Journey): Row[] {
  const sealed = sealedWords(program, frame);
  return [under('send', describe(frame)), ...(sealed === null ? [] : [under('sealed', sealed)])];
}

function hopRows(
  program: Program,
  hop: Hop,
  journey: Journey,
  isFirst: boolean,
  detail: Detail,
): readonly Row[] {
  const rows: Row[] = isFirst ? sentRows(program, journey) : [];
  const tone = isSubstrate(hop.device) ? 'dim' : 'plain';
  let carried: readonly Change[] = [];
  for (const step of hop.steps) {
    const changes = [...carried, ...changesOf(step.before, frameAfter(step))];
    if (detail === 'full' || isTelling(step)) {
      rows.push(...stepRows(step, changes, tone, detail));
      carried = [];
    } else {
      carried = changes;
    }
  }
  const last = hop.steps.at(-1);
  if (last !== undefined && rows.length === 0) rows.push(...stepRows(last, carried, tone, detail));
  else rows.push(...changeRows(carried, tone, detail));
  if (detail !== 'full') return rows;
  return rows.map((row, index) => (index === 0 ? beside(row, `at ${formatNanos(hop.now)}`) : row));
}

/** Whether a stage decided something that a reader of the summary wants to see. */
function isTelling({ stage, outcome }: Step): boolean {
  if (outcome.verdict === 'drop' || outcome.verdict === 'hold' || outcome.verdict === 'flood') return true;
  if (outcome.verdict === 'consume' || outcome.verdict === 'deliver') return true;
  switch (stage.kind) {
    case 'filter':
    case 'locate':
    case 'wrap':
    case 'unwrap':
    case 'seal':
    case 'open':
    case 'translate':
    case 'one-to-one':
    case 'route':
    case 'switch':
    case 'answer':
      return true;
    case 'impair':
      return outcome.verdict === 'postpone' || outcome.frame !== null;
    case 'acl':
      return outcome.rule >= 0;
    case 'tag':
    case 'gather':
      return outcome.frame !== null;
    case 'fit':
      return outcome.pieces !== null;
    case 'guard':
    case 'channel':
    case 'accept':
    case 'neighbour':
    case 'global':
    case 'vlan':
    case 'transmit':
    case 'deliver':
      return false;
  }
}

/** Header fields that were rewritten, but for the TTL, which stands at the right. */
function changeRows(changes: readonly Change[], tone: Row['tone'], detail: Detail): readonly Row[] {
  return changes.flatMap(({ field, before, after }) => {
    if (field === 'ttl' || (detail !== 'full' && field.startsWith('link'))) return [];
    const [label = field, ...rest] = field.split(' ');
    const text = [...rest, before, '→', after].join(' ');
    return [under(label, text, tone === 'dim' ? 'dim' : 'changed')];
  });
}

function beside(row: Row, right: string): Row {
  return { ...row, right: [row.right, right].filter((part) => part !== '').join('   ') };
}

function stepRows(step: Step, changes: readonly Change[], tone: Row['tone'], detail: Detail): readonly Row[] {
  const told = explainStep(step);
  if (step.outcome.verdict === 'drop') return dropRows(step, told);
  const place = told.rule === null ? '' : placeWords(told.source);
  const rows: Row[] = [under(step.stage.kind, told.because, tone, place)];
  if (detail === 'full' && told.rule !== null && told.rule !== told.because) {
    rows.push(under('rule', told.rule, 'dim'));
  }
  const rewritten = step.stage.kind === 'tag' ? changes.filter(({ field }) => field !== 'VLAN') : changes;
  rows.push(...changeRows(rewritten, tone, detail));
  if (step.outcome.verdict === 'deliver') rows.push(under('sees', describe(step.before)));
  const last = rows.pop();
  if (last !== undefined) rows.push(beside(last, ttlWords(step, changes)));
  if (detail === 'full') {
    rows.push(...rejectedRows(told.rejected, 'dim'));
    rows.push(...told.effects.map((effect) => under('effect', effect, tone)));
  }
  return rows;
}

function ttlWords(step: Step, changes: readonly Change[]): string {
  const ttl = changes.filter(({ field }) => field === 'ttl');
  const [first, last] = [ttl[0], ttl.at(-1)];
  if (first !== undefined && last !== undefined) return `ttl ${first.before} → ${last.after}`;
  const body = step.before.body;
  return step.outcome.verdict === 'deliver' && isIp(body) ? `ttl ${body.ttl}` : '';
}

/** `fig3.yaml:24`: the name is enough, since a trace is of one file. */
function placeWords(source: Source | null): string {
  if (source === null) return '';
  const name = source.file.slice(Math.max(source.file.lastIndexOf('/'), source.file.lastIndexOf('\\')) + 1);
  return `${name}:${source.line}`;
}

/** The reason, and under it each rule that did not match with the field on which it failed. */
function dropRows(step: Step, told: StepExplanation): readonly Row[] {
  const reason = step.outcome.reason ?? 'dropped';
  const place = told.rejected.length > 0 ? '' : placeWords(told.source);
  return [
    under('DROP', `${padEnd(reason, 14)} ${told.because}`, 'bad', place),
    ...rejectedRows(told.rejected, 'plain'),
    ...told.effects.map((effect) => under('effect', effect)),
  ];
}

function rejectedRows(rejected: readonly Rejected[], tone: Row['tone']): readonly Row[] {
  const shown = rejected.slice(0, MOST_REJECTED);
  const width = Math.min(44, Math.max(0, ...shown.map(({ rule }) => columnsOf(rule))));
  const rows = shown.map(({ rule, field, source }) =>
    under('', `${padEnd(rule, width)}  ✘ ${field}`, tone, placeWords(source)),
  );
  const more = rejected.length - shown.length;
  return more === 0 ? rows : [...rows, under('', `… and ${more} more that did not match`, tone)];
}
