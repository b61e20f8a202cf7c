import {
  CLIENT_LINES,
  CONSOLE_SYNTAX,
  fitsUsage,
  OPERATOR_LINE,
  STORAGE_LINES,
  usageOf,
} from '../hsm/index.ts';
import type { Draft, Rule } from './checks.ts';
import type { Complaint } from './diagnostics.ts';
import type { Expectation, Path, Talk } from './scenario.ts';
import type { Fault } from './shape.ts';
import { quoted, suggest } from './wording.ts';

/** Rules about what is said to security modules: a line that nobody could understand is a slip, not something to try out. */
export const lineRules: readonly Rule[] = [linesAreLines];

function linesAreLines({ steps }: Draft): readonly Fault[] {
  return steps.flatMap((step): readonly Fault[] => {
    if (step?.kind === 'load')
      return wrongLines({ kind: 'pkcs11', lines: step.lines }, [...step.where, 'load'], null);
    if (step?.kind !== 'send') return [];
    return step.packets.flatMap(({ talk, where }) =>
      talk === null ? [] : wrongLines(talk, where, step.expect),
    );
  });
}

/** Whoever expects `BAD_VALUE` for a line means it. */
function wrongLines(
  { kind, lines }: Pick<Talk, 'kind' | 'lines'>,
  where: Path,
  expect: Expectation | null,
): readonly Fault[] {
  return lines.flatMap((line, index): readonly Fault[] => {
    if (expect?.answers?.[index]?.startsWith('BAD_VALUE') === true) return [];
    const complaint = wrongWith(kind, line);
    return complaint === null
      ? []
      : [{ code: 'scenario/unknown-line', where: [...where, kind, index], complaint }];
  });
}

function wrongWith(kind: Talk['kind'], line: string): Pick<Complaint, 'message' | 'help'> | null {
  const [verb = '', ...words] = line.trim().split(/ +/);
  const usages = USAGES[kind];
  const usage = Object.hasOwn(usages, verb) ? usages[verb] : undefined;
  if (usage === undefined) {
    return {
      message: `no line of ${kind} begins with ${quoted(verb)}`,
      help: suggest(verb, Object.keys(usages), 'there are'),
    };
  }
  const wanted = usage.split(' ').length - 1;
  // a text, or what another line gave, may have blanks in it
  const tooMany = kind !== 'pkcs11' && !takesAll(kind, verb) && words.length > wanted;
  const fits = kind === 'pkcs11' ? fitsUsage(usage, words) : words.length >= wanted;
  if (fits && !tooMany) return null;
  if (words.length >= wanted && !tooMany) {
    return { message: `${quoted(words[0] ?? '')} is none of the choices`, help: `write: ${usage}` };
  }
  const message =
    wanted === 0
      ? `${quoted(verb)} stands alone`
      : `${quoted(verb)} is followed by ${counted(wanted)}, and not by ${counted(words.length)}`;
  return { message, help: `write: ${usage}` };
}

function counted(words: number): string {
  if (words === 0) return 'nothing';
  return words === 1 ? 'one word' : `${words} words`;
}

function takesAll(kind: Talk['kind'], verb: string): boolean {
  if (kind === 'store' || kind === 'objects') return verb.startsWith('put');
  const syntax = CONSOLE_SYNTAX as Readonly<Record<string, string>>;
  return kind === 'console' && /:(line|card|backup|objects)$/.test(syntax[verb] ?? '');
}

/** How lines are written, by what they begin with. */
const USAGES: { readonly [Kind in Talk['kind']]: Readonly<Record<string, string>> } = {
  pkcs11: CLIENT_LINES,
  console: Object.fromEntries(
    Object.keys(CONSOLE_SYNTAX).map((kind) => [kind, usageOf(kind as keyof typeof CONSOLE_SYNTAX)]),
  ),
  rped: { unlock: OPERATOR_LINE },
  objects: Object.fromEntries(STORAGE_LINES.map((usage) => [usage.split(' ')[0], usage])),
  store: { put: 'put NAME RECORD', get: 'get NAME', delete: 'delete NAME', list: 'list' },
};
