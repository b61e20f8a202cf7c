import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scenarioJsonSchema } from '../../src/scenario/json-schema.ts';

const FILE = new URL('../../schema/scenario.schema.json', import.meta.url);

describe('the JSON Schema', () => {
  it('is the committed file (UPDATE_SCHEMA=1 rewrites it)', () => {
    const current = `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`;
    if (process.env['UPDATE_SCHEMA'] === '1') writeFileSync(FILE, current);
    expect(readFileSync(FILE, 'utf8')).toBe(current);
  });

  it('describes every key that a file may have', () => {
    const undescribed = propertiesIn(scenarioJsonSchema(), '')
      .filter(({ schema }) => typeof schema !== 'object' || schema === null || !('description' in schema))
      .map(({ path }) => path);
    expect(undescribed).toEqual([]);
  });
});

interface Property {
  readonly path: string;
  readonly schema: unknown;
}

/** Every property that a schema lists, however deep. */
function propertiesIn(schema: unknown, path: string): readonly Property[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, part]) => {
    const inner = propertiesIn(part, `${path}/${key}`);
    if (key !== 'properties') return inner;
    const listed = Object.entries(part as object);
    return [...listed.map(([name, property]) => ({ path: `${path}/${name}`, schema: property })), ...inner];
  });
}
