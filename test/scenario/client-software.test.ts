import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadScenario, printScenario, type ScenarioText } from '../../src/scenario/index.ts';
import { runScenario } from '../../src/scenario/run.ts';

type Steps = NonNullable<ScenarioText['steps']>;

const OFFICER = [
  'login crp provider',
  'create-administrator alice',
  'logout',
  'login alice {create-administrator.password}',
  'change-password {create-administrator.password} alice-secret',
  'initialise mine 1 sam:sam-secret -',
  'logout',
  'login sam sam-secret',
  'create-partition payments -',
];

/** A client in the virtual network and one on the premises, with software or without. */
function textOf(software: { readonly app: boolean; readonly desk: boolean }, steps: Steps): ScenarioText {
  return {
    title: 'software',
    provider: {
      zones: ['here'],
      hsms: { 'hsm-3': { zone: 'here', address: '10.10.0.3', endpoint: 'module' } },
    },
    customers: {
      acme: {
        vn: {
          cidr: '10.0.0.0/16',
          subnets: { main: { cidr: '10.0.0.0/16', zone: 'here' } },
          instances: { app: { subnet: 'main', address: '10.0.0.7', 'hsm-client': software.app } },
          gateways: { 'vgw-212': 'vpn' },
        },
        premises: {
          cidr: '172.16.0.0/24',
          gateway: 'vgw-210',
          public: '198.51.100.10',
          hosts: { desk: { address: '172.16.0.18', 'hsm-client': software.desk } },
        },
        channel: { kind: 'direct' },
        roles: { service: { allow: ['create-vni', 'attach-vni'] } },
      },
    },
    steps: [{ 'request-hsm': { customer: 'acme', subnet: 'main', address: '10.0.0.201' } }, ...steps],
  };
}

const tcp = (port: number) => ({ to: '10.0.0.201', tcp: { port } });
const asks = (from: string, lines: readonly string[]) => ({ send: { from, ...tcp(1792), pkcs11: lines } });
const officer = (lines: readonly string[]) => ({
  send: { from: 'app', ...tcp(22), console: [...OFFICER, ...lines] },
});
const NOTHING_LEAVES = {
  outcome: 'not-configured' as const,
  answers: ['NOT_CONFIGURED'],
  unseen: [{ at: 'anywhere' }],
};

function failuresOf(text: ScenarioText): readonly string[] {
  const { scenario, diagnostics } = loadScenario(printScenario(text), 'software.yaml');
  if (scenario === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const result = runScenario(scenario);
  if (!result.ok) throw new Error(result.fault.map(({ message }) => message).join('; '));
  return result.value.report.checks.filter(({ passed }) => !passed).map(({ name }) => name);
}

describe('a client of an HSM', () => {
  const bools = [true, false].flatMap((one) => [true, false].map((other) => [one, other] as const));
  it.each(bools)(
    '[A-14] [D-20] works when both sides know of it: software %s, registered %s',
    (has, known) => {
      const registered = known
        ? ['app', 'desk'].flatMap((name) => [
            `register-client ${name} {certificate.acme/${name}} -`,
            `assign-client ${name} payments`,
          ])
        : [];
      const expected = !has ? NOTHING_LEAVES : known ? { answers: ['OK {"slots":[1]}'] } : { answers: [] };
      const steps = [
        officer(registered),
        ...['app', 'desk'].map((from) => ({ ...asks(from, ['slots']), expect: expected })),
      ];
      expect(failuresOf(textOf({ app: has, desk: has }, steps))).toEqual([]);
    },
  );

  it('[D-20] sends no packet without its software, whatever it wants to say', () => {
    const lines = fc.array(fc.constantFrom('slots', 'login 1 1234', 'make aes k', 'logout', 'list'), {
      minLength: 1,
      maxLength: 4,
    });
    const property = fc.property(lines, fc.constantFrom('app', 'desk'), (said, from) => {
      const steps = [{ ...asks(from, said), expect: NOTHING_LEAVES }];
      expect(failuresOf(textOf({ app: false, desk: false }, steps))).toEqual([]);
    });
    fc.assert(property, { numRuns: 10 });
  });

  it('[D-20] has its software from the step on that installs it, and no longer than until it is removed', () => {
    const installed = (machine: string, yes: boolean) => ({
      'configure-client': { machine, installed: yes },
    });
    const refused = { refused: 'provider/no-change' as const };
    const steps = ['app', 'desk'].flatMap((from) => [
      { ...asks(from, ['slots']), expect: NOTHING_LEAVES },
      installed(from, true),
      { ...installed(from, true), expect: refused },
      { ...asks(from, ['slots']), expect: { delivered: 'hsm-3', answers: [] } },
      installed(from, false),
      { ...installed(from, false), expect: refused },
      { ...asks(from, ['slots']), expect: NOTHING_LEAVES },
    ]);
    expect(failuresOf(textOf({ app: false, desk: false }, steps))).toEqual([]);
  });

  it('[D-20] needs none for the console, nor to send bytes of its own', () => {
    const steps = [
      {
        send: { from: 'app', ...tcp(22), console: ['show'] },
        expect: { delivered: 'hsm-3', answers: ['OK'] },
      },
      { send: { from: 'desk', ...tcp(1792), payload: 'bytes' }, expect: { delivered: 'hsm-3' } },
    ];
    expect(failuresOf(textOf({ app: false, desk: false }, steps))).toEqual([]);
  });

  it('[D-20] that sends nothing does not pass for one that was answered', () => {
    const wrong = [
      { delivered: 'hsm-3' },
      { reply: {} },
      { answers: ['OK'] },
      { dropped: 'route.none' as const },
    ];
    for (const expected of wrong) {
      const steps = [{ ...asks('app', ['slots']), expect: expected }];
      expect(failuresOf(textOf({ app: false, desk: true }, steps))).not.toEqual([]);
    }
    const other = [{ ...asks('app', ['slots']), expect: { outcome: 'not-configured' as const } }];
    expect(failuresOf(textOf({ app: true, desk: true }, other))).not.toEqual([]);
  });
});
