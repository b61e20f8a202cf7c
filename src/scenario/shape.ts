import type { z } from 'zod';
import type { DiagnosticCode } from './diagnostic-codes.ts';
import type { Complaint } from './diagnostics.ts';
import { nameMeant } from './reference-text.ts';
import type { Path } from './scenario.ts';
import type { ScenarioText } from './scenario-text.ts';
import { scenarioSchema } from './schema.ts';
import type { Objection } from './schema-parts.ts';
import { meant, quoted, suggest } from './wording.ts';

/** A complaint about what stands at a path. */
export interface Fault {
  readonly code: DiagnosticCode;
  readonly where: Path;
  readonly complaint: Complaint;
  /** the key that is not there */
  readonly missing?: string;
  /** the map whose keys do not go together */
  readonly judged?: Path;
  /** what the key at the path was probably meant to be */
  readonly meant?: string;
}

/** How `value` departs from the schema: that of a scenario, or of a part of one. */
export function shapeFaults(
  value: unknown,
  textAt: (where: Path) => string,
  schema: z.ZodType = scenarioSchema,
): readonly Fault[] {
  const judged = schema.safeParse(value);
  if (judged.success) return [];
  return withoutEchoes(judged.error.issues.flatMap((issue) => faultsOf(issue, [], { value, textAt })));
}

/** The value as what the schema says it is, keys in the order of the file. Only without {@link shapeFaults}. */
export function asScenarioText(value: unknown): ScenarioText {
  return value as ScenarioText;
}

/** A misspelt key is also a missing one, or leaves its map with what does not go together: saying it once is enough. */
function withoutEchoes(faults: readonly Fault[]): readonly Fault[] {
  const misspelt = faults.flatMap(({ code, where }) =>
    code === 'scenario/unknown-key' ? [{ map: where.slice(0, -1).join('/'), key: String(where.at(-1)) }] : [],
  );
  return faults.filter(({ code, where, missing, judged }) => {
    const map = (judged ?? where).join('/');
    if (judged !== undefined) return !misspelt.some((slip) => slip.map === map);
    if (code !== 'scenario/missing-key' || missing === undefined) return true;
    return !misspelt.some((slip) => slip.map === map && meant(slip.key, [missing]) !== null);
  });
}

type Issue = z.core.$ZodIssue;

interface Around {
  readonly value: unknown;
  /** as the file has it: `10.0` and not 10 */
  readonly textAt: (where: Path) => string;
}

function faultsOf(issue: Issue, above: Path, around: Around): readonly Fault[] {
  const where: Path = [...above, ...issue.path.map((key) => (typeof key === 'number' ? key : String(key)))];
  const value = valueAt(around.value, where);
  if (value === null) return [noValue(where)];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, where, issue.message));
    case 'invalid_key':
      return issue.issues.flatMap((inner) => faultsOfKey(inner, where));
    case 'invalid_union':
      return faultsOfUnion(issue.errors, where, value, around);
    case 'custom':
      return [ofObjection(issue.message, issue.params as unknown as Objection, where)];
    case 'invalid_value':
      if (typeof value === 'string') return [notAllowed(value, issue.values.map(String), where)];
      return [unexpected(issue.message, where, value, around)];
    case 'too_small':
    case 'too_big':
    case 'not_multiple_of':
      return [outOfRange(issue.message, where, value, around)];
    default:
      return [unexpected(issue.message, where, value, around)];
  }
}

function noValue(where: Path): Fault {
  const key = where.at(-1);
  const what = typeof key === 'string' ? `the key ${quoted(key)}` : 'this entry of a list';
  return {
    code: 'scenario/no-value',
    where,
    complaint: {
      message: `${what} has no value`,
      help: 'leave it out, or say what it should be; an empty map is {}, an empty list []',
      mark: 'key',
    },
  };
}

function unknownKey(key: string, where: Path, allowed: string): Fault {
  const keys = allowed.split(', ');
  return withMeaning(meant(key, keys), {
    code: 'scenario/unknown-key',
    where: [...where, key],
    complaint: { message: `unknown key ${quoted(key)}`, help: suggest(key, keys), mark: 'key' },
  });
}

function faultsOfKey(issue: Issue, where: Path): readonly Fault[] {
  if (issue.code !== 'custom') return [];
  const { message, params } = issue;
  const { code, help } = params as unknown as Objection;
  const right = code === 'scenario/bad-name' ? nameMeant(String(where.at(-1))) : null;
  return [withMeaning(right, { code, where, complaint: { message, help, mark: 'key' } })];
}

function withMeaning(meaning: string | null, fault: Fault): Fault {
  return meaning === null ? fault : { ...fault, meant: meaning };
}

function ofObjection(message: string, { code, help, key, part }: Objection, where: Path): Fault {
  const complaint = part === undefined ? { message, help } : { message, help, part };
  return key === undefined
    ? { code, where, complaint, judged: where }
    : { code, where: [...where, key], complaint: { message, help, mark: 'key' }, judged: where };
}

function notAllowed(value: string, words: readonly string[], where: Path): Fault {
  return {
    code: 'scenario/wrong-value',
    where,
    complaint: { message: `${quoted(value)} is not allowed here`, help: suggest(value, words) },
  };
}

function outOfRange(expected: string, where: Path, value: unknown, around: Around): Fault {
  const found = Array.isArray(value) ? 'an empty list' : around.textAt(where);
  return {
    code: 'scenario/wrong-value',
    where,
    complaint: { message: `expected ${expected}, found ${found}` },
  };
}

function unexpected(expected: string, where: Path, value: unknown, around: Around): Fault {
  if (value === undefined) return missing(expected, where);
  if (typeof value === 'number' && expected.startsWith('a whole number')) {
    return outOfRange(expected, where, value, around);
  }
  const text = around.textAt(where);
  return {
    code: 'scenario/wrong-type',
    where,
    complaint: {
      message: `expected ${expected}, found ${sortOf(value, text)}`,
      help: wayOutOfMap(expected, value, where) ?? wayOut(expected, value, text),
    },
  };
}

function missing(expected: string, where: Path): Fault {
  const key = String(where.at(-1) ?? '');
  return {
    code: 'scenario/missing-key',
    where: where.slice(0, -1),
    missing: key,
    complaint: {
      message: `the key ${quoted(key)} is missing`,
      help: `expected there: ${expected}`,
      mark: 'key',
    },
  };
}

function sortOf(value: unknown, text: string): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') return `the text ${quoted(value)}`;
  return `the ${typeof value === 'number' ? 'number' : 'truth value'} ${text}`;
}

function wayOut(expected: string, value: unknown, text: string): string | null {
  if (expected.startsWith('a list') && !Array.isArray(value))
    return 'a list of one is written with brackets: [x]';
  if (typeof value === 'boolean' && expected.includes('"on"')) return `write ${value ? 'on' : 'off'}`;
  if (expected.startsWith('a time') && typeof value === 'number') return `with a unit: ${text} s`;
  const scalar = typeof value === 'number' || typeof value === 'boolean';
  if (scalar && /^(text|a name|the name)/.test(expected)) return `quotes make it text: "${text}"`;
  if (typeof value !== 'string' || !expected.startsWith('a whole number')) return null;
  const amount = /^(\d+) ?[a-z]+$/i.exec(value)?.[1];
  return amount === undefined ? 'numbers have no quotes' : `a number without a unit: ${amount}`;
}

/** What is written in one word or number where a map with one key of it belongs. */
function wayOutOfMap(expected: string, value: unknown, where: Path): string | null {
  const key = where.at(-1);
  if (expected !== 'a map') return null;
  if ((key === 'tcp' || key === 'udp') && typeof value === 'number')
    return `write ${key}: { port: ${value} }`;
  const what = key === 'expect' && typeof value === 'string' ? EXPECTED[value] : undefined;
  return what === undefined ? null : `write expect: { ${value}: ${what} }`;
}

const EXPECTED: { readonly [word: string]: string | undefined } = {
  delivered: 'DEVICE',
  dropped: 'CODE',
  refused: 'CODE',
};

/** The complaints of the alternative that was probably meant: the one of the value's own sort with the fewest. */
function faultsOfUnion(
  alternatives: readonly (readonly Issue[])[],
  where: Path,
  value: unknown,
  around: Around,
): readonly Fault[] {
  const ofItsSort = alternatives
    .filter((issues) => issues.every((issue) => !isAboutSort(issue, value)))
    .sort((one, other) => one.length - other.length);
  const meant = ofItsSort[0];
  if (meant !== undefined) return meant.flatMap((issue) => faultsOf(issue, where, around));
  const expected = alternatives.flatMap((issues) => issues.filter((issue) => isAboutSort(issue, value)));
  return [unexpected(expected.map((issue) => issue.message).join(' or '), where, value, around)];
}

function isAboutSort(issue: Issue, value: unknown): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_value') return typeof value !== 'string';
  return issue.code === 'invalid_type' || issue.code === 'invalid_union';
}

export function valueAt(value: unknown, where: Path): unknown {
  let here = value;
  for (const key of where) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as { readonly [key: string]: unknown })[key];
  }
  return here;
}
