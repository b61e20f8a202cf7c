import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadScenario, runScenario } from '../../src/scenario/index.ts';

const DOCUMENT = 'docs/SCENARIOS.md';
const BEGIN = '<!-- keys -->';
const END = '<!-- /keys -->';

interface Node {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
}

/** One row for each key that says something of its own; what only groups others has none. */
function rowsOf(node: Node, path: string, required: boolean, rows: Map<string, string>): void {
  if (path !== '' && node.description !== undefined && !rows.has(path)) {
    rows.set(path, `| \`${path}\` | ${required ? 'yes' : ''} | ${node.description.replaceAll('|', '\\|')} |`);
  }
  for (const [key, value] of Object.entries(node.properties ?? {})) {
    rowsOf(value, path === '' ? key : `${path}.${key}`, node.required?.includes(key) ?? false, rows);
  }
  const { additionalProperties, items, anyOf = [] } = node;
  if (typeof additionalProperties === 'object') rowsOf(additionalProperties, `${path}.NAME`, false, rows);
  if (items !== undefined && !path.endsWith('send')) rowsOf(items, `${path}[]`, false, rows);
  for (const choice of anyOf) rowsOf(choice, path, required, rows);
}

function tableOfKeys(): string {
  const rows = new Map<string, string>();
  rowsOf(JSON.parse(readFileSync('schema/scenario.schema.json', 'utf8')) as Node, '', false, rows);
  return ['| key | needed | what it says |', '| --- | --- | --- |', ...rows.values()].join('\n');
}

describe('the reference of scenario files', () => {
  it('lists every key of the schema (UPDATE_REFERENCE=1 rewrites)', () => {
    const text = readFileSync(DOCUMENT, 'utf8');
    const [before = '', rest = ''] = text.split(BEGIN);
    const [, after = ''] = rest.split(END);
    const current = `${before}${BEGIN}\n${tableOfKeys()}\n${END}${after}`;
    if (process.env['UPDATE_REFERENCE'] === '1') writeFileSync(DOCUMENT, current);
    expect(readFileSync(DOCUMENT, 'utf8')).toBe(current);
  });

  it('shows a file that runs, and refutes the claim that it says is refuted', () => {
    const examples = [...readFileSync(DOCUMENT, 'utf8').matchAll(/```yaml\n(title.*?)```/gs)];
    expect(examples).toHaveLength(1);
    const { scenario, diagnostics } = loadScenario(examples[0]?.[1] ?? '', DOCUMENT);
    expect(diagnostics).toEqual([]);
    const ran = scenario === null ? null : runScenario(scenario);
    const checks = ran?.ok === true ? ran.value.report.checks : [];
    expect(checks.filter(({ passed }) => !passed).map(({ name }) => name)).toEqual([
      'nothing from me reaches hsm-1',
    ]);
  });
});
