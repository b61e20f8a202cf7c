import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/index.ts';

const FILES = ['fig2', 'firewalls', 'peering-opt-in', 'misfortune'] as const;

const LINES: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  FILES.map((file) => [file, readFileSync(`scenarios/${file}.yaml`, 'utf8').split('\n')]),
);

/** Slips in one line; each leaves the line as it is where there is nothing to slip on. */
const SLIPS: Readonly<Record<string, (line: string) => string>> = {
  capitals: (line) =>
    line.replace(/^(\s*(?:- )?)([a-z][a-z0-9-]*):/, (_, before, key) => `${before}${key.toUpperCase()}:`),
  zeros: (line) => line.replace(/address: 10\.(\d+)/, 'address: 010.$1'),
  octet: (line) => line.replace(/address: (10\.\d+\.\d+)\.\d+/, 'address: $1.300'),
  service: (line) => line.replace(/allow: tcp[^,} ]*/, 'allow: https'),
};

function changedAt(lines: readonly string[], at: number, line: string): readonly string[] {
  return [...lines.slice(0, at), line, ...lines.slice(at + 1)];
}

function errorsOf(lines: readonly string[]): readonly string[] {
  return loadScenario(lines.join('\n'), 'slip.yaml')
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ line, message, help }) => `${line} ${message} (${help})`);
}

describe('one mistake, one complaint', () => {
  it('holds for a slip in any line: whoever refers to what stands there is not complained of', () => {
    const slips = FILES.flatMap((file) =>
      (LINES[file] ?? []).flatMap((line, at) =>
        Object.entries(SLIPS).flatMap(([slip, make]) =>
          make(line) === line ? [] : [{ file, at, slip, changed: make(line) }],
        ),
      ),
    );
    expect(new Set(slips.map(({ slip }) => slip)).size).toBe(Object.keys(SLIPS).length);
    fc.assert(
      fc.property(fc.constantFrom(...slips), ({ file, at, changed }) => {
        expect(errorsOf(changedAt(LINES[file] ?? [], at, changed))).toHaveLength(1);
      }),
    );
  });

  it('holds for what stands twice: who is in the second part is there all the same', () => {
    const lines = LINES['firewalls'] ?? [];
    const at = lines.findIndex((line) => line.trimStart().startsWith('db-1:'));
    const second = [...lines.slice(0, at), '      instances:', ...lines.slice(at)];
    expect(errorsOf(second)).toEqual([
      expect.stringContaining('the key "instances" stands twice in one map'),
    ]);
  });

  it('says a misspelt verb once, whatever is expected of its step', () => {
    const lines = LINES['firewalls'] ?? [];
    const at = lines.findIndex((line) => /^ +(?:- )?send:/.test(line));
    const changed = changedAt(lines, at, (lines[at] ?? '').replace('send:', 'sned:'));
    expect(errorsOf(changed)).toEqual([expect.stringContaining('unknown key "sned"')]);
  });

  it('does not lose the ground after a step that has one: a misfortune before it is still looked at', () => {
    const lines = LINES['misfortune'] ?? [];
    const after = lines.findIndex((line) => line.includes('impair:'));
    const at = lines.findIndex((line, index) => index > after && /^ +(?:- )?send:/.test(line));
    expect(errorsOf(changedAt(lines, at, (lines[at] ?? '').replace('send:', 'sned:')))).toHaveLength(1);
  });
});
