import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLine } from '../../src/cli/command-line.ts';
import { EXIT } from '../../src/cli/exit.ts';
import { ROOT } from './command.ts';

const README = readFileSync(join(ROOT, 'README.md'), 'utf8').replaceAll('\r\n', '\n');

/** Blocks that say from which golden file they were taken. */
const BLOCKS = [...README.matchAll(/<!-- from (\S+) -->\n```text\n([\s\S]*?)\n```/g)].map(
  ([, file = '', text = '']) => ({ file, text }),
);

describe('the README', () => {
  it.for(BLOCKS)('shows real output of $file', ({ file, text }) => {
    const golden = readFileSync(join(ROOT, file), 'utf8').replaceAll('\r\n', '\n');
    expect(golden).toContain(text);
  });

  it('shows some', () => {
    expect(BLOCKS.length).toBeGreaterThanOrEqual(4);
  });

  it('has every command and every exit code', () => {
    const missing = commandLine()
      .commands.map((command) => command.name())
      .filter((name) => !README.includes(`| \`${name}`));
    expect(missing).toEqual([]);
    expect(Object.values(EXIT).filter((code) => !README.includes(`| ${code} |`))).toEqual([]);
  });
});
