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
    const undescribed: string[] = [];
    const visit = (schema: unknown, path: string): void => {
      if (Array.isArray(schema))
        schema.forEach((part, index) => {
          visit(part, `${path}/${index}`);
        });
      if (typeof schema !== 'object' || schema === null) return;
      for (const [key, part] of Object.entries(schema)) {
        if (key === 'properties') {
          for (const [name, property] of Object.entries(part as object)) {
            if (!('description' in property)) undescribed.push(`${path}/${name}`);
          }
        }
        visit(part, `${path}/${key}`);
      }
    };
    visit(scenarioJsonSchema(), '');
    expect(undescribed).toEqual([]);
  });
});
