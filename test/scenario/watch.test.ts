import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { present } from '../../src/base/index.ts';
import { loadScenario, printScenario, type ScenarioText } from '../../src/scenario/index.ts';
import { runScenario } from '../../src/scenario/run.ts';
import { tablesOf } from '../../src/scenario/tables.ts';
import type { Notice } from '../../src/scenario/watch.ts';
import type { World } from '../../src/scenario/world.ts';

type Steps = NonNullable<ScenarioText['steps']>;

const EVERY = 10;
const MISSED = 3;

/** Two HSMs of one customer in one rack, each with its own service network, on servers that can do without one. */
function scenarioText(steps: Steps, watch: object = {}): ScenarioText {
  const hsm = (address: string) => ({ zone: 'here', address, endpoint: 'hsm' as const });
  return {
    title: 'watch',
    provider: {
      zones: ['here'],
      servers: { one: { zone: 'here' }, two: { zone: 'here' } },
      hsms: { 'hsm-3': hsm('10.10.0.3'), 'hsm-4': hsm('10.10.1.3') },
      service: {
        crp: '203.0.113.0/24',
        public: '198.51.100.224/28',
        storage: 'storage',
        management: 'management',
        watch: { every: `${EVERY} s`, missed: MISSED, ...watch },
      },
    },
    internet: {
      hosts: { storage: { address: '192.31.195.230' }, management: { address: '192.31.195.232' } },
    },
    customers: {
      me: {
        vn: {
          cidr: '10.0.0.0/16',
          subnets: { main: { cidr: '10.0.0.0/16', zone: 'here' } },
          instances: { app: { subnet: 'main', address: '10.0.0.7' } },
        },
        roles: { service: { allow: ['create-vni', 'attach-vni'] } },
      },
    },
    steps: [
      { 'request-hsm': { customer: 'me', subnet: 'main', address: '10.0.0.201' } },
      { 'request-hsm': { customer: 'me', subnet: 'main', address: '10.0.0.202' } },
      ...steps,
    ],
  };
}

function ran(steps: Steps, watch: object = {}): World {
  const { scenario, diagnostics } = loadScenario(printScenario(scenarioText(steps, watch)), 'watch.yaml');
  const result = scenario === null ? null : runScenario(scenario);
  if (result === null || !result.ok) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const failed = result.value.report.checks.filter(({ passed }) => !passed);
  expect(failed.map(({ name, message }) => `${name}: ${message}`)).toEqual([]);
  return result.value.world;
}

function noticesOf(world: World): readonly Notice[] {
  return present(world.watch, 'somebody watches').notices;
}

const said = (world: World): readonly string[] =>
  noticesOf(world).map(({ about, what }) => `${about} ${what}`);
const call = (address: string) => ({ from: 'app', to: address, tcp: { port: 1792 }, payload: 'PUBLIC-KEY' });

/** What can break, and who is silent then; whom nobody can judge any more is not named. */
const BREAKABLE = {
  'nat-322': ['me/nat-322'],
  'nat-322-2': ['me/nat-322-2'],
  'hsm-3': ['hsm-3'],
  'hsm-4': ['hsm-4'],
  'igw-228': ['me/bastion-226'],
  'bastion-226-2': ['me/bastion-226-2'],
} as const;
type Breakable = keyof typeof BREAKABLE;

/** What the six of them say about each other, said once more in the simplest words. */
function expected(broken: readonly Breakable[]): ReadonlySet<string> {
  const dark = (network: 1 | 2) => broken.includes(network === 1 ? 'igw-228' : 'bastion-226-2');
  const network = (part: Breakable): 1 | 2 =>
    part === 'nat-322' || part === 'hsm-3' || part === 'igw-228' ? 1 : 2;
  const known = broken.filter(
    (part) => part === 'igw-228' || part === 'bastion-226-2' || !dark(network(part)),
  );
  const both = known.includes('hsm-3') && known.includes('hsm-4');
  const ids = known.flatMap((part) => (both && part.startsWith('hsm') ? [] : [...BREAKABLE[part]]));
  return new Set(both ? [...ids, 'tor'] : ids);
}

describe('a management that watches', () => {
  it('[B-07] [B-05] notices exactly what has failed, and within the signs of life that may be missed', () => {
    const parts = fc.uniqueArray(fc.constantFrom(...(Object.keys(BREAKABLE) as Breakable[])));
    fc.assert(
      fc.property(parts, fc.integer({ min: 15, max: 45 }), (broken, since) => {
        const steps: Steps = [
          { wait: `${since} s` },
          ...broken.map((device) => ({ fail: { device } })),
          { wait: `${(MISSED + 2) * EVERY} s` },
        ];
        const world = ran(steps, { repair: false });
        const silent = noticesOf(world).filter(({ what }) => what === 'silent');
        expect(new Set(silent.map(({ about }) => about))).toEqual(expected(broken));
        expect(silent.length).toBe(noticesOf(world).length);
        for (const { at } of silent) {
          const delay = at / 1e9 - since;
          expect(delay).toBeGreaterThan((MISSED - 1) * EVERY);
          expect(delay).toBeLessThanOrEqual((MISSED + 1) * EVERY);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('[B-08] [L-15] [T-12] replaces a NAT instance that is silent, and only that: its address works again, the other never stops', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('nat-322', 'nat-322-2'),
        fc.integer({ min: 11, max: 29 }),
        (device, since) => {
          const own = device === 'nat-322' ? '10.0.0.201' : '10.0.0.202';
          const other = device === 'nat-322' ? '10.0.0.202' : '10.0.0.201';
          const works = { reply: { path: 'reversed' as const } };
          const world = ran([
            { wait: `${since} s` },
            { fail: { device } },
            { send: call(other), expect: works },
            { wait: `${(MISSED + 1) * EVERY} s` },
            { send: call(own), expect: works },
            { send: call(other), expect: works },
            { wait: '100 s', expect: { noticed: 'nothing' } },
          ]);
          expect(said(world)).toEqual([`me/${device} silent`, `me/${device} replaced`]);
          const names = Object.keys(world.model.natInstances);
          expect(names).toContain(`me/${device}-b`);
          expect(names).toHaveLength(2);
          expect(world.model.failures).toEqual({});
          const left = Object.values(world.model.interfaces).filter(
            ({ attachedTo }) => attachedTo === `me/${device}`,
          );
          expect(left).toEqual([]);
        },
      ),
      { numRuns: 10 },
    );
  });

  it('[B-08] replaces it again when it fails again, under the next name', () => {
    const again: Steps = [{ fail: { device: 'nat-322-b' } }, { wait: '60 s' }];
    const world = ran([{ wait: '15 s' }, { fail: { device: 'nat-322' } }, { wait: '60 s' }, ...again]);
    expect(Object.keys(world.model.natInstances)).toContain('me/nat-322-c');
  });

  it('[B-08] does nothing while it knows nothing: with its server the bastion is gone as well', () => {
    const down: Steps = ['one', 'two'].map((device) => ({ fail: { device } }));
    const world = ran([{ wait: '15 s' }, ...down, { wait: '200 s' }]);
    expect(said(world)).toEqual(['me/bastion-226 silent', 'me/bastion-226-2 silent']);
    expect(Object.keys(world.model.natInstances)).toEqual(['me/nat-322', 'me/nat-322-2']);
    expect(tablesOf(world, 'watch')[0]?.rows.map((row) => row.at(-1))).toEqual([
      ...['silent', 'not known', 'not known'],
      ...['silent', 'not known', 'not known'],
    ]);
  });

  it('[B-07] hears a device again, and what is lost on the way once or twice does not count', () => {
    const lossy: Steps = [
      { fail: { device: 'hsm-3' } },
      { wait: '22 s' },
      { heal: { device: 'hsm-3' } },
      { wait: '60 s', expect: { noticed: 'nothing' } },
      { fail: { device: 'hsm-3' } },
      { wait: '60 s', expect: { noticed: [{ about: 'hsm-3', as: 'silent' }] } },
      { heal: { device: 'hsm-3' } },
      { wait: '60 s', expect: { noticed: [{ about: 'hsm-3', as: 'back' }] } },
    ];
    ran([{ wait: '31 s' }, ...lossy]);
  });

  it('[B-07] does not take a device for well because nothing is known of it any more', () => {
    const steps: Steps = [
      { wait: '15 s' },
      { fail: { device: 'hsm-3' } },
      { wait: '60 s' },
      { fail: { device: 'bastion-226' } },
      { wait: '60 s' },
      { heal: { device: 'bastion-226' } },
      { wait: '60 s' },
    ];
    expect(said(ran(steps))).toEqual(['hsm-3 silent', 'me/bastion-226 silent', 'me/bastion-226 back']);
  });

  it('[B-07] goes on for weeks without using anything up', () => {
    ran([{ wait: '4300 s', expect: { noticed: 'nothing' } }], { every: '1 s' });
  });

  it('[DC-07] is the same each time', () => {
    const steps: Steps = [{ wait: '15 s' }, { fail: { device: 'nat-322' } }, { wait: '100 s' }];
    expect(noticesOf(ran(steps))).toEqual(noticesOf(ran(steps)));
  });

  it('[B-12] keeps no record with a key, a signature or what was signed, whatever customers do', () => {
    const words = fc.constantFrom('tariff', 'merger', 'salary');
    fc.assert(
      fc.property(fc.uniqueArray(words, { minLength: 1 }), (secrets) => {
        const sends: Steps = secrets.map((secret) => ({
          send: { ...call('10.0.0.201'), payload: `PUBLIC-KEY\nSIGN ${secret}\n` },
        }));
        const world = ran([...sends, { wait: '60 s' }, { fail: { device: 'nat-322' } }, { wait: '60 s' }]);
        const answers = present(world.machines.get('me/app'), 'the client').events.flatMap((event) =>
          event.kind === 'received' ? new TextDecoder().decode(event.bytes).split(/\s+/) : [],
        );
        const hidden = [...secrets, ...answers.filter((word) => word.length > 20)];
        expect(hidden.length).toBeGreaterThan(secrets.length);
        const kept = ['storage', 'management'].flatMap((id) => present(world.machines.get(id), id).events);
        expect(kept.length).toBeGreaterThan(10);
        const records = [
          ...kept.map((event) => ('bytes' in event ? new TextDecoder().decode(event.bytes) : '')),
          ...noticesOf(world).map(({ text }) => text),
          ...(['messages', 'watch', 'log'] as const).flatMap((name) => JSON.stringify(tablesOf(world, name))),
        ].join('\n');
        for (const word of hidden) expect(records).not.toContain(word);
      }),
      { numRuns: 5 },
    );
  });
});
