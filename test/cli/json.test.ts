import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DROP_REASONS } from '../../src/dataplane/index.ts';
import { ROOT, useBuiltCommand, vnsim } from './command.ts';

useBuiltCommand();

/** The documents as others may rely on them: what is written here may grow under the same name, and never change. */

const ADDRESS = z.string().regex(/^\d+\.\d+\.\d+\.\d+$/);
const MAC = z.string().regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);

const IPV4 = z.looseObject({
  source: ADDRESS,
  target: ADDRESS,
  ttl: z.int().min(0).max(255),
  protocol: z.union([z.string(), z.int()]),
});

const HEADERS = z.looseObject({
  ethernet: z.looseObject({ source: MAC, target: MAC }),
  ipv4: IPV4.optional(),
  udp: z.looseObject({ source: z.int(), target: z.int() }).optional(),
  tcp: z.looseObject({ source: z.int(), target: z.int() }).optional(),
  icmp: z.looseObject({ type: z.int(), code: z.int() }).optional(),
  vxlan: z.looseObject({ vni: z.int().min(0).max(0xffffff) }).optional(),
  get inner() {
    return HEADERS.optional();
  },
});

const STAGE = z.strictObject({
  kind: z.string().min(1),
  verdict: z.enum(['continue', 'forward', 'transmit', 'flood', 'hold', 'consume', 'drop', 'deliver']),
  rule: z.string().nullable(),
  because: z.string().min(1),
  rejected: z.array(
    z.strictObject({ rule: z.string().min(1), field: z.string().min(1), line: z.int().nullable() }),
  ),
  effects: z.array(z.string().min(1)),
});

const HOP = z.strictObject({
  device: z.string().min(1),
  time: z.int().min(0),
  stages: z.array(STAGE).min(1),
  in: HEADERS,
  out: HEADERS.nullable(),
});

const END = z.strictObject({
  device: z.string(),
  outcome: z.enum(['delivered', 'dropped', 'lost']),
  reason: z.string().nullable(),
});

const LEG = z.strictObject({
  path: z.array(z.string().min(1)).min(1),
  end: END,
  hops: z.array(HOP).min(1),
  copies: z.array(END),
});

const TRACE = z.strictObject({
  schema: z.literal('vnsim.trace/1'),
  outcome: z.enum(['delivered', 'dropped']),
  reason: z.enum(Object.keys(DROP_REASONS)).nullable(),
  request: LEG,
  reply: LEG.nullable(),
  deeds: z.array(
    z.strictObject({
      device: z.string(),
      command: z.string().nullable(),
      actor: z.string(),
      role: z.string(),
      partition: z.string().nullable(),
      outcome: z.string(),
      decidedBy: z.enum(['access', 'handles', 'custody', 'quorum', 'command']),
      why: z.string(),
    }),
  ),
});

const TIME = z.number().min(0);

const LOADS = z.array(
  z.strictObject({
    step: z.int().min(1),
    clients: z.int().min(1),
    rate: z.int().min(1),
    duration: TIME,
    timeout: TIME,
    mechanism: z.string().nullable(),
    asked: z.int().min(0),
    answered: z.int().min(0),
    missed: z.array(z.strictObject({ why: z.string(), count: z.int().min(1) })),
    modules: z.array(
      z.strictObject({ id: z.string(), answered: z.int().min(0), capacity: z.number().nullable() }),
    ),
    latency: z
      .strictObject({
        quickest: TIME,
        p50: TIME,
        p95: TIME,
        p99: TIME,
        slowest: TIME,
        network: TIME,
        queue: TIME,
        service: TIME,
        bars: z.array(z.strictObject({ from: TIME, below: TIME, count: z.int().min(0) })),
      })
      .nullable(),
    stretches: z.array(z.strictObject({ asked: z.int(), answered: z.int(), latency: TIME })).length(60),
    changes: z.array(z.strictObject({ after: TIME, text: z.string() })),
  }),
);

const CUSTODY = z.array(
  z.strictObject({
    hsm: z.string(),
    partition: z.string().nullable(),
    custodian: z.enum(['customer', 'provider']),
    guarantee: z.string(),
  }),
);

const RUN = z.strictObject({
  schema: z.literal('vnsim.run/1'),
  passed: z.int().min(0),
  failed: z.int().min(0),
  scenarios: z.array(
    z.strictObject({
      file: z.string().min(1),
      title: z.string().min(1),
      seed: z.int(),
      checks: z.array(
        z.strictObject({
          name: z.string().min(1),
          passed: z.boolean(),
          message: z.string().min(1),
          line: z.int().min(1),
        }),
      ),
      loads: LOADS.optional(),
      custody: CUSTODY.optional(),
    }),
  ),
});

const DIAGNOSTICS = z.strictObject({
  schema: z.literal('vnsim.diagnostics/1'),
  diagnostics: z.array(
    z.strictObject({
      severity: z.enum(['error', 'warning']),
      code: z.string().regex(/^[a-z]+\/[a-z0-9-]+$/),
      message: z.string().min(1),
      file: z.string().nullable(),
      line: z.int().min(0),
      column: z.int().min(0),
      length: z.int().min(0),
      excerpt: z.string().nullable(),
      help: z.string().nullable(),
    }),
  ),
});

const SCENARIOS = readdirSync(join(ROOT, 'scenarios'))
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => `scenarios/${name}`);

/** Scenarios with the picture of FIG. 3 and nothing in its way, and who asks there. */
const SENDER: Readonly<Record<string, string>> = {
  'scenarios/data-zone-outage.yaml': 'client-506-1',
  'scenarios/direct-attach.yaml': 'app-310',
  'scenarios/fails-on-purpose.yaml': 'app-310',
  'scenarios/fig3.yaml': 'app-310',
  'scenarios/firewalls.yaml': 'app-310',
  'scenarios/many-clients.yaml': 'client-1',
  'scenarios/no-source-rewrite.yaml': 'app-310',
  'scenarios/pluggable-devices.yaml': 'globex/app-310',
  'scenarios/refusals.yaml': 'app-310',
  'scenarios/two-tenants.yaml': 'acme/app-310',
  'scenarios/unsolicited.yaml': 'app-310',
};

async function document(words: readonly string[]): Promise<unknown> {
  const { stdout, stderr } = await vnsim(words);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

async function trace(words: readonly string[]): Promise<z.infer<typeof TRACE>> {
  const parsed = TRACE.safeParse(await document(['trace', ...words, '--json']));
  expect(parsed.error?.issues ?? []).toEqual([]);
  return TRACE.parse(parsed.data);
}

describe('vnsim.trace/1', () => {
  it.for(Object.entries(SENDER))('describes a packet that arrives: %s', async ([file, sender]) => {
    const { outcome, reason, request } = await trace([file, sender, '10.0.0.201', '-p', '1792']);
    const stages = request.hops.flatMap((hop) => hop.stages);
    expect(stages.at(-1)?.verdict).toBe('deliver');
    expect(request.hops.at(-1)).toMatchObject({ out: null });
    // without the rewrite of its source the request arrives and its reply is lost
    const lost = file.includes('no-source-rewrite');
    expect([outcome, reason]).toEqual(lost ? ['dropped', 'route.none'] : ['delivered', null]);
  });

  it.for(Object.entries(SENDER))('describes a packet that is dropped: %s', async ([file, sender]) => {
    const { outcome, reason, request, reply } = await trace([file, sender, '10.10.0.3']);
    // in that scenario the sender's own firewall lets nothing like it out
    const why = file.includes('firewalls') ? 'firewall.deny' : 'route.none';
    expect([outcome, reason, reply]).toEqual(['dropped', why, null]);
    const last = request.hops.at(-1);
    expect(last?.out).toBeNull();
    expect(last?.stages.at(-1)).toMatchObject({ verdict: 'drop' });
  });

  it('tells what a security module did with what was said to it, and nothing of the PIN', async () => {
    const said = ['--pkcs11', 'login 1 wrong-pin', '--pkcs11', 'make aes vault'];
    const words = ['scenarios/pkcs11.yaml', 'app-310', '10.0.0.201', ...said];
    const { deeds } = await trace(words);
    expect(deeds.map(({ command, outcome }) => `${command} ${outcome}`)).toEqual([
      'C_Initialize done',
      'C_OpenSession done',
      'C_Login CKR_PIN_INCORRECT',
      'C_GenerateKey CKR_USER_NOT_LOGGED_IN',
    ]);
    expect(deeds.at(-1)).toMatchObject({
      device: 'hsm-326',
      actor: 'client app-310',
      role: 'client',
      partition: 'payments',
      decidedBy: 'access',
      why: 'C_GenerateKey is for crypto-officer, not for client',
    });
    expect(JSON.stringify(deeds)).not.toContain('wrong-pin');
  });

  it('[D-11] [T-04] [K-19] names the path both ways and the headers at both ends', async () => {
    const { request, reply } = await trace(['scenarios/fig3.yaml', 'app-310', '10.0.0.201', '-p', '1792']);
    const there = ['app-310', 'vni-314', 'nat-322', 'vni-324', 'overlay-240', 'dx-router', 'tor', 'hsm-326'];
    expect(request.path).toEqual(there);
    expect(reply?.path).toEqual([...there].reverse());
    const headers = [request.hops[0], request.hops.at(-1), reply?.hops[0], reply?.hops.at(-1)].map((hop) => {
      const { ipv4, tcp } = hop?.in ?? {};
      return `${ipv4?.source}:${tcp?.source} ${ipv4?.target}:${tcp?.target} ${ipv4?.ttl}`;
    });
    expect(headers).toEqual([
      '10.0.0.7:49152 10.0.0.201:1792 64',
      '192.168.0.55:49152 10.10.0.3:1792 61',
      '10.10.0.3:1792 192.168.0.55:49152 64',
      '10.0.0.201:1792 10.0.0.7:49152 61',
    ]);
  });

  it('shows what is wrapped inside its wrapper', async () => {
    const { request } = await trace(['scenarios/fig3.yaml', 'app-310', '10.0.0.201', '-p', '1792']);
    const fabric = request.hops.find(({ device }) => device === 'fabric');
    expect(fabric?.in).toMatchObject({
      udp: { target: 4789 },
      vxlan: { vni: 5001 },
      inner: { ipv4: { source: '10.0.0.7', target: '10.0.0.201' } },
    });
  });

  it('lists every rule that did not match, the field on which it failed, and its line', async () => {
    const { reason, request } = await trace(['scenarios/fig3.yaml', 'app-310', '10.0.0.201', '-p', '22']);
    expect(reason).toBe('firewall.deny');
    const rejected = request.hops.at(-1)?.stages.at(-1)?.rejected ?? [];
    expect(rejected.map(({ line }) => line)).toEqual([36, 37]);
  });
});

describe('vnsim.run/1', () => {
  it('counts the checks of all scenarios, and every check has its line', async () => {
    const ended = await vnsim(['run', ...SCENARIOS, '--json']);
    expect(ended.code).toBe(1);
    const run = RUN.parse(JSON.parse(ended.stdout));
    expect(run.scenarios.map(({ file }) => file)).toEqual(SCENARIOS);
    const checks = run.scenarios.flatMap((scenario) => scenario.checks);
    expect(run.passed).toBe(checks.filter(({ passed }) => passed).length);
    expect(run.failed).toBe(checks.length - run.passed);
    const failing = run.scenarios.filter((scenario) => scenario.checks.some(({ passed }) => !passed));
    expect(failing.map(({ file }) => file)).toEqual(['scenarios/fails-on-purpose.yaml']);
  });
});

describe('the other documents', () => {
  it('name their version', async () => {
    const fig3 = 'scenarios/fig3.yaml';
    const documents = await Promise.all(
      [
        ['prove', fig3],
        ['reach', fig3, 'app-310', 'hsm-326'],
        ['reach', fig3, 'app-310', 'hsm-326', '-p', '22'],
        ['diff', fig3, fig3],
        ['pingall', fig3],
        ['show', fig3, 'nat'],
      ].map((words) => document([...words, '--json'])),
    );
    expect(documents).toMatchObject([
      { schema: 'vnsim.prove/1', claims: [{ verdict: 'proved' }, {}, {}, {}, {}, {}, {}, {}, {}] },
      { schema: 'vnsim.reach/1', passes: [{ to: 'hsm-326', sent: { traffic: 'icmp' } }, {}], blocked: null },
      { schema: 'vnsim.reach/1', passes: [], blocked: { target: '10.0.0.201', opens: true } },
      { schema: 'vnsim.diff/1', same: true, pairs: [] },
      { schema: 'vnsim.pingall/1' },
      { schema: 'vnsim.show/1', tables: [{ schema: 'vnsim.table/1' }] },
    ]);
  });

  it('mistakes are one document on standard output too, with exit code 2', async () => {
    const calls = [
      ['run', 'no-such.yaml', '--json'],
      ['run', 'scenarios', '--json'],
      ['validate', 'no-such.yaml', 'scenarios/fig3.yaml', '--json'],
      ['trace', 'scenarios/fig3.yaml', 'nobody', '10.0.0.201', '--json'],
      ['prove', 'scenarios/fig3.yaml', 'pigs fly', '--json'],
      ['pingall', '--json'],
    ];
    for (const { code, stdout, stderr } of await Promise.all(calls.map((words) => vnsim(words)))) {
      expect([code, stderr]).toEqual([2, '']);
      expect(DIAGNOSTICS.parse(JSON.parse(stdout)).diagnostics).toHaveLength(1);
    }
  });

  it('a good file has no mistakes', async () => {
    expect(await document(['validate', 'scenarios/fig3.yaml', '--json'])).toEqual({
      schema: 'vnsim.diagnostics/1',
      diagnostics: [],
    });
  });
});
