import { describe, expect, it } from 'vitest';
import { nanos } from '../../src/base/index.ts';
import { PLAIN_LOOK, renderRun, runDocument } from '../../src/report/index.ts';
import type { Check, RunReport, ScenarioReport, StepReport } from '../../src/scenario/index.ts';
import { figure3 } from './figure3.ts';
import { expectGolden, expectPresentable } from './golden.ts';

const { program, request, reply, denied } = figure3();

function check(name: string, step: number | null, more: Partial<Check> = {}): Check {
  return {
    name,
    sender: null,
    passed: true,
    message: name,
    line: 31,
    step,
    kind: step === null ? 'claim' : 'expectation',
    teach: null,
    ...more,
  };
}

function step(index: number, title: string, more: Partial<StepReport> = {}): StepReport {
  return {
    index,
    at: nanos(index * 1_000_000),
    title,
    line: 20 + index,
    program,
    request: null,
    reply: null,
    checks: [],
    answer: null,
    service: null,
    load: null,
    ...more,
  };
}

function scenario(
  steps: readonly StepReport[],
  claims: readonly Check[],
  more: Partial<ScenarioReport> = {},
): ScenarioReport {
  return {
    file: 'scenarios/fig3.yaml',
    title: 'FIG. 3: the HSM looks like a local device',
    about: 'The customer calls 10.0.0.201. The HSM is 10.10.0.3 and only ever hears 192.168.0.55.',
    seed: 7,
    checks: [...steps.flatMap(({ checks }) => checks), ...claims],
    steps,
    custody: [],
    ...more,
  };
}

function report(...scenarios: readonly ScenarioReport[]): RunReport {
  const checks = scenarios.flatMap((one) => one.checks);
  const passed = checks.filter((one) => one.passed).length;
  return { passed, failed: checks.length - passed, scenarios };
}

const PASSING = report(
  scenario(
    [
      step(0, 'request-hsm for acme: 10.0.0.201 in subnet-308'),
      step(1, 'send app-310 → 10.0.0.201 tcp/1792', {
        request,
        reply,
        checks: [
          check('delivered to hsm-326', 1),
          check('path app-310 … hsm-326', 1, {
            message: 'through vni-314, nat-322, vni-324, overlay-240, dx-router, tor',
          }),
          check('reply from 10.0.0.201, path reversed', 1, {
            teach: 'The customer never learns where the HSM is.',
          }),
        ],
        answer: {
          bytes: new Uint8Array(96),
          text: 'SIGNED hello\n',
          verified: {
            algorithm: 'ed25519',
            publicKey: '3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29',
            valid: true,
          },
        },
      }),
    ],
    [
      check('hsm-326 sees only source 192.168.0.55', null, {
        message: 'proved for all packets, forged ones included',
      }),
    ],
  ),
);

const FAILING = report(
  scenario(
    [
      step(0, 'send app-310 → 10.0.0.201 tcp/22', {
        request: denied,
        checks: [
          check('delivered to hsm-326', 0, {
            passed: false,
            message: 'expected: delivered to hsm-326\ngot:      dropped at vni-314, firewall.deny',
            teach: 'The firewall of the VNI allows only tcp/1792: ask for the port, or open it.',
          }),
          check('nothing seen at hsm-326 from 10.0.0.0/16', 0),
        ],
      }),
    ],
    [
      check('nothing from globex reaches acme', null, {
        passed: false,
        message: 'refuted: a packet gets through',
      }),
    ],
    { file: 'scenarios/fails on purpose.yaml', title: 'Fails on purpose', about: null },
  ),
);

describe('a run for people', () => {
  it('[T-04] shows each step with its checks and, of a round trip, the four headers', () => {
    const text = renderRun(PASSING, PLAIN_LOOK);
    expectPresentable(text);
    expectGolden('run-passing.txt', text);
    const headers = text.split('\n').filter((line) => /\d+\.\d+\.\d+\.\d+:\d+ +\d+\./.test(line));
    expect(headers.map((line) => line.trim().replace(/ {2,}/g, ' | '))).toEqual([
      'request | 10.0.0.7:49152 | 10.0.0.201:1792 | 64 | TCP SYN | as app-310 sent it',
      '192.168.0.55:49152 | 10.10.0.3:1792 | 61 | TCP SYN | as hsm-326 got it',
      'reply | 10.10.0.3:1792 | 192.168.0.55:49152 | 64 | TCP SYN+ACK | as hsm-326 sent it',
      '10.0.0.201:1792 | 10.0.0.7:49152 | 61 | TCP SYN+ACK | as app-310 got it',
    ]);
  });

  it('says how a packet ended of which nothing was expected, and leaves it to checks where there are some', () => {
    const textOf = (one: StepReport) => renderRun(report(scenario([one], [])), PLAIN_LOOK);
    const ended = /dropped at vni-314: firewall\.deny/;
    expect(textOf(step(0, 'SSH', { request: denied }))).toMatch(ended);
    expect(textOf(step(0, 'SSH', { request: denied, checks: [check('a check', 0)] }))).not.toMatch(ended);
    expect(textOf(step(0, 'a call', { request }))).toMatch(/delivered to hsm-326, and no answer came/);
    expect(textOf(step(0, 'a call', { request, reply }))).not.toMatch(/delivered|dropped/);
  });

  it('of a failure shows what was expected, the trace, the line, what it teaches and how to replay it', () => {
    const text = renderRun(FAILING, PLAIN_LOOK);
    expectPresentable(text);
    expectGolden('run-failing.txt', text);
    expect(text).toContain('--> scenarios/fails on purpose.yaml:31');
    expect(text).toContain("replay: vnsim run 'scenarios/fails on purpose.yaml' --seed 7");
    expect(text).toContain('The firewall of the VNI allows only tcp/1792');
    expect(text).toContain('firewall.deny');
    expect(text).toContain('✘ 2 of 3 checks failed in 1 scenario');
  });

  it('has ASCII where there is no Unicode', () => {
    const text = renderRun(PASSING, { ...PLAIN_LOOK, unicode: false });
    expectPresentable(text);
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
  });

  it('a signature that does not verify is not called valid', () => {
    const [only] = PASSING.scenarios;
    const sent = only?.steps[1];
    if (only === undefined || sent?.answer == null) throw new Error('the scenario above has an answer');
    const forged = {
      ...sent,
      answer: { ...sent.answer, verified: { algorithm: 'ed25519', publicKey: 'ab', valid: false } },
    };
    expect(renderRun(report({ ...only, steps: [forged] }), PLAIN_LOOK)).toContain('(NOT valid)');
  });

  it('is vnsim.run/1 as JSON', () => {
    expect(runDocument(FAILING)).toMatchObject({
      schema: 'vnsim.run/1',
      passed: 1,
      failed: 2,
      scenarios: [
        {
          file: 'scenarios/fails on purpose.yaml',
          title: 'Fails on purpose',
          checks: [
            { name: 'delivered to hsm-326', passed: false, line: 31 },
            {
              name: 'nothing seen at hsm-326 from 10.0.0.0/16',
              passed: true,
              message: expect.any(String),
              line: 31,
            },
            { passed: false },
          ],
        },
      ],
    });
  });
});
