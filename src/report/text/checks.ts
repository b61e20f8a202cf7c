import type { Check, ScenarioReport } from '../../scenario/index.ts';
import { columnsOf, padEnd } from './columns.ts';
import { type Look, printable, WIDTH } from './look.ts';
import { INDENT, paragraph } from './paragraph.ts';

/** Claims hold for packets that nobody has sent; their verdicts stand in a column. */
export function claimLines(scenario: ScenarioReport, look: Look): readonly string[] {
  const claims = scenario.checks.filter(({ step }) => step === null);
  if (claims.length === 0) return [];
  const passed = claims.filter((claim) => claim.passed);
  const width = Math.min(64, Math.max(0, ...passed.map(({ name }) => columnsOf(printable(look, name)))));
  const head = 'claims, decided for all packets that anybody could send, forged ones too:';
  return [
    ...paragraph(head, INDENT, look),
    ...claims.flatMap((claim) =>
      claim.passed ? passedLines(claim.name, claim.message, width, look) : failedLines(scenario, claim, look),
    ),
  ];
}

/** What passed in one line where it fits; what passed for several senders once; of what failed all that helps. */
export function stepCheckLines(
  scenario: ScenarioReport,
  checks: readonly Check[],
  look: Look,
): readonly string[] {
  const told = new Set<string>();
  const lines = checks.flatMap((check) => {
    if (!check.passed) return failedLines(scenario, check, look);
    const alike = checks.filter((other) => other.passed && bareName(other) === bareName(check));
    if (alike.length === 1) return passedLines(check.name, check.message, 0, look);
    if (told.has(bareName(check))) return [];
    told.add(bareName(check));
    return passedLines(bareName(check), `for each of ${alike.length} senders`, 0, look);
  });
  const taught = checks.find(({ passed, teach }) => passed && teach !== null)?.teach ?? null;
  return taught === null ? lines : [...lines, ...paragraph(taught, INDENT + 2, look)];
}

function bareName({ name, sender }: Check): string {
  return sender === null ? name : name.slice(`${sender}: `.length);
}

/** What was got stands beside the name, unless the name says it already. */
function passedLines(name: string, message: string, width: number, look: Look): readonly string[] {
  const sign = printable(look, '✔');
  const indent = INDENT + columnsOf(sign) + 1;
  const lead = `${' '.repeat(INDENT)}${look.palette.good(sign)} `;
  const [first = '', ...more] = paragraph(name, indent, look);
  const says = printable(look, unsaid(name, message));
  const beside = padEnd(first.trimStart(), width);
  if (more.length === 0 && indent + columnsOf(beside) + 2 + columnsOf(says) <= WIDTH) {
    return [says === '' ? `${lead}${first.trimStart()}` : `${lead}${beside}  ${look.palette.dim(says)}`];
  }
  const below = says === '' ? [] : paragraph(says, indent + 2, look).map(look.palette.dim);
  return [`${lead}${first.trimStart()}`, ...more, ...below];
}

/** What of the message the name of the check has not said: `line 1, login: OK` wants no second `OK`. */
function unsaid(name: string, message: string): string {
  if (name.includes(message)) return '';
  const wanted = name.slice(name.lastIndexOf(': ') + 2);
  return message.startsWith(`${wanted} `) ? message.slice(wanted.length + 1) : message;
}

/** The check, what was got instead, the text that teaches, the place, the replay. */
function failedLines(scenario: ScenarioReport, check: Check, look: Look): readonly string[] {
  const sign = printable(look, '✘');
  const indent = INDENT + columnsOf(sign) + 1;
  const [first = '', ...more] = paragraph(check.name, indent, look);
  return [
    `${' '.repeat(INDENT)}${look.palette.bad(sign)} ${first.trimStart()}`,
    ...more,
    ...(check.message === check.name ? [] : paragraph(check.message, indent + 2, look)),
    ...(check.teach === null ? [] : paragraph(check.teach, indent + 2, look)),
    ...paragraph(`--> ${scenario.file}:${check.line}`, indent + 2, look).map(look.palette.dim),
    ...paragraph(`replay: vnsim run ${quoted(scenario.file)} --seed ${scenario.seed}`, indent + 2, look),
  ];
}

/** A file name as it may be pasted into a shell. */
function quoted(file: string): string {
  return /^[\w./\\:-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`;
}
