import { formatNanos } from '../../base/index.ts';
import type { Journey } from '../../dataplane/index.ts';
import type { Frame } from '../../packet/index.ts';
import type { Program } from '../../program/index.ts';
import type { Answer, Check, RunReport, ScenarioReport, StepReport } from '../../scenario/index.ts';
import { innermost } from '../changes.ts';
import { counted, sourceWords, targetWords } from '../explain/wording.ts';
import { arrivalOf, endOf } from '../legs.ts';
import { columnsOf, padEnd, padStart, wrapWords } from './columns.ts';
import { type Look, printable, WIDTH } from './look.ts';
import { renderTrace } from './trace.ts';

const INDENT = 5;

/** What `vnsim run` prints: each scenario with its steps and checks, the evidence for what failed, and a count. */
export function renderRun(report: RunReport, look: Look): string {
  const lines = report.scenarios.flatMap((scenario) => [...scenarioLines(scenario, look), '']);
  return `${[...lines, totalLine(report, look)].join('\n')}\n`;
}

function totalLine({ passed, failed, scenarios }: RunReport, look: Look): string {
  const where = `in ${counted(scenarios.length, 'scenario')}`;
  if (failed === 0)
    return `${look.palette.good(printable(look, '✔'))} ${counted(passed, 'check')} passed ${where}`;
  return `${look.palette.bad(printable(look, '✘'))} ${failed} of ${counted(passed + failed, 'check')} failed ${where}`;
}

function scenarioLines(scenario: ScenarioReport, look: Look): readonly string[] {
  const claims = scenario.checks.filter(({ step }) => step === null);
  const steps = scenario.steps.flatMap((step) => stepLines(scenario, step, look));
  return [
    ...paragraph(scenario.title, 0, look).map(look.palette.strong),
    look.palette.dim(printable(look, `${scenario.file} · seed ${scenario.seed}`)),
    ...(scenario.about === null ? [] : paragraph(scenario.about, 2, look)),
    '',
    ...steps,
    ...(claims.length === 0 || steps.length === 0 || steps.at(-1) === '' ? [] : ['']),
    ...(claims.length === 0 ? [] : [` ${padStart('', 2)}  for all packets that anybody could send`]),
    ...claims.flatMap((check) => checkLines(scenario, check, look)),
  ];
}

function stepLines(scenario: ScenarioReport, step: StepReport, look: Look): readonly string[] {
  const failed = step.checks.some(({ passed }) => !passed);
  const lines = [
    ...headLines(step, look),
    ...step.checks.flatMap((check) => checkLines(scenario, check, look)),
    ...(step.answer === null ? [] : answerLines(step.answer, look)),
  ];
  const { program, request, reply } = step;
  if (failed && request !== null) {
    lines.push('', ...renderTrace({ program, request, reply }, 'summary', look).trimEnd().split('\n'), '');
  } else if (request !== null && reply !== null) {
    lines.push(...headerLines(program, request, reply, look));
  }
  return lines;
}

function headLines({ index, title, at }: StepReport, look: Look): readonly string[] {
  const time = `at ${formatNanos(at)}`;
  const lines = wrapWords(printable(look, title), WIDTH - INDENT - columnsOf(time) - 2);
  return lines.map((line, row) => {
    if (row > 0) return ' '.repeat(INDENT) + line;
    const head = `${padStart(String(index + 1), INDENT - 2)}  ${line}`;
    return head + look.palette.dim(padStart(printable(look, time), WIDTH - columnsOf(head)));
  });
}

/** The check, what came of it, and for a failure everything that helps: the text that teaches, the place, the replay. */
function checkLines(scenario: ScenarioReport, check: Check, look: Look): readonly string[] {
  const sign = printable(look, check.passed ? '✔' : '✘');
  const paint = check.passed ? look.palette.good : look.palette.bad;
  const indent = INDENT + columnsOf(sign) + 1;
  const [first = '', ...more] = paragraph(check.name, indent, look);
  const lines = [`${' '.repeat(INDENT)}${paint(sign)} ${first.trimStart()}`, ...more];
  const says = check.message === check.name ? [] : paragraph(check.message, indent + 2, look);
  lines.push(...(check.passed ? says.map(look.palette.dim) : says));
  if (check.teach !== null) lines.push(...paragraph(check.teach, indent + 2, look));
  if (check.passed) return lines;
  return [
    ...lines,
    ...paragraph(`--> ${scenario.file}:${check.line}`, indent + 2, look).map(look.palette.dim),
    ...paragraph(`replay: vnsim run ${quoted(scenario.file)} --seed ${scenario.seed}`, indent + 2, look),
  ];
}

/** A file name as it may be pasted into a shell. */
function quoted(file: string): string {
  return /^[\w./\\:-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`;
}

/** The four headers of FIG. 3: request and reply, each as the customer and as the HSM saw it. */
function headerLines(program: Program, request: Journey, reply: Journey, look: Look): readonly string[] {
  const [arrived, returned] = [arrivalOf(request), arrivalOf(reply)];
  if (arrived === null || returned === null) return [];
  const caller = program.devices[request.place.device]?.name ?? '';
  const called = endOf(program, request).device.name;
  const rows = [
    headerRow('request', request.frame, caller),
    headerRow('', arrived, called),
    headerRow('reply', reply.frame, called),
    headerRow('', returned, caller),
  ];
  const head = ['', 'source', 'target', 'ttl', 'seen at'];
  const widths = head.map((text, column) =>
    Math.max(columnsOf(text), ...rows.map((row) => columnsOf(row[column] ?? ''))),
  );
  const line = (row: readonly string[]): string => {
    const cells = row.map((cell, column) =>
      column === 3 ? padStart(cell, widths[column] ?? 0) : padEnd(cell, widths[column] ?? 0),
    );
    return printable(look, `${' '.repeat(INDENT)}${cells.join('  ')}`.trimEnd());
  };
  return ['', look.palette.dim(line(head)), ...rows.map(line), ''];
}

function headerRow(name: string, frame: Frame, seenAt: string): readonly string[] {
  const packet = innermost(frame).body;
  if (packet.kind !== 'ipv4') return [name, '', '', '', seenAt];
  return [name, sourceWords(packet), targetWords(packet), String(packet.ttl), seenAt];
}

function answerLines({ bytes, text, verified }: Answer, look: Look): readonly string[] {
  const lines = paragraph(
    `answer: ${text === '' ? counted(bytes.length, 'byte') : text.trimEnd()}`,
    INDENT,
    look,
  );
  if (verified === null) return lines;
  const sign = printable(look, verified.valid ? '✔' : '✘');
  const paint = verified.valid ? look.palette.good : look.palette.bad;
  const words = `the ${verified.algorithm} signature is ${verified.valid ? 'valid' : 'NOT valid'} under the key`;
  return [
    ...lines,
    `${' '.repeat(INDENT)}${paint(sign)} ${printable(look, words)}`,
    ...paragraph(verified.publicKey, INDENT + 2 + columnsOf(sign) - 1, look).map(look.palette.dim),
  ];
}

/** Text of a user, line by line, wrapped and indented. */
function paragraph(text: string, indent: number, look: Look): readonly string[] {
  return text
    .trimEnd()
    .split('\n')
    .flatMap((line) => wrapWords(printable(look, line), WIDTH - indent))
    .map((line) => `${' '.repeat(indent)}${line}`.trimEnd());
}
