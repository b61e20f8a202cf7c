import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadScenario, printScenario, type ScenarioText } from '../../src/scenario/index.ts';
import { performStep } from '../../src/scenario/perform.ts';
import { runScenario } from '../../src/scenario/run.ts';
import { createWorld } from '../../src/scenario/world.ts';

type Steps = NonNullable<ScenarioText['steps']>;

/** A cluster, as it should be unless something else is said: faults are planted here. */
interface Cluster {
  readonly members: number;
  /** whether keys are carried between the members */
  readonly replicated: boolean;
  /** members that the balancer knows */
  readonly known: number;
  readonly policy: 'round-robin' | 'source-hash';
}

const CLUSTER: Cluster = { members: 3, replicated: true, known: 3, policy: 'round-robin' };
const SINGLE: Cluster = { ...CLUSTER, members: 1, known: 1 };

const addressOf = (member: number): string => `10.0.0.20${member}`;
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);
const record = <Value>(count: number, entry: (member: number) => readonly [string, Value]) =>
  Object.fromEntries(numbers(count).map(entry));

const uses = (to: string, lines: readonly string[]): Steps[number] => ({
  send: { from: 'app', to, tcp: { port: 1792 }, timeout: '2 s', pkcs11: lines },
});

const TAKES = { engines: 2, waiting: 4, times: { CKM_EDDSA: '10 ms' } };

function textOf({ members, replicated, known, policy }: Cluster, steps: Steps): ScenarioText {
  const all = numbers(members).map(addressOf);
  return {
    title: 'a cluster',
    provider: {
      zones: ['zone-1'],
      hsms: record(members, (member) => [
        `hsm-${member}`,
        { zone: 'zone-1', address: `10.10.${member}.3`, endpoint: { kind: 'module', speed: TAKES } },
      ]),
    },
    customers: {
      acme: {
        vn: {
          cidr: '10.0.0.0/16',
          subnets: { main: { cidr: '10.0.0.0/24', zone: 'zone-1' } },
          instances: {
            app: { subnet: 'main', address: '10.0.0.7' },
            ops: { subnet: 'main', address: '10.0.0.5' },
          },
          'load-balancers': {
            'lb-508': {
              subnet: 'main',
              address: '10.0.0.100',
              listen: 'tcp/1792',
              targets: all.slice(0, known),
              policy,
              health: { every: '5 s', timeout: '2 s', healthy: 2, unhealthy: 2 },
            },
          },
        },
        roles: { service: { allow: ['create-vni', 'attach-vni'] } },
      },
    },
    steps: [
      ...all.map((address, index) => ({
        'request-hsm': { customer: 'acme', subnet: 'main', address, hsm: `hsm-${index + 1}` },
      })),
      ...all.flatMap((to, index) => ready(to, index === 0)),
      ...(replicated && members > 1
        ? [{ replicate: { from: 'ops', between: all, partition: 'payments', login: 'sam sam-secret' } }]
        : []),
      ...steps,
    ],
  };
}

function ready(to: string, first: boolean): Steps {
  const key = first ? 'generate-zone-key - 1 pin-1' : 'read-card - pin-1 {generate-zone-key.cards.0}';
  const console = [
    'login crp provider',
    'create-administrator alice',
    'logout',
    'login alice {create-administrator.password}',
    'change-password {create-administrator.password} alice-secret',
    'initialise cluster 1 sam:sam-secret -',
    'logout',
    'login sam sam-secret',
    'create-partition payments -',
    'register-client app {certificate.acme/app} -',
    'assign-client app payments',
    key,
  ];
  return [
    { send: { from: 'ops', to, tcp: { port: 22 }, console } },
    uses(to, ['init-token 1 officer-pin user-pin payments']),
  ];
}

/** What an application does over one connection; labels are few, so that calls meet. */
type Deed = readonly [verb: 'make' | 'use' | 'destroy' | 'list', label: 'a' | 'b'];

const LINES: Readonly<Record<Deed[0], (label: string) => readonly string[]>> = {
  make: (label) => [`make ed25519 ${label}`],
  use: (label) => [`sign ${label} hello`, `verify ${label} {sign.data} hello`, `verify ${label} 00 hello`],
  // The pair is two objects, each destroyed by its label.
  destroy: (label) => [`destroy ${label}`, `destroy ${label}`],
  list: () => ['list'],
};

const deed = fc.tuple(fc.constantFrom('make', 'use', 'destroy', 'list'), fc.constantFrom('a', 'b'));

/** Without making what is there already: labels of PKCS#11 need not be unique, and two keys of one name are nobody's order. */
function sensible(deeds: readonly Deed[]): readonly Deed[] {
  const there = new Set<string>();
  return deeds.filter(([verb, label]) => {
    if (verb === 'make' && there.has(label)) return false;
    if (verb === 'make') there.add(label);
    if (verb === 'destroy') there.delete(label);
    return true;
  });
}

interface Trial {
  readonly deeds: readonly Deed[];
  /** the member that fails, and before which deed */
  readonly fails: { readonly member: number; readonly before: number } | null;
}

const trials: fc.Arbitrary<Trial> = fc.record({
  deeds: fc
    .array(deed, { minLength: 2, maxLength: 5 })
    .map((deeds) => sensible([['make', 'a'], ...deeds, ['list', 'a'], ['use', 'a'], ['use', 'b']])),
  fails: fc.option(
    fc.record({ member: fc.integer({ min: 1, max: 3 }), before: fc.integer({ min: 1, max: 4 }) }),
  ),
});

/** What the application hears of each deed, and from whom. */
function heard(cluster: Cluster, { deeds, fails }: Trial) {
  const steps = deeds.flatMap((one, index): Steps => {
    const failing = fails !== null && fails.before === index && cluster.members > 1;
    return [
      ...(failing ? [{ fail: { device: `hsm-${fails.member}` } }, { wait: '20 s' }] : []),
      uses('lb-508', ['login 1 user-pin', ...LINES[one[0]](one[1])]),
      // Copies are made every ten seconds.
      ...(one[0] === 'make' || one[0] === 'destroy' ? [{ wait: '25 s' }] : []),
    ];
  });
  const { scenario, diagnostics } = loadScenario(printScenario(textOf(cluster, steps)), 'cluster.yaml');
  if (scenario === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const created = createWorld(scenario);
  if (!created.ok) throw new Error('no world');
  return scenario.steps
    .flatMap((step, index) => {
      const performed = performStep(created.value, step, index);
      if (!performed.ok) throw new Error(performed.fault.map(({ message }) => message).join('; '));
      return performed.value.conversations;
    })
    .filter(({ stimulus }) => stimulus.from.id === 'acme/app')
    .slice(-deeds.length)
    .map(({ answers, answered }) => ({
      answers: (answers ?? []).map((answer) => answer.replace(/"data":"[^"]*"/, '"data":"…"')),
      by: answered?.by ?? null,
    }));
}

/** What is wrong with a cluster; `null`: it is as one module, and shares the work out. */
function wrongWith(cluster: Cluster, trial: Trial): string | null {
  const one = heard(SINGLE, trial);
  const many = heard(cluster, trial);
  for (const [index, { answers }] of many.entries()) {
    const expected = one[index]?.answers ?? [];
    if (JSON.stringify(answers) !== JSON.stringify(expected)) {
      return `deed ${index}: ${answers.join(' | ')} instead of ${expected.join(' | ')}`;
    }
  }
  const living = numbers(CLUSTER.members).filter((member) => member !== trial.fails?.member);
  const since = trial.fails?.before ?? 0;
  const counts = living.map((member) => many.slice(since).filter(({ by }) => by === `hsm-${member}`).length);
  const uneven = Math.max(...counts) - Math.min(...counts) > 1;
  return uneven ? `shared out as ${counts.join(', ')}` : null;
}

/** What a load comes to on so many members. */
function loadOn(members: number, load: { rate: number; for: string; during?: object[] }) {
  const steps = [
    uses(addressOf(1), ['login 1 user-pin', 'make ed25519 a']),
    { wait: '25 s' },
    {
      load: {
        from: ['app'],
        clients: 12,
        to: 'lb-508',
        pkcs11: ['login 1 user-pin', 'sign a hello'],
        ...load,
      },
    },
  ] as Steps;
  const text = textOf({ ...CLUSTER, members, known: members }, steps);
  const { scenario } = loadScenario(printScenario(text), 'load.yaml');
  const ran = scenario === null ? null : runScenario(scenario);
  const report = ran?.ok === true ? ran.value.report.steps.at(-1)?.load : null;
  if (report == null) throw new Error('a load was performed');
  return report;
}

describe('an active/active cluster', () => {
  it('[U-11] [U-06] [U-13] [H-02] [L-02] answers as one module does, whoever is asked and whoever fails, and shares connections out', () => {
    fc.assert(
      fc.property(trials, (trial) => {
        expect(wrongWith(CLUSTER, trial)).toBeNull();
      }),
      { numRuns: 4 },
    );
  });

  const long: Trial = {
    deeds: [
      ['make', 'a'],
      ['use', 'a'],
      ['use', 'a'],
      ['use', 'a'],
      ['list', 'a'],
      ['list', 'a'],
    ],
    fails: null,
  };
  it.each([
    ['keys are not carried', { replicated: false }, /^deed 1: OK \| CKR_OBJECT_HANDLE_INVALID/],
    ['the balancer knows two of three', { known: 2 }, /^shared out as 3, 3, 0$/],
    ['the balancer stays with one for each client', { policy: 'source-hash' }, /^shared out as/],
  ] as const)('a fault is noticed: %s', (_, fault, expected) => {
    expect(wrongWith({ ...CLUSTER, ...fault }, long)).toMatch(expected);
  });

  it('[T3] [U-11] a member that fails takes along what was open with it, and after that every call is answered by the others', () => {
    const fails = { after: '5 s', fail: { device: 'hsm-1' } };
    const report = loadOn(2, { rate: 100, for: '20 s', during: [fails] });
    expect(report.missed.map(([why]) => why)).toEqual(['nobody answers', 'connection lost']);
    expect(report.answered).toBeGreaterThan(0.6 * report.asked);
    // Of sixty stretches the last twenty: the balancer has noticed long ago.
    const last = report.stretches.slice(-20);
    expect(last.map(({ asked, answered }) => answered >= asked - 1)).not.toContain(false);
    expect(report.modules[1]?.answered).toBeGreaterThan(2 * (report.modules[0]?.answered ?? 0));
  });

  it('[U-11] [L-01] [U-04] does as many operations a second as its members together', () => {
    const rates = [1, 2, 3].map((members) => loadOn(members, { rate: 2000, for: '5 s' }).answered / 5);
    // Two engines, and 10 ms for each signature: 200 a second.
    expect(rates).toEqual([200, 400, 600].map((rate) => expect.closeTo(rate, -1.2)));
  });
});
