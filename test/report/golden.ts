import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

/** Compares text with `test/golden/text/NAME`; `UPDATE_GOLDEN=1` writes the file instead. */
export function expectGolden(name: string, text: string): void {
  const folder = fileURLToPath(new URL('../golden/text/', import.meta.url));
  const file = `${folder}${name}`;
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, text);
  }
  expect(existsSync(file), `${file} is missing: UPDATE_GOLDEN=1 writes it`).toBe(true);
  expect(text).toBe(readFileSync(file, 'utf8'));
}

/** What every text for people must keep: at most 100 columns, no trailing blanks, nothing that a program forgot to fill in. */
export function expectPresentable(text: string): void {
  for (const line of text.split('\n')) {
    expect([...line].length, line).toBeLessThanOrEqual(100);
    expect(line).toBe(line.trimEnd());
  }
  expect(text).not.toMatch(/undefined|\bnull\b|NaN|\[object/);
  expect(text.endsWith('\n')).toBe(true);
}
