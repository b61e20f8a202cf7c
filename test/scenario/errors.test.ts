import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PLAIN_LOOK, renderDiagnostics } from '../../src/report/index.ts';
import { DIAGNOSTIC_CODES, type Diagnostic, loadScenario } from '../../src/scenario/index.ts';
import { runScenario } from '../../src/scenario/run.ts';

const FOLDER = new URL('../golden/errors/', import.meta.url);

/** Content that is too large or too strange to be kept as a file. */
const MADE: { readonly [name: string]: () => string } = {
  'scenario.too-large': () => `title: large\n${'# a comment\n'.repeat(600_000)}`,
};

/** Refusals that a loaded scenario can never meet, because the loader has said the same before the run. */
const SAID_BY_THE_LOADER: readonly string[] = [
  'provider/name-taken',
  'provider/no-gateway',
  'provider/other-family',
  'provider/outside-network',
  'provider/outside-subnet',
  'provider/reserved-address',
  'provider/too-small',
];

/** Refusals whose scenario would have to use up a whole private range, or all VLANs of a rack. */
const OUT_OF_REACH: readonly string[] = ['provider/no-address', 'provider/no-vlan'];

const NAMES = [
  ...readdirSync(FOLDER)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length)),
  ...Object.keys(MADE),
];

const SAID = new Map<string, readonly Diagnostic[]>();

/** What is said about a file, by the loader or, where that finds nothing, by the provider while it runs. */
function complaints(name: string): readonly Diagnostic[] {
  const known = SAID.get(name) ?? sayAgain(name);
  SAID.set(name, known);
  return known;
}

function sayAgain(name: string): readonly Diagnostic[] {
  const content = MADE[name]?.() ?? readFileSync(new URL(`${name}.yaml`, FOLDER));
  const { scenario, diagnostics } = loadScenario(content, `${name}.yaml`);
  if (scenario === null || diagnostics.length > 0) return diagnostics;
  const ran = runScenario(scenario);
  return ran.ok ? [] : ran.fault;
}

describe('complaints', () => {
  it.each(NAMES)('%s reads as its golden file says (UPDATE_GOLDEN=1 rewrites)', (name) => {
    const file = new URL(`${name}.golden`, FOLDER);
    const text = `${renderDiagnostics(complaints(name), PLAIN_LOOK)}\n`;
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, 'utf8'));
  });

  it.each(NAMES.filter((name) => name.includes('.')))('%s shows the code it is named after', (name) => {
    const [room = '', rest = ''] = name.split('.');
    const codes = complaints(name).map(({ code }) => code);
    expect(codes.some((code) => `${room}/${rest}`.startsWith(code))).toBe(true);
  });

  it('exist as a golden file for every code', () => {
    const shown = new Set(NAMES.flatMap((name) => complaints(name).map(({ code }) => String(code))));
    const missing = Object.keys(DIAGNOSTIC_CODES).filter((code) => !shown.has(code));
    expect(missing.sort()).toEqual([...SAID_BY_THE_LOADER, ...OUT_OF_REACH].sort());
  });

  it('have no golden file without a scenario', () => {
    const golden = readdirSync(FOLDER).filter((file) => file.endsWith('.golden'));
    expect(golden.filter((file) => !NAMES.includes(file.slice(0, -'.golden'.length)))).toEqual([]);
  });

  it.each(NAMES)('%s: each has a place that exists, and one line of plain words', (name) => {
    const content = MADE[name]?.() ?? readFileSync(new URL(`${name}.yaml`, FOLDER)).toString('latin1');
    const lines = content.split('\n');
    for (const { line, column, length, excerpt, message, help } of complaints(name)) {
      expect(message).toMatch(/^[^A-Z\s].*[^.\s]$/);
      expect(`${message}${help ?? ''}`).not.toMatch(/\n|undefined|\[object|NaN/);
      if (line === 0) {
        expect([column, length, excerpt]).toEqual([0, 0, null]);
        continue;
      }
      expect(excerpt).toBe(lines[line - 1]);
      expect(column).toBeGreaterThan(0);
      expect(length).toBeGreaterThan(0);
      expect(column - 1 + length).toBeLessThanOrEqual((excerpt ?? '').length + 1);
    }
  });

  it('has golden files that are all there', () => {
    expect(NAMES.filter((name) => !existsSync(new URL(`${name}.golden`, FOLDER)))).toEqual([]);
  });
});
