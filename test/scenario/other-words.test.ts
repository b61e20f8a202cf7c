import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/index.ts';
import { OURS } from '../../src/scenario/other-words.ts';

/** Every key that the published schema knows, wherever it stands. */
const KEYS = keysOf(JSON.parse(readFileSync('schema/scenario.schema.json', 'utf8')));

describe('words of other tools', () => {
  it('each leads to keys that scenarios have, and is none itself where they stand', () => {
    for (const [other, ours] of Object.entries(OURS)) {
      for (const word of ours) expect(KEYS, `${other} leads to ${word}`).toContain(word);
      expect(ours).not.toContain(other);
    }
  });

  it('is answered with the word of scenarios, and the key is not called missing as well', () => {
    const text = `
title: A customer as another cloud would write it
provider: { zones: [z], hsms: {} }
tenants:
  acme: { vpc: { cidr: 10.0.0.0/16, subnets: { s: { cidr: 10.0.0.0/16, zone: z } }, vms: {} } }
claims: [no loop]
`;
    expect(helpsOf(text)).toEqual(['tenants → customers', 'claims → prove']);
    expect(helpsOf(text.replace('tenants', 'customers').replace('claims', 'prove'))).toEqual(['vpc → vn']);
    const nearer = text.replace('tenants', 'customers').replace('claims', 'prove').replace('vpc', 'vn');
    expect(helpsOf(nearer)).toEqual(['vms → instances']);
  });
});

/** `key → guess` for each complaint; whatever else is complained of stands there in full. */
function helpsOf(text: string): readonly string[] {
  return loadScenario(text, 'other.yaml').diagnostics.map(({ message, help }) => {
    const key = /^unknown key "(.*)"$/.exec(message)?.[1];
    const guess = /^did you mean "(.*?)"/.exec(help ?? '')?.[1];
    return key === undefined || guess === undefined ? `${message} (${help})` : `${key} → ${guess}`;
  });
}

function keysOf(schema: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, below] of Object.entries(value)) {
      if (key === 'properties') for (const name of Object.keys(below as object)) found.add(name);
      visit(below);
    }
  };
  visit(schema);
  return found;
}
