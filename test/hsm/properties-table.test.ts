import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** What is wrong with a row of the table of properties; nothing where it says "not yet". */
function complaintsAbout(document: string): readonly string[] {
  return [...document.matchAll(/^\| (P\d+) \| .* \| ([^|]*) \|$/gm)].flatMap(([, id = '', held = '']) => {
    if (held === 'not yet') return [];
    const files = [...held.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    if (files.length === 0) return [`${id}: held by nothing`];
    return files.flatMap((name) => {
      const base = name.startsWith('packages/') ? name : `test/${name}`;
      const paths = [`${base}.test.ts`, `${base}.ts`].filter((one) => existsSync(one));
      if (paths.length === 0) return [`${id}: there is no ${name}`];
      const named = paths.some((path) => readFileSync(path, 'utf8').includes(`[${id}]`));
      return named ? [] : [`${id}: ${name} does not name it`];
    });
  });
}

const HSM = readFileSync('docs/HSM.md', 'utf8');

describe('the table of properties in docs/HSM.md', () => {
  it('has all of them, and names tests that are there', () => {
    const ids = [...HSM.matchAll(/^\| P(\d+) \|/gm)].map(([, number]) => Number(number));
    expect(ids).toEqual(Array.from({ length: 31 }, (_, index) => index + 1));
    expect(complaintsAbout(HSM)).toEqual([]);
  });

  it('notices a file that is not there, one that does not name it, and a row that names none', () => {
    const wrong = '| P1 | x | `hsm/nowhere` |\n| P99 | x | `hsm/stories` |\n| P2 | x | somebody |';
    expect(complaintsAbout(wrong)).toEqual([
      'P1: there is no hsm/nowhere',
      'P99: hsm/stories does not name it',
      'P2: held by nothing',
    ]);
  });
});
