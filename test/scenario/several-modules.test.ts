import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadScenario, printScenario, type ScenarioText } from '../../src/scenario/index.ts';
import { performStep } from '../../src/scenario/perform.ts';
import { createWorld } from '../../src/scenario/world.ts';

type Steps = NonNullable<ScenarioText['steps']>;
type Module = keyof typeof ADDRESS;

/** Where client 218 on the premises calls each module: its own at home, two of the provider's. */
const ADDRESS = { 'hsm-216': '172.16.0.16', 'hsm-1': '10.0.0.201', 'hsm-2': '10.0.0.202' } as const;
const MODULES = Object.keys(ADDRESS) as readonly Module[];

function textOf(steps: Steps, endpoint: 'module' | 'echo' = 'module'): ScenarioText {
  return {
    title: 'several modules',
    provider: {
      zones: ['zone-1', 'zone-2'],
      hsms: {
        'hsm-1': { zone: 'zone-1', address: '10.10.0.3', endpoint },
        'hsm-2': { zone: 'zone-2', address: '10.20.0.3', endpoint },
      },
    },
    customers: {
      acme: {
        vn: {
          cidr: '10.0.0.0/16',
          subnets: { main: { cidr: '10.0.0.0/24', zone: 'zone-1' } },
          gateways: { 'vgw-212': 'vpn' },
        },
        premises: {
          cidr: '172.16.0.0/24',
          gateway: 'vgw-210',
          public: '198.51.100.10',
          hosts: { 'client-218': { address: '172.16.0.18' } },
          hsms: { 'hsm-216': { address: ADDRESS['hsm-216'], endpoint } },
        },
        channel: { kind: 'ipsec' },
        roles: { service: { allow: ['create-vni', 'attach-vni'] } },
      },
    },
    steps: [
      { 'request-hsm': { customer: 'acme', subnet: 'main', address: ADDRESS['hsm-1'], hsm: 'hsm-1' } },
      { 'request-hsm': { customer: 'acme', subnet: 'main', address: ADDRESS['hsm-2'], hsm: 'hsm-2' } },
      ...steps,
    ],
  };
}

const console = (at: Module, lines: readonly string[]): Steps[number] => ({
  send: { from: 'client-218', to: ADDRESS[at], tcp: { port: 22 }, console: lines },
});
const uses = (at: Module, lines: readonly string[]): Steps[number] => ({
  send: { from: 'client-218', to: ADDRESS[at], tcp: { port: 1792 }, timeout: '2 s', pkcs11: lines },
});

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
  'register-client client-218 {certificate.acme/client-218} -',
  'assign-client client-218 payments',
];
const READY = (at: Module): Steps => [
  console(at, OFFICER),
  uses(at, ['init-token 1 officer-pin user-pin payments']),
];

/** What each step was answered, and by whom. */
function heard(text: ScenarioText) {
  const { scenario, diagnostics } = loadScenario(printScenario(text), 'modules.yaml');
  if (scenario === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const created = createWorld(scenario);
  if (!created.ok) throw new Error('no world');
  return scenario.steps.flatMap((step, index) => {
    const performed = performStep(created.value, step, index);
    if (!performed.ok) throw new Error(performed.fault.map(({ message }) => message).join('; '));
    return performed.value.conversations.map(({ answers, answered, ending }) => ({
      codes: answers?.map((answer) => answer.split(' ')[0] ?? ''),
      answers,
      by: answered?.by ?? null,
      took: ending.took,
      outcome: ending.outcome,
    }));
  });
}

/** Without what is a module's own: its serials, keys and first passwords. */
function withoutOwn(answers: readonly string[] | null): readonly string[] {
  return (answers ?? []).map((answer) =>
    answer.replace(/"(serial|password|signing|agreement|data)":"[^"]*"/g, '"$1":"…"'),
  );
}

describe('several modules of one customer', () => {
  it('[H-11] [L-01] have keys of their own: a key that was made on one is nobody’s on the others', () => {
    const made = fc.uniqueArray(fc.constantFrom(...MODULES), { minLength: 1, maxLength: 2 });
    const property = fc.property(made, (makers) => {
      const steps = [
        ...MODULES.flatMap(READY),
        ...makers.map((at) => uses(at, ['login 1 user-pin', 'make aes vault'])),
        ...MODULES.map((at) => uses(at, ['login 1 user-pin', 'encrypt vault hello'])),
      ];
      const asked = heard(textOf(steps)).slice(-MODULES.length);
      MODULES.forEach((at, index) => {
        const code = makers.includes(at) ? 'OK' : 'CKR_OBJECT_HANDLE_INVALID';
        expect([at, ...(asked[index]?.codes ?? [])]).toEqual([at, 'OK', code]);
      });
    });
    fc.assert(property, { numRuns: 4 });
  });

  it('[U-02] [U-23] [U-10] [P24] do the same for the same lines, at home and at the provider, all from one desk', () => {
    const lines = [
      'login 1 wrong-pin',
      'login 1 user-pin',
      'make aes vault',
      'make ed25519 payroll',
      'list',
      'encrypt vault hello',
      'sign payroll hello',
      'read vault',
      'encrypt nothing hello',
      'destroy vault',
      'list',
      'logout',
      'list',
    ];
    const remote = [
      'login sam sam-secret',
      'list-clients',
      'generate-zone-key - 1 pin-1',
      'backup payments',
      'logout',
      'login alice alice-secret',
      'set-log-target collector',
      'upgrade-firmware 1.1',
      'create-officer sue sue-secret',
    ];
    const views = MODULES.map((at) =>
      heard(textOf([...READY(at), uses(at, lines), console(at, remote)])).map(({ answers }) =>
        withoutOwn(answers),
      ),
    );
    const codes = views.map((view) => view.map((answers) => answers.map((answer) => answer.split(' ')[0])));
    expect(codes[0]?.at(-1)).toEqual(remote.map(() => 'OK'));
    expect(codes[0]?.at(-2)).toContain('CKR_ATTRIBUTE_SENSITIVE');
    for (const other of codes.slice(1)) expect(other).toEqual(codes[0]);
    // what is no module's own is the same to the letter
    const using = views.map((view) => view.at(-2));
    for (const other of using.slice(1)) expect(other).toEqual(using[0]);
  });

  it('[L-02] answer for each other: when one dies, the next call is answered by another within its time-out', () => {
    const targets = [ADDRESS['hsm-1'], ADDRESS['hsm-2']];
    const call = {
      send: { from: 'client-218', balance: targets, tcp: { port: 1792 }, timeout: '2 s', payload: 'sign' },
    };
    const property = fc.property(
      fc.constantFrom('hsm-1', 'hsm-2'),
      fc.integer({ min: 0, max: 3 }),
      (dead, calls) => {
        const before = Array.from({ length: calls }, () => call);
        const after = [call, call, call];
        const answers = heard(textOf([...before, { fail: { device: dead } }, ...after], 'echo'));
        const living = dead === 'hsm-1' ? 'hsm-2' : 'hsm-1';
        expect(answers.slice(-after.length).map(({ by }) => by)).toEqual(after.map(() => living));
        expect(answers.every(({ outcome }) => outcome === 'answered')).toBe(true);
      },
    );
    fc.assert(property, { numRuns: 6 });
  });

  it('[L-04] [L-03] [H-12] give the client at home the same answers from the provider, once its own module is dead', () => {
    const shared = (at: Module, load: string): Steps => [
      console(at, [...OFFICER, load]),
      uses(at, ['init-token 1 officer-pin user-pin payments']),
    ];
    const ask = ['login 1 user-pin', 'encrypt vault hello'];
    const steps: Steps = [
      ...shared('hsm-216', 'generate-zone-key - 1 pin-1'),
      ...shared('hsm-1', 'read-card - pin-1 {generate-zone-key.cards.0}'),
      uses('hsm-216', ['login 1 user-pin', 'make aes vault']),
      console('hsm-216', ['show']),
      console('hsm-1', ['login sam sam-secret', 'trust-peer home {show.signing} {show.agreement}', 'show']),
      console('hsm-216', [
        'login sam sam-secret',
        'trust-peer lent {show.signing} {show.agreement}',
        'copy-out payments lent',
      ]),
      console('hsm-1', ['login sam sam-secret', 'copy-in payments home {copy-out.objects}']),
      uses('hsm-216', ask),
      { fail: { device: 'hsm-216' } },
      uses('hsm-216', ask),
      uses('hsm-1', ask),
    ];
    const [before, dead, after] = heard(textOf(steps)).slice(-3);
    expect([before?.by, dead?.by ?? null, after?.by]).toEqual(['acme/hsm-216', null, 'hsm-1']);
    expect(dead?.outcome).toBe('timed-out');
    expect(before?.codes).toEqual(['OK', 'OK']);
    expect(after?.answers).toEqual(before?.answers);
  });
});
