import { describe, expect, it } from 'vitest';
import { nanos } from '../../src/base/index.ts';
import { admit, type Engines, IDLE } from '../../src/hsm/index.ts';
import { runDocument } from '../../src/report/index.ts';
import {
  loadScenario,
  printScenario,
  type ScenarioText,
  type StepText,
  summarize,
} from '../../src/scenario/index.ts';
import { performStep } from '../../src/scenario/perform.ts';
import { runScenario } from '../../src/scenario/run.ts';
import { createWorld } from '../../src/scenario/world.ts';

const LIMITS = { engines: 2, waiting: 1 };
const TAKES = nanos(10_000_000);
const SENDERS = ['app-1', 'app-2', 'app-3', 'app-4', 'app-5'] as const;

const sign = ['login 1 user-pin', 'sign payroll an invoice'];

/** One module that signs two at a time, each in 10 ms, and lets one wait. */
function oneModule(steps: readonly StepText[]): ScenarioText {
  return {
    title: 'One module',
    provider: {
      zones: ['zone-1'],
      hsms: {
        'hsm-1': {
          zone: 'zone-1',
          address: '10.10.0.3',
          endpoint: { kind: 'module', speed: { ...LIMITS, times: { CKM_ECDSA_SHA256: '10 ms' } } },
        },
      },
    },
    customers: {
      acme: {
        vn: {
          cidr: '10.0.0.0/16',
          subnets: { main: { cidr: '10.0.0.0/24', zone: 'zone-1' } },
          instances: Object.fromEntries(
            SENDERS.map((name, index) => [name, { subnet: 'main', address: `10.0.0.${index + 7}` }]),
          ),
        },
        roles: { 'hsm-service': { allow: ['create-vni', 'attach-vni'] } },
      },
    },
    steps: [
      { 'request-hsm': { customer: 'acme', subnet: 'main', address: '10.0.0.201' } },
      {
        send: {
          from: 'app-1',
          to: '10.0.0.201',
          tcp: { port: 22 },
          console: [
            'login crp provider',
            'create-administrator alice',
            'logout',
            'login alice {create-administrator.password}',
            'change-password {create-administrator.password} alice-secret',
            'initialise one 1 sam:sam-secret -',
            'logout',
            'login sam sam-secret',
            'create-partition payments -',
            'register-client app {certificate.app} -',
            'assign-client app payments',
          ],
        },
      },
      {
        send: {
          from: 'app-1',
          to: '10.0.0.201',
          tcp: { port: 1792 },
          as: 'app',
          pkcs11: ['init-token 1 officer-pin user-pin payments', 'login 1 user-pin', 'make p256 payroll'],
        },
      },
      ...steps,
    ],
  };
}

function loaded(text: ScenarioText) {
  const { scenario, diagnostics } = loadScenario(printScenario(text), 'demand.yaml');
  if (scenario === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return scenario;
}

/** What each of them hears who asks for signatures at the same instant, and when its last answer comes. */
function atOnce(lines: readonly string[]) {
  const packets = SENDERS.map((from) => ({
    from,
    to: '10.0.0.201',
    tcp: { port: 1792 },
    as: 'app',
    pkcs11: lines,
  }));
  const scenario = loaded(oneModule([{ send: packets }]));
  const created = createWorld(scenario);
  if (!created.ok) throw new Error('no world');
  const world = created.value;
  const performed = scenario.steps.map((step, index) => performStep(world, step, index)).at(-1);
  if (performed?.ok !== true) throw new Error('the step was refused');
  return performed.value.conversations.map(({ answers, stimulus }) => {
    const machine = world.machines.get(stimulus.from.id);
    const last = machine?.events.map(({ kind }) => kind).lastIndexOf('received') ?? -1;
    return {
      answers: (answers ?? []).map((answer) => answer.split(' ')[0]),
      at: machine?.heardAt[last] ?? 0,
    };
  });
}

describe('a module that takes its time', () => {
  it('[U-01] [U-04] [U-05] answers real packets as its engines say: side by side, after each other, or not at all', () => {
    const heard = atOnce(sign);
    let engines: Engines = IDLE;
    const wanted = SENDERS.map(() => {
      const admitted = admit(engines, LIMITS, TAKES, nanos(0));
      engines = admitted?.engines ?? engines;
      return admitted?.doneAt ?? null;
    });
    expect(wanted).toEqual([10e6, 10e6, 20e6, null, null]);
    expect(heard.map(({ answers }) => answers)).toEqual(
      wanted.map((doneAt) => ['OK', doneAt === null ? 'OVERLOADED' : 'OK']),
    );
    // whoever is refused hears so after the network's time alone
    const network = Math.min(...heard.map(({ at }) => at));
    // some are a few microseconds nearer: on the server of the NAT instance
    const round = (time: number) => Math.round(time / 100_000) * 100_000;
    expect(heard.map(({ at }) => round(at - network))).toEqual(wanted.map((doneAt) => doneAt ?? 0));
  });

  it('[U-04] lets a session go on that was refused', () => {
    const heard = atOnce([...sign, 'sign payroll once more']);
    expect(heard.map(({ answers }) => answers.length)).toEqual([3, 3, 3, 3, 3]);
    expect(heard.flatMap(({ answers }) => answers)).not.toContain('CKR_OPERATION_ACTIVE');
  });

  it('takes no time for what it refuses', () => {
    const heard = atOnce(['login 1 user-pin', 'sign nothing an invoice']);
    expect(heard.map(({ answers }) => answers)).toEqual(
      SENDERS.map(() => ['OK', 'CKR_OBJECT_HANDLE_INVALID']),
    );
    const times = heard.map(({ at }) => at);
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(20_000);
  });
});

const load = (more: Partial<NonNullable<StepText['load']>> = {}): NonNullable<StepText['load']> => ({
  from: [...SENDERS],
  to: '10.0.0.201',
  as: 'app',
  pkcs11: sign,
  rate: 100,
  arrivals: 'steady',
  for: '5 s',
  ...more,
});

describe('a load', () => {
  const reportOf = (step: StepText, seed = 1) => {
    const ran = runScenario(loaded({ ...oneModule([step]), seed }));
    if (!ran.ok) throw new Error(ran.fault.map(({ message }) => message).join('; '));
    return ran.value.report;
  };

  it('[U-05] takes what real packets take: a single client hears each answer after network and service', () => {
    const last = reportOf({ load: load({ from: ['app-1'], rate: 5, arrivals: 'steady' }) }).steps.at(
      -1,
    )?.load;
    expect(last?.answered).toBe(24);
    expect(last?.latency?.service).toBe(TAKES);
    expect(last?.latency?.queue).toBe(0);
    const network = Number(last?.latency?.network);
    // two round trips of the packets that cross FIG. 3
    expect(network).toBeGreaterThan(2 * 100_000);
    expect(network).toBeLessThan(2 * 400_000);
    expect(last?.latency?.slowest).toBe(Number(last?.latency?.quickest));
  });

  it('[U-04] is worked off as far as the module can: 200 a second, and no more', () => {
    const last = reportOf({ load: load({ rate: 400 }) }).steps.at(-1)?.load;
    expect(last?.modules.map(({ id, capacity }) => [id, capacity])).toEqual([['hsm-1', 200]]);
    expect(last?.answered).toBeGreaterThan(900);
    expect(last?.answered).toBeLessThan(1005);
    expect(last?.missed.map(([why]) => why)).toEqual(['OVERLOADED']);
  });

  it('[U-03] ends with the module, and goes on when it is back', () => {
    const during = [
      { after: '1 s', fail: { device: 'hsm-1' } },
      { after: '2 s', heal: { device: 'hsm-1' } },
    ];
    const last = reportOf({ load: load({ for: '6 s', during }) }).steps.at(-1)?.load;
    const perSecond = [0, 1, 2, 3, 4, 5].map((second) =>
      (last?.stretches ?? [])
        .slice(second * 10, second * 10 + 10)
        .reduce((sum, one) => sum + one.answered, 0),
    );
    expect(perSecond[0]).toBeGreaterThan(80);
    expect(perSecond[1]).toBe(0);
    expect(perSecond[5]).toBeGreaterThan(80);
  });

  it('[H-11] says with what code a module refuses the work', () => {
    const lines = ['login 1 user-pin', 'sign nothing an invoice'];
    const last = reportOf({ load: load({ pkcs11: lines }) }).steps.at(-1)?.load;
    expect(last?.missed.map(([why]) => why)).toEqual(['CKR_OBJECT_HANDLE_INVALID']);
    expect(last?.answered).toBe(0);
  });

  it('[U-03] [U-04] [U-05] is told in JSON as well', () => {
    const report = reportOf({ load: load() });
    const [scenario] = runDocument(summarize([report])).scenarios;
    const [told] = scenario?.loads ?? [];
    expect(told?.step).toBe(4);
    expect(told?.asked).toBe(
      Number(told?.answered) + (told?.missed ?? []).reduce((sum, { count }) => sum + count, 0),
    );
    expect(told?.stretches.length).toBe(60);
    expect(JSON.parse(JSON.stringify(told))).toEqual(told);
  });

  it('judges each bound, and says what was measured instead', () => {
    const expect_ = {
      load: { available: '= 100 %', throughput: '> 1000/s', p50: '<= 1 ms', shares: { 'hsm-1': '= 100 %' } },
    };
    const { checks } = reportOf({ load: load(), expect: expect_ });
    expect(checks.map(({ name, passed }) => [name, passed])).toEqual([
      ['available = 100 %', true],
      ['throughput > 1000/s', false],
      ['half of the answers <= 1 ms', false],
      ['share of hsm-1 = 100 %', true],
    ]);
    expect(checks[2]?.message).toMatch(/^got: 10\.\d+ ms$/);
  });

  it('[P30] comes to the same when it is run again, and to something else with another seed', () => {
    const once = reportOf({ load: load({ arrivals: 'random' }) }).steps.at(-1)?.load;
    expect(reportOf({ load: load({ arrivals: 'random' }) }).steps.at(-1)?.load).toEqual(once);
    expect(reportOf({ load: load({ arrivals: 'random' }) }, 2).steps.at(-1)?.load?.stretches).not.toEqual(
      once?.stretches,
    );
  });

  it('is complained about where it makes no sense, all mistakes at once', () => {
    const wrong = oneModule([
      { load: load({ from: ['app-9'], during: [{ after: '7 s', fail: { device: 'hsm-1' } }] }) },
      { load: load(), expect: { load: { p50: '40 ms' } } },
      { wait: '1 s', expect: { load: { available: '= 100 %' } } },
    ]);
    const { diagnostics } = loadScenario(printScenario(wrong), 'demand.yaml');
    expect(diagnostics.map(({ code }) => code).sort()).toEqual([
      'scenario/misplaced-expectation',
      'scenario/unknown-name',
      'scenario/wrong-value',
      'scenario/wrong-value',
    ]);
  });
});
