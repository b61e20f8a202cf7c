import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesIn, readText, TOP } from './tree.ts';

const scripts = (JSON.parse(readText('package.json')) as { scripts: Record<string, string> }).scripts;

/** The rows of docs/REQUIREMENTS.md name rooms that are still to come; requirements.test.ts judges those links. */
const documents = ['README.md', ...filesIn('docs')].filter((name) => name.endsWith('.md'));

describe('the repository', () => {
  it('[DC-08] has at its top what a reader expects', () => {
    const expected = ['package.json', 'tsconfig.json', 'src', 'scenarios', 'test', 'docs', 'README.md'];
    expect(expected.filter((name) => !existsSync(join(TOP, name)))).toEqual([]);
  });

  it('names no npm script in its documents that does not exist', () => {
    for (const path of documents) {
      const named = [...readText(path).matchAll(/npm run (?:-s )?([a-z][\w:-]*)/g)].map(
        (match) => match[1] ?? '',
      );
      expect(
        named.filter((name) => !Object.hasOwn(scripts, name)),
        path,
      ).toEqual([]);
    }
  });

  it('has no dead link in its documents', () => {
    for (const path of documents.filter((name) => name !== 'docs/REQUIREMENTS.md')) {
      const targets = [...readText(path).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map((match) => match[1] ?? '');
      const inside = targets.filter((target) => !/^[a-z]+:/.test(target));
      const dead = inside.filter((target) => !existsSync(join(TOP, posix.join(posix.dirname(path), target))));
      expect(dead, path).toEqual([]);
    }
  });

  it('shows no scenario in its documents that does not exist', () => {
    for (const path of documents) {
      const named = [...readText(path).matchAll(/\bscenarios\/[\w-]+\.yaml\b/g)].map((match) => match[0]);
      expect(
        named.filter((name) => !existsSync(join(TOP, name))),
        path,
      ).toEqual([]);
    }
  });
});
