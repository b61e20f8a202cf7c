import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readText, TOP } from './tree.ts';

/** `laws/laws-of-errors#quotesWhatWasSent`, or a file of tests alone: `packet/rewriting`. */
interface Named {
  readonly row: string;
  readonly file: string;
  readonly law: string | null;
}

function namedIn(document: string): readonly Named[] {
  return document
    .split('\n')
    .filter((line) => /^\| \d+ \|/.test(line))
    .flatMap((line) => {
      const cells = line.split('|').map((cell) => cell.trim());
      const named = [...(cells[4] ?? '').matchAll(/`([^`#]+)(?:#([^`]+))?`/g)];
      return named.map(([, file = '', law]) => ({ row: cells[1] ?? '', file, law: law ?? null }));
    });
}

/** What is wrong with a name, or `null`. */
function complaintAbout({ row, file, law }: Named): string | null {
  const path = [`test/${file}.test.ts`, `test/${file}.ts`].find((one) => existsSync(join(TOP, one)));
  if (path === undefined) return `row ${row}: there is no test/${file}`;
  if (law === null || readText(path).includes(`export const ${law}: Law`)) return null;
  return `row ${row}: test/${file} has no law ${law}`;
}

const NAMED = namedIn(readText('docs/INVARIANTS.md'));

describe('docs/INVARIANTS.md', () => {
  it('names laws and tests that are there', () => {
    expect(NAMED.length).toBeGreaterThan(0);
    expect(NAMED.flatMap((one) => complaintAbout(one) ?? [])).toEqual([]);
  });

  it('notices a law and a file that are not', () => {
    const wrong = '| 1 | all is well | nobody | `laws/laws-of-errors#never` `packet/nowhere` |';
    expect(namedIn(wrong).map(complaintAbout)).toEqual([
      'row 1: test/laws/laws-of-errors has no law never',
      'row 1: there is no test/packet/nowhere',
    ]);
  });

  it('names every law about translation, mappings and errors', () => {
    const named = new Set(NAMED.map(({ law }) => law));
    const laws = ['translation', 'mappings', 'errors'].flatMap((room) =>
      [...readText(`test/laws/laws-of-${room}.ts`).matchAll(/^export const (\w+): Law = /gm)].map(
        ([, law = '']) => law,
      ),
    );
    expect(laws.length).toBeGreaterThan(20);
    expect(laws.filter((law) => !named.has(law))).toEqual([]);
  });
});
