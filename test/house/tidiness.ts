import { lineAt, type Source } from './source.ts';
import type { Violation } from './violation.ts';

/** Words that name no idea. A file called after one of them holds what nobody found a room for. */
const EMPTY_WORDS = ['util', 'utils', 'helper', 'helpers', 'common', 'types', 'manager', 'info', 'misc'];
const EMPTY_SUFFIX =
  /(?<![.\w$])(?:class|interface|type|function|const)\s+(\w*(?:Manager|Helper|Util|Info)s?)\b/g;

/** The longest file, in lines, for each folder that has a limit: one idea a file. */
const LIMITS: Readonly<Record<string, number>> = { src: 300, bench: 300, test: 400 };

/** What every source file keeps to, whatever room it is in. */
export function checkTidiness(sources: readonly Source[]): readonly Violation[] {
  return sources.flatMap((source) => [
    ...checkLength(source),
    ...checkNames(source),
    ...checkPromises(source),
    ...checkSkips(source),
  ]);
}

function checkLength({ path, text }: Source): readonly Violation[] {
  const limit = LIMITS[path.split('/')[0] ?? ''] ?? Number.POSITIVE_INFINITY;
  const lines = text.trimEnd().split('\n').length;
  if (lines <= limit) return [];
  return [{ path, line: limit, message: `has ${lines} lines, at most ${limit}: which two ideas are in it?` }];
}

function checkNames(source: Source): readonly Violation[] {
  const { path } = source;
  const words = path.replace(/\.[a-z]+$/, '').split(/[/.-]/);
  const inPath = words
    .filter((word) => EMPTY_WORDS.includes(word.toLowerCase()))
    .map((word) => ({
      path,
      line: 1,
      message: `"${word}" names no idea: name the file after what it holds`,
    }));
  const inCode = [...source.code.matchAll(EMPTY_SUFFIX)].map((match) => ({
    path,
    line: lineAt(source, match.index),
    message: `"${match[1]}" names no idea: name it after what it is or does`,
  }));
  return [...inPath, ...inCode];
}

/** Work left for later, and checks that were switched off. */
function checkPromises(source: Source): readonly Violation[] {
  const rules = [
    { pattern: /\b(?:TODO|FIXME|XXX|HACK)\b/, instead: 'do it, or write it into the limits in the docs' },
    {
      pattern: /@ts-(?:ignore|expect-error|nocheck)\b|biome-ignore|eslint-disable/,
      instead: 'mend the code',
    },
  ];
  return source.comments.flatMap(({ start, text }) =>
    rules.flatMap(({ pattern, instead }) => {
      const found = pattern.exec(text);
      if (found === null) return [];
      const line = lineAt(source, start + found.index);
      return [{ path: source.path, line, message: `"${found[0]}" in a comment: ${instead}` }];
    }),
  );
}

/** `skipIf` is allowed: a test that lacks a peer says so, and `.ci/run` has every peer. */
function checkSkips(source: Source): readonly Violation[] {
  const skips =
    /(?<![.\w$])(?:it|test|describe|suite)(?:\.\w+)*\.(skip|only|todo|fails)\b|(?<![.\w$])x(?:it|test|describe)\b/g;
  return [...source.code.matchAll(skips)].map((match) => ({
    path: source.path,
    line: lineAt(source, match.index),
    message: `${match[0]}: a test runs, always, or it goes`,
  }));
}
