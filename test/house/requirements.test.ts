import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type Citation,
  citationsOfScenario,
  citationsOfTest,
  judgeRows,
  NOT_YET,
  ROWS,
  readRows,
  withCitations,
} from './requirements.ts';
import { readSource } from './source.ts';
import { filesIn, readText, sourcesIn, TOP } from './tree.ts';

const DOCUMENT = 'docs/REQUIREMENTS.md';

function citationsOfTheTree(): readonly Citation[] {
  const scenarios = filesIn('scenarios').filter((path) => /\.(?:ya?ml|json)$/.test(path));
  return [
    ...sourcesIn('test').flatMap(citationsOfTest),
    ...scenarios.flatMap((path) => citationsOfScenario(path, readText(path))),
  ];
}

describe('docs/REQUIREMENTS.md', () => {
  it('says of every row what the tests and scenarios say', () => {
    const citations = citationsOfTheTree();
    if (process.env['UPDATE_REQUIREMENTS'] === '1') {
      writeFileSync(join(TOP, DOCUMENT), withCitations(readText(DOCUMENT), citations));
    }
    const complaints = judgeRows(readRows(readText(DOCUMENT)), citations, (path) =>
      existsSync(join(TOP, path)),
    );
    expect(complaints, 'UPDATE_REQUIREMENTS=1 npx vitest run test/house/requirements.test.ts').toEqual([]);
  });
});

/** A complete table in which `changed` replaces the cells of some rows. */
function table(changed: Readonly<Record<string, string>> = {}): string {
  const ids = Object.entries(ROWS).flatMap(([letter, count]) =>
    Array.from({ length: count }, (_, index) => `${letter}-${String(index + 1).padStart(2, '0')}`),
  );
  return ids
    .map((id) => `| ${id} | ${changed[id] ?? 'a thing | [code](../src/base/) | – | not yet'} |`)
    .join('\n');
}

/** Written so that this file does not cite the rows it plays with. */
function titled(...ids: readonly string[]): Citation[] {
  const name = ids.map((id) => `[${id}]`).join(' ');
  return [...citationsOfTest(readSource('test/nat/nat.test.ts', `it('${name} two clients', () => {});`))];
}

function judge(markdown: string, citations: readonly Citation[] = []): readonly string[] {
  return judgeRows(readRows(markdown), citations, (path) => path === 'src/base/');
}

describe('the judge of the rows', () => {
  it('is content with a table in which nothing is shown', () => {
    expect(judge(table())).toEqual([]);
  });

  it('catches a row that is shown but says not yet', () => {
    expect(judge(table(), titled('T-08'))).toEqual([
      'T-08 test: says not yet, the citations say [nat/nat](../test/nat/nat.test.ts)',
    ]);
  });

  it('catches a row that says it is shown by a test that does not cite it', () => {
    const claim = 'a thing | [code](../src/base/) | – | [nat/nat](../test/nat/nat.test.ts)';
    expect(judge(table({ 'T-08': claim }))).toEqual([
      `T-08 test: says [nat/nat](../test/nat/nat.test.ts), the citations say ${NOT_YET}`,
    ]);
  });

  it('catches a scenario column that differs', () => {
    const cites = citationsOfScenario('scenarios/fig3.yaml', `seed: 7 # [${'T-01'}] [${'T-02'}]`);
    expect(judge(table(), cites).map((complaint) => complaint.slice(0, 13))).toEqual([
      'T-01 scenario',
      'T-02 scenario',
    ]);
  });

  it('catches a shown row without code, or with code that is gone', () => {
    const shown = '– | [nat/nat](../test/nat/nat.test.ts)';
    const rows = { 'T-08': `a thing | – | ${shown}`, 'T-09': `a thing | [nat](../src/nat.ts) | ${shown}` };
    expect(judge(table(rows), titled('T-08', 'T-09'))).toEqual([
      'T-08 code: the row is shown, so name the code that does it',
      'T-09 code: src/nat.ts is not there',
    ]);
  });

  it('catches a citation of no row, and a row that is missing, double or invented', () => {
    expect(judge(table(), titled('T-99'))).toEqual(['test/nat/nat.test.ts cites T-99: there is no such row']);
    expect(judge(table().replace('| T-08 |', '| T-09 |'))).toEqual(['T-08 has no row', 'T-09 has two rows']);
    expect(judge(table().replace('| T-08 |', '| T-15 |'))).toEqual([
      'T-08 has no row',
      'T-15 is a row that nobody asked for',
    ]);
  });

  it('reads ids one by one or listed, and takes a range for the mistake it is', () => {
    expect(titled('T-08', 'Q-09').map(({ id }) => id)).toEqual(['T-08', 'Q-09']);
    expect(titled('T-08, Q-09').map(({ id }) => id)).toEqual(['T-08', 'Q-09']);
    expect(judge(table(), titled('T-01..T-03'))).toEqual([
      'test/nat/nat.test.ts cites T-01..T-03: there is no such row',
    ]);
  });

  it('takes a name for a citation and a comment or later words for prose', () => {
    const text = `// [${'T-01'}]\nit('as [${'T-02'}] says', () => {}); law(\n  \`[${'T-03'}] \${name}\`,\n);`;
    expect(citationsOfTest(readSource('test/a.test.ts', text)).map(({ id }) => id)).toEqual(['T-03']);
  });

  it('agrees with the columns it writes itself, and writing twice changes nothing', () => {
    const citations = [...titled('T-08', 'DC-01'), ...citationsOfScenario('scenarios/a.yaml', `[${'T-08'}]`)];
    const written = withCitations(`# Rows\n\n${table()}\n`, citations);
    expect(judge(written, citations)).toEqual([]);
    expect(withCitations(written, citations)).toBe(written);
    expect(withCitations(written, [])).toBe(`# Rows\n\n${table()}\n`);
  });
});
