import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesIn, readText, TOP } from './tree.ts';

/* The guide shows code that runs: each of its blocks stands in a file that the tests run, or that they compare with. */

const EXAMPLE = 'examples/property-tests';
const guide = readText('docs/KIT.md');

/** Fenced blocks, and the file that the line before each names. */
const blocks = [...guide.matchAll(/(?:<!-- from (\S+) -->\n)?```(\w+)\n([\s\S]*?)```/g)].map(
  ([, file = '', language = '', text = '']) => ({ file, language, text }),
);

describe('[DC-10] docs/KIT.md', () => {
  it('has code in it', () => {
    expect(blocks.length).toBeGreaterThan(8);
  });

  it.each(blocks)('shows of $file what stands there', ({ file, text }) => {
    expect(existsSync(join(TOP, file)), file).toBe(true);
    expect(readText(file)).toContain(text.trimEnd());
  });

  it('takes its code from tests that are run', () => {
    const shown = new Set(blocks.filter(({ language }) => language === 'ts').map(({ file }) => file));
    expect([...shown].every((file) => file.startsWith(`${EXAMPLE}/test/`) && file.endsWith('.test.ts'))).toBe(
      true,
    );
    const tests = filesIn(`${EXAMPLE}/test`).filter((file) => file.endsWith('.test.ts'));
    expect([...shown].sort()).toEqual(tests.sort());
  });

  it('names every matcher and every arbitrary', () => {
    const matchers = [...readText('src/matchers/index.ts').matchAll(/^ {2}(to\w+)\(/gm)].map(
      ([, name]) => name,
    );
    expect(matchers.length).toBeGreaterThan(5);
    expect(matchers.filter((name) => !guide.includes(`.${name}(`))).toEqual([]);
  });
});

describe('[DC-10] the example', () => {
  interface Package {
    readonly version: string;
    readonly devDependencies: Readonly<Record<string, string>>;
  }
  const whole = JSON.parse(readText('package.json')) as Package;
  const example = JSON.parse(readText(`${EXAMPLE}/package.json`)) as Package;

  it('depends on the package as it is packed, and on the versions that are developed with', () => {
    const { vnsim, ...others } = example.devDependencies;
    expect(vnsim).toBe(`file:vnsim-${whole.version}.tgz`);
    expect(others).toEqual(
      Object.fromEntries(Object.keys(others).map((name) => [name, whole.devDependencies[name]])),
    );
  });

  it('is what CI installs the package for', () => {
    expect(readText('.ci/run')).toContain(`cp -r ${EXAMPLE} `);
  });
});
