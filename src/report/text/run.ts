import { formatNanos } from '../../base/index.ts';
import { DROP_REASONS } from '../../dataplane/index.ts';
import type { RunReport, ScenarioReport, StepReport } from '../../scenario/index.ts';
import { counted } from '../explain/wording.ts';
import { type End, endOf } from '../legs.ts';
import { answerLines } from './answer.ts';
import { claimLines, stepCheckLines } from './checks.ts';
import { columnsOf, padStart, wrapWords } from './columns.ts';
import { headerLines } from './headers.ts';
import { loadLines } from './load.ts';
import { type Look, printable, WIDTH } from './look.ts';
import { INDENT, paragraph } from './paragraph.ts';
import { serviceLines } from './service.ts';
import { renderTrace } from './trace.ts';

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
  const steps = scenario.steps.flatMap((step) => stepLines(scenario, step, look));
  const claims = claimLines(scenario, look);
  const gap = claims.length > 0 && steps.at(-1) !== '' ? [''] : [];
  return [
    ...paragraph(scenario.title, 0, look).map(look.palette.strong),
    look.palette.dim(printable(look, `${scenario.file} · seed ${scenario.seed}`)),
    ...(scenario.about === null ? [] : paragraph(scenario.about, 2, look)),
    '',
    ...steps,
    ...gap,
    ...claims,
    ...custodyLines(scenario, look),
  ];
}

/** Who keeps backup keys and what that guarantees; the same words once for all modules that they hold for. */
function custodyLines({ custody }: ScenarioReport, look: Look): readonly string[] {
  if (custody.length === 0) return [];
  const texts = [...new Set(custody.map(({ guarantee }) => guarantee))];
  const lines = texts.flatMap((text) => {
    const where = custody.filter(({ guarantee }) => guarantee === text);
    const names = where.map(({ hsm, partition }) => (partition === null ? hsm : `${partition} on ${hsm}`));
    return paragraph(`${names.join(', ')}: ${text}`, INDENT + 2, look);
  });
  return ['', ...paragraph('who keeps the backup keys, and what that guarantees:', INDENT, look), ...lines];
}

function stepLines(scenario: ScenarioReport, step: StepReport, look: Look): readonly string[] {
  const { program, request, reply, checks, answer } = step;
  const failed = checks.some(({ passed }) => !passed);
  const lines = [...headLines(step, look)];
  if (!failed && request !== null && reply !== null) {
    lines.push(...headerLines({ program, request, reply }, look));
  }
  if (checks.length === 0) lines.push(...endLines(step, look));
  lines.push(...stepCheckLines(scenario, checks, look));
  // a check that names the whole answer has shown it
  const told = checks.some(({ name, passed }) => name === 'answers' && passed);
  if (answer !== null && !told) lines.push(...answerLines(answer, look));
  if (step.service !== null) lines.push(...serviceLines(step.service, look));
  if (step.load !== null) lines.push(...loadLines(step.load, look));
  if (failed && request !== null) {
    lines.push('', ...renderTrace({ program, request, reply }, 'summary', look).trimEnd().split('\n'), '');
  }
  return lines;
}

/** How a packet ended of which nothing was expected, where no table of headers tells it. */
function endLines({ program, request, reply }: StepReport, look: Look): readonly string[] {
  if (request === null) return [];
  const there = endWords(endOf(program, request));
  if (endOf(program, request).outcome !== 'delivered') return paragraph(there, INDENT, look);
  if (reply === null) return paragraph(`${there}, and no answer came`, INDENT, look);
  const back = endOf(program, reply);
  return back.outcome === 'delivered'
    ? []
    : paragraph(`${there}; the reply was ${endWords(back)}`, INDENT, look);
}

function endWords({ outcome, reason, device }: End): string {
  if (reason !== null) return `dropped at ${device.name}: ${reason}, ${DROP_REASONS[reason].title}`;
  return outcome === 'delivered' ? `delivered to ${device.name}` : `lost at ${device.name}`;
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
