import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Loaded, loadScenario, printScenario } from '../../src/scenario/index.ts';
import { scenarioTexts } from '../support/scenarios.ts';

const FOLDER = new URL('../golden/errors/', import.meta.url);
const FILES = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => readFileSync(new URL(file, FOLDER), 'utf8'));

/** Whatever the content: a scenario exactly when there is no error, and complaints that a frame can be drawn for. */
function expectSense({ scenario, diagnostics }: Loaded): void {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  expect(scenario === null).toBe(errors.length > 0);
  for (const { line, column, length, excerpt, message } of diagnostics.slice(0, 100)) {
    expect(message.length).toBeGreaterThan(0);
    expect(message.length).toBeLessThan(400);
    if (line === 0) continue;
    expect(column).toBeGreaterThan(0);
    expect(length).toBeGreaterThan(0);
    expect(column - 1 + length).toBeLessThanOrEqual((excerpt ?? '').length + 1);
  }
}

/** Signs that mean something to YAML or to the language, and things that only look as if they did. */
const SCRAPS = [
  ...[
    '{',
    '}',
    '[',
    ']',
    ':',
    ': ',
    '- ',
    ',',
    '#',
    '&a ',
    '*a',
    '!x ',
    '|',
    '>',
    '"',
    "'",
    '\\',
    '?',
    '%',
    '@',
    '`',
  ],
  ...[
    '---\n',
    '...\n',
    '\n',
    '\t',
    '\r\n',
    ' ',
    '\u0000',
    '\u2028',
    '\ufeff',
    '\ud800',
    '<<: ',
    '~',
    'null',
    '0x1',
  ],
  ...[
    '10.0',
    '1e999',
    '.inf',
    'acme',
    'acme/',
    'hsm-326',
    'vni-314',
    'tor--tor',
    'anywhere',
    '__proto__: 1',
    'constructor',
  ],
  ...[
    '0.0.0.0/0',
    '255.255.255.255',
    '10.0.0.7/16',
    '99999999999 h',
    '-1',
    'wait: 1 s',
    'send: []',
    'expect: {}',
  ],
];

interface Slip {
  readonly at: number;
  readonly cut: number;
  readonly scrap: string;
}

function slips(): fc.Arbitrary<readonly Slip[]> {
  const slip = fc.record({
    at: fc.nat({ max: 10_000 }),
    cut: fc.oneof(fc.constant(0), fc.nat({ max: 30 })),
    scrap: fc.oneof(fc.constantFrom(...SCRAPS), fc.constant('')),
  });
  return fc.array(slip, { minLength: 1, maxLength: 4 });
}

function spoil(text: string, made: readonly Slip[]): string {
  return made.reduce((spoilt, { at, cut, scrap }) => {
    const place = spoilt.length === 0 ? 0 : at % spoilt.length;
    return spoilt.slice(0, place) + scrap + spoilt.slice(place + cut);
  }, text);
}

describe('loading', { timeout: 60_000 }, () => {
  it('never throws on spoilt scenarios, and says something or gives a scenario', () => {
    fc.assert(
      fc.property(scenarioTexts(), slips(), (text, made) => {
        expectSense(loadScenario(spoil(printScenario(text), made), 'spoilt.yaml'));
      }),
      { numRuns: 200 },
    );
  });

  it('never throws on spoilt files that were wrong already', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FILES), slips(), (text, made) => {
        expectSense(loadScenario(spoil(text, made), 'spoilt.yaml'));
      }),
      { numRuns: 200 },
    );
  });

  it('never throws on lines that changed their places or are there twice', () => {
    fc.assert(
      fc.property(
        scenarioTexts(),
        fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 3 }),
        (text, moves) => {
          const lines = printScenario(text).split('\n');
          for (const [from, to] of moves) {
            lines.splice(to % lines.length, 0, lines[from % lines.length] ?? '');
          }
          expectSense(loadScenario(lines.join('\n'), 'moved.yaml'));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('never throws on values of any shape', () => {
    fc.assert(
      fc.property(scenarioTexts(), fc.jsonValue(), fc.nat(), (text, value, place) => {
        const spoilt = replaceOne(JSON.parse(JSON.stringify(text)), value, { left: place % 60 });
        expectSense(loadScenario(JSON.stringify(spoilt), 'odd.json'));
      }),
      { numRuns: 200 },
    );
  });

  it('never throws on bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expectSense(loadScenario(bytes, 'bytes.yaml'));
      }),
      { numRuns: 150 },
    );
  });

  it('reads the same with a byte order mark, as bytes, and with line ends of Windows', () => {
    fc.assert(
      fc.property(scenarioTexts(), (text) => {
        const printed = printScenario({ ...text, title: 'plain', about: 'plain' });
        const plain = loadScenario(printed, 'same.yaml');
        const bytes = new TextEncoder().encode(`\ufeff${printed}`);
        expect(loadScenario(bytes, 'same.yaml').scenario?.text).toEqual(plain.scenario?.text);
        const windows = loadScenario(printed.replaceAll('\n', '\r\n'), 'same.yaml').scenario;
        expect(windows?.provider).toEqual(plain.scenario?.provider);
      }),
      { numRuns: 50 },
    );
  });
});

/** The value with one part, chosen by counting, replaced by another. */
function replaceOne(value: unknown, other: unknown, count: { left: number }): unknown {
  if (count.left === 0) {
    count.left = -1;
    return other;
  }
  count.left -= 1;
  if (Array.isArray(value)) return value.map((part) => replaceOne(part, other, count));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, replaceOne(part, other, count)]),
  );
}

describe('hostile files', () => {
  const CASES: { readonly [name: string]: () => string } = {
    'brackets in a row': () => '[]'.repeat(300_000),
    'brackets never closed': () => '['.repeat(100_000),
    'a list in a list in a list': () => '- '.repeat(100_000),
    'maps ever deeper': () => Array.from({ length: 2000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    'five megabytes of one line': () => `title: ${'x'.repeat(4_900_000)}`,
    'five megabytes of keys': () => 'aaaa: b\n'.repeat(600_000),
    'as many keys as are read': () => Array.from({ length: 60_000 }, (_, index) => `k${index}: 1\n`).join(''),
    'a hundred thousand empty lines': () => '\n'.repeat(300_000),
    quotes: () => '"'.repeat(300_000),
    tags: () => '!a '.repeat(100_000),
    documents: () => '---\n'.repeat(100_000),
    'fifty megabytes': () => 'x'.repeat(50_000_000),
    'an alias to itself': () => 'title: &a [*a]\n',
    'a key that is a million long': () => `${'k'.repeat(1_000_000)}: 1\n`,
    'a name that is a million long': () => `title: x\nprovider: { zones: [${'z'.repeat(1_000_000)}] }\n`,
  };

  it.each(Object.entries(CASES))(
    '%s: refused with a complaint before memory or patience end',
    (_, make) => {
      const loaded = loadScenario(make(), 'hostile.yaml');
      expectSense(loaded);
      expect(loaded.scenario).toBeNull();
    },
    60_000,
  );
});
