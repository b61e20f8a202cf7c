import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DROP_REASONS } from '../../src/dataplane/index.ts';
import { RECORD_DROPS } from '../../src/host/index.ts';
import { REFUSALS } from '../../src/provider/index.ts';
import {
  explainCode,
  listCodes,
  PLAIN_LOOK,
  printable,
  renderTable,
  tableDocument,
} from '../../src/report/index.ts';
import { columnsOf, padEnd, truncate, wrapWords } from '../../src/report/text/columns.ts';
import { MODULE_CODES } from '../../src/report/text/module-codes.ts';
import { DIAGNOSTIC_CODES } from '../../src/scenario/index.ts';

import { expectGolden, expectPresentable } from './golden.ts';

const CODES = [DROP_REASONS, RECORD_DROPS, DIAGNOSTIC_CODES, REFUSALS, MODULE_CODES].flatMap((table) =>
  Object.keys(table),
);
const ASCII = { ...PLAIN_LOOK, unicode: false };
const words = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '網', '→', '\u0301', 'é'), maxLength: 60 });

describe('columns', () => {
  it('wrapping loses nothing but blanks and keeps to the width', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 2, max: 30 }), (text, width) => {
        const lines = wrapWords(text, width);
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
        for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('truncating and padding give exactly the width, whatever the characters', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 3, max: 30 }), (text, width) => {
        const cut = truncate(PLAIN_LOOK, text, width);
        expect(columnsOf(cut)).toBeLessThanOrEqual(width);
        expect(columnsOf(padEnd(cut, width))).toBe(width);
        if (columnsOf(text) <= width) expect(cut).toBe(text);
      }),
    );
  });

  it('what is printed has no control characters, and in ASCII nothing but ASCII', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(PLAIN_LOOK, text)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        expect(printable(ASCII, text)).toMatch(/^[\x20-\x7e]*$/);
      }),
    );
    expect(printable(PLAIN_LOOK, 'a\u001b[2J\n\u202e')).toBe('a\\x1b[2J\\n\\u202e');
    expect(printable(ASCII, 'a → b ✔ · …')).toBe('a -> b ok - ...');
  });
});

describe('tables', () => {
  const columns = [{ name: 'interface' }, { name: 'address' }, { name: 'packets', align: 'right' }] as const;
  const rows = [
    ['vni-314', '10.0.0.201', '12'],
    ['vni-324', '192.168.0.55', '7'],
  ];

  it('align under their headings', () => {
    const text = renderTable('Interfaces of acme', columns, rows, PLAIN_LOOK);
    expectPresentable(text);
    expectGolden('table.txt', text);
    expect(renderTable('Interfaces', columns, [], PLAIN_LOOK)).toBe('Interfaces\n  (none)\n');
  });

  it('are at most 100 columns wide, and nothing is cut', () => {
    const long = [['a'.repeat(90), 'b'.repeat(50), '1']];
    const text = renderTable('Long', columns, long, PLAIN_LOOK);
    expectPresentable(text);
    const whole = [...columns.map(({ name }) => name), ...(long[0] ?? [])].join('');
    expect(text.match(/a/g)).toHaveLength(whole.match(/a/g)?.length ?? 0);
    expectPresentable(renderTable('Long', columns, long, ASCII));
  });

  it('as JSON lose nothing', () => {
    expect(tableDocument('Interfaces', columns, rows)).toEqual({
      schema: 'vnsim.table/1',
      title: 'Interfaces',
      rows: [
        { interface: 'vni-314', address: '10.0.0.201', packets: '12' },
        { interface: 'vni-324', address: '192.168.0.55', packets: '7' },
      ],
    });
  });
});

describe('codes', () => {
  it.each(CODES)('%s is explained', (code) => {
    for (const look of [PLAIN_LOOK, ASCII]) {
      const { found, text } = explainCode(code, look);
      expect(found).toBe(true);
      expect(text.startsWith(`${code}  `)).toBe(true);
      expectPresentable(text);
    }
  });

  it('what the sender hears and what others call it are said', () => {
    const text = ['route.none', 'firewall.deny', 'scenario/unknown-key'].map(
      (code) => explainCode(code, PLAIN_LOOK).text,
    );
    expectGolden('explain-code.txt', text.join('\n'));
  });

  it('an unknown code is answered with the one spelled nearly so', () => {
    const near = (code: string): string => explainCode(code, PLAIN_LOOK).text;
    expect(near('firewal.deny')).toContain('did you mean firewall.deny?');
    expect(near('unknown-key')).toContain('scenario/unknown-key');
    expect(near('FIREWALL.DENY')).toContain('firewall.deny');
    expect(near('something else entirely')).toContain('vnsim explain without a code lists them all');
    expect(explainCode('toString', PLAIN_LOOK).found).toBe(false);
    expectPresentable(near('x'.repeat(500)));
  });

  it('the list has every code once', () => {
    const text = listCodes(PLAIN_LOOK);
    expectPresentable(text);
    expect(text.trimEnd().split('\n')).toHaveLength(new Set(CODES).size);
  });
});
