import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { ROOT } from './command.ts';

const FOLDER = join(ROOT, 'test/golden/cli');

/** Compares a text with `test/golden/cli/NAME`; `UPDATE_GOLDEN=1` writes the file instead. */
export function expectGolden(name: string, text: string): void {
  const file = join(FOLDER, name);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(file, text);
  }
  expect(existsSync(file), `${file} is missing: UPDATE_GOLDEN=1 writes it`).toBe(true);
  expect(text).toBe(readFileSync(file, 'utf8').replaceAll('\r\n', '\n'));
}

/**
 * What every text for people keeps: at most 100 columns, no trailing blanks, no colours where nobody asked for them,
 * nothing that a program forgot to fill in, no stack trace.
 */
export function expectPresentable(text: string): void {
  for (const line of text.split('\n')) {
    expect([...line].length, line).toBeLessThanOrEqual(100);
    expect(line).toBe(line.trimEnd());
  }
  expect(text).not.toMatch(/undefined|\bnull\b|NaN|\[object/);
  expect(text).not.toMatch(/\n\s+at .*[:(]\d+|node:internal/);
  expect(text).not.toContain('\u001b');
  if (text !== '') expect(text.endsWith('\n')).toBe(true);
}
