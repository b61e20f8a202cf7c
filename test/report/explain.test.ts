import { describe, expect, it } from 'vitest';
import { DROP_REASONS, type Step } from '../../src/dataplane/index.ts';
import { ruleTable } from '../../src/program/index.ts';
import { explain, explainStep } from '../../src/report/index.ts';
import { figure3 } from './figure3.ts';
import { expectGolden } from './golden.ts';
import { at } from './network.ts';

import { FILTER } from './rule-samples.ts';
import { frame, SYN, stepOf } from './stage-samples.ts';
import { CASES } from './stage-steps.ts';

const STEPS = Object.entries(CASES).flatMap(([kind, steps]) =>
  Object.entries(steps).map(([name, step]) => ({ name: `${kind}: ${name}`, step })),
);

describe('explanations', () => {
  it('every kind of stage has one, and each decision here is explained in words', () => {
    expect(Object.keys(CASES).sort()).toEqual(Object.keys(explain).sort());
    expectGolden('explanations.txt', `${STEPS.map(({ name, step }) => written(name, step)).join('\n\n')}\n`);
  });

  it('every reason to drop is explained by the stage that drops for it', () => {
    const shown = new Set(STEPS.flatMap(({ step }) => step.outcome.reason ?? []));
    expect([...shown].sort()).toEqual(Object.keys(DROP_REASONS).sort());
  });

  it.each(STEPS)('$name: no gap in the words', ({ step }) => {
    const told = explainStep(step);
    expect(told.kind).toBe(step.stage.kind);
    expect(told.verdict).toBe(step.outcome.verdict);
    const text = JSON.stringify(told);
    expect(text).not.toMatch(/undefined|NaN|\[object|-1\b/);
    expect(told.because).toMatch(/^\S.*[^.\s]$/);
  });

  it('a firewall that denies names each rule with the first field on which it failed and its line', () => {
    const step = CASES.filter['denied by the port'];
    if (step === undefined) throw new Error('the case stands above');
    expect(explainStep(step).rejected).toEqual([
      { rule: '#1 allow udp/500-600 from 10.0.0.0/16', field: 'protocol', source: at(23) },
      { rule: '#2 allow tcp from 10.0.9.0/24', field: 'source', source: at(24) },
      { rule: '#3 allow tcp/22 from 10.0.0.0/16', field: 'target port', source: at(25) },
      { rule: '#4 allow tcp/1792 from 10.0.0.0/16', field: 'target port', source: at(26) },
    ]);
  });

  it('a rule that allows is named with its line, and only the rules before it were rejected', () => {
    const step = CASES.filter['the fourth rule'];
    if (step === undefined) throw new Error('the case stands above');
    const told = explainStep(step);
    expect(told.rule).toBe('firewall of vni-314 in #4 allow tcp/1792 from 10.0.0.0/16');
    expect(told.source).toEqual(at(26));
    expect(told.rejected.map(({ field }) => field)).toEqual(['protocol', 'source', 'target port']);
  });

  it('rules behind the one that allowed were never looked at', () => {
    const [, , , last] = FILTER.rules.entries;
    if (last === undefined) throw new Error('the sample has four rules');
    const step = stepOf({ ...FILTER, rules: ruleTable([last, ...FILTER.rules.entries]) }, frame(SYN), {
      rule: 0,
    });
    expect(explainStep(step).rejected).toEqual([]);
  });

  it('a route rejects only longer prefixes that do not contain the target', () => {
    const step = CASES.route['the longest prefix'];
    if (step === undefined) throw new Error('the case stands above');
    const told = explainStep(step);
    expect(told.rule).toBe('VRF acme/1: 10.10.0.0/16 → dx-router');
    expect(told.rejected.map(({ rule, field }) => [rule, field])).toEqual([
      ['10.10.9.0/24 → tor', 'target'],
      ['192.168.0.0/24 → overlay-240', 'target'],
    ]);
  });

  it('asking changes nothing: the same step is explained in the same words again', () => {
    for (const step of figure3().request.steps) expect(explainStep(step)).toEqual(explainStep(step));
  });
});

function written(name: string, step: Step): string {
  const told = explainStep(step);
  const place = told.source === null ? '' : `   ${told.source.file}:${told.source.line}`;
  const lines = [
    `${name} (${told.verdict}${step.outcome.reason === null ? '' : ` ${step.outcome.reason}`})`,
    `  ${told.because}`,
  ];
  if (told.rule !== null) lines.push(`  rule: ${told.rule}${place}`);
  for (const { rule, field, source } of told.rejected) {
    lines.push(`  not: ${rule} (${field})${source === null ? '' : `   ${source.file}:${source.line}`}`);
  }
  for (const effect of told.effects) lines.push(`  effect: ${effect}`);
  return lines.join('\n');
}
