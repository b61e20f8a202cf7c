import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { present } from '../../src/base/index.ts';
import {
  addLogTarget,
  call,
  detachInterface,
  replaceHsm,
  terminateInstance,
} from '../../src/provider/index.ts';
import { loadScenario, printScenario, type ScenarioText } from '../../src/scenario/index.ts';
import { runScenario } from '../../src/scenario/run.ts';
import { tablesOf } from '../../src/scenario/tables.ts';
import type { World } from '../../src/scenario/world.ts';

type Steps = NonNullable<ScenarioText['steps']>;

const REQUEST = {
  customer: 'me',
  subnet: 'main',
  address: '10.0.0.201',
  service: { cidr: '192.168.0.0/24', address: '192.168.0.55' },
  nat: { reverse: [{ udp: 514, to: '10.0.0.8' }] },
};

function scenarioText(steps: Steps, attachment: 'rack' | 'direct' = 'rack'): ScenarioText {
  const hsm = (address: string) => ({ zone: 'here', address, endpoint: 'echo' as const });
  const instance = (last: number) => ({ subnet: 'main', address: `10.0.0.${last}` });
  return {
    title: 'care',
    provider: {
      zones: ['here'],
      hsms: { 'hsm-3': hsm('10.10.0.3'), 'hsm-4': hsm('10.10.0.4'), 'hsm-5': hsm('192.168.0.9') },
      service: {
        crp: '203.0.113.0/24',
        public: '198.51.100.224/28',
        storage: 'storage',
        management: 'management',
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
          instances: {
            app: instance(7),
            collector: instance(8),
            middle: { ...instance(9), 'source-check': false },
          },
        },
        roles: { service: { allow: ['create-vni', 'attach-vni'] } },
      },
    },
    steps: [{ 'request-hsm': { ...REQUEST, attachment } }, ...steps],
  };
}

function run(steps: Steps, attachment: 'rack' | 'direct' = 'rack') {
  const { scenario, diagnostics } = loadScenario(printScenario(scenarioText(steps, attachment)), 'care.yaml');
  return {
    ran: scenario === null ? null : runScenario(scenario),
    // hsm-5 stands inside the service network on purpose, and is warned of
    codes: diagnostics.flatMap(({ severity, code }) => (severity === 'error' ? [code] : [])),
  };
}

function ran(steps: Steps, attachment: 'rack' | 'direct' = 'rack'): World {
  const { ran: result, codes } = run(steps, attachment);
  if (result === null || !result.ok) throw new Error(codes.join(' '));
  const failed = result.value.report.checks.filter(({ passed }) => !passed);
  expect(failed.map(({ name, message }) => `${name}: ${message}`)).toEqual([]);
  return result.value.world;
}

const CALL = { from: 'app', to: '10.0.0.201', tcp: { port: 1792 }, payload: 'sign' };
const works = (hsm: string) => ({ delivered: hsm, reply: { path: 'reversed' as const }, answer: 'sign' });

describe('an HSM that takes the place of another', () => {
  it('[T-11] [T-12] answers new calls at the same address, and hears nothing of what the old one was asked', () => {
    const asks = fc.record({
      port: fc.constantFrom(53, 1792),
      'source-port': fc.integer({ min: 5000, max: 5003 }),
    });
    const flows = fc.uniqueArray(asks, { minLength: 1, maxLength: 6, selector: (ask) => ask['source-port'] });
    fc.assert(
      fc.property(flows, fc.constantFrom('rack' as const, 'direct' as const), (asked, attachment) => {
        const before: Steps = asked.map((udp) => ({ send: { from: 'app', to: '10.0.0.201', udp } }));
        const late: Steps = asked.map(({ port, 'source-port': source }) => ({
          send: { from: 'hsm-4', to: '192.168.0.55', udp: { port: source, 'source-port': port } },
          expect: { dropped: 'nat.no-flow', unseen: [{ at: 'me' }] },
        }));
        const world = ran(
          [
            ...before,
            { send: CALL, expect: works('hsm-3') },
            { 'replace-hsm': { hsm: 'hsm-3', by: 'hsm-4' } },
            ...late,
            ...before.map((again) => ({ ...again, expect: { delivered: 'hsm-4' } })),
            { send: CALL, expect: { ...works('hsm-4'), unseen: [{ at: 'hsm-3' }] } },
          ],
          attachment,
        );
        const { model } = world;
        expect([model.hsms['hsm-3']?.assignedTo, model.hsms['hsm-4']?.assignedTo]).toEqual([null, 'me/1']);
        expect(JSON.stringify([model.firewalls, model.acls, model.subnets, model.bastions])).not.toContain(
          String(present(model.hsms['hsm-3'], 'hsm-3').address),
        );
        const [table] = tablesOf(world, 'connections').filter(({ title }) => title.includes('nat-322'));
        expect(table?.rows.length).toBeLessThan(asked.length + 4);
      }),
      { numRuns: 12 },
    );
  });

  it('[B-02] [B-10] reports to the provider as the old one did, and to nobody else', () => {
    const log = (from: string): Steps[number] => ({
      log: { from, text: 'hot' },
      expect: { seen: [{ at: 'storage' }] },
    });
    const world = ran([
      log('hsm-3'),
      { 'add-log-target': { customer: 'me', hsm: 'hsm-3' } },
      { 'replace-hsm': { hsm: 'hsm-3', by: 'hsm-4' } },
      {
        log: { from: 'hsm-4', text: 'hot' },
        expect: { seen: [{ at: 'storage' }], unseen: [{ at: 'collector' }] },
      },
      { log: { from: 'hsm-3', text: 'cold' }, expect: { unseen: [{ at: 'bastion-226' }] } },
    ]);
    expect(world.model.hsms['hsm-3']?.logTargets).toEqual([]);
    expect(
      present(tablesOf(world, 'messages')[0], 'messages').rows.map(([, , , text]) => text),
    ).not.toContain('cold');
  });

  it('[P-15] [P-18] is free, and its address lies outside the service network', () => {
    const { model } = ran([]);
    const codes = (hsm: string, by: string) => {
      const change = call(model, 'replace-hsm', replaceHsm, { hsm, by });
      return change.ok ? [] : change.fault.map(({ code, field }) => `${code} ${field}`);
    };
    expect(codes('hsm-3', 'hsm-3')).toEqual(['provider/no-capacity by']);
    expect(codes('hsm-3', 'hsm-5')).toEqual(['provider/overlap by']);
    expect(codes('hsm-4', 'hsm-3')).toEqual(['provider/no-change hsm']);
    expect(codes('hsm-9', 'hsm-3')).toEqual(['provider/unknown hsm']);
    expect(codes('hsm-3', 'hsm-9')).toEqual(['provider/unknown by']);
    expect(codes('hsm-3', 'hsm-4')).toEqual([]);
  });
});

describe('an interface of a NAT instance', () => {
  it('[D-04] [P-31] leads through it while it is attached, either way, and nowhere while it is not', () => {
    for (const vni of ['vni-314', 'vni-324']) {
      const world = ran([
        { send: CALL, expect: works('hsm-3') },
        { 'detach-vni': { vni } },
        {
          send: { ...CALL, timeout: '1 s' },
          expect: { dropped: 'link.down', outcome: 'timed-out', unseen: [{ at: 'hsm-3' }] },
        },
        { 'attach-vni': { vni } },
        { send: CALL, expect: works('hsm-3') },
      ]);
      const nat = present(world.model.natInstances['me/nat-322'], 'nat-322');
      const sides = [nat.outer, nat.inward].map((id) => present(world.model.interfaces[id], id).network);
      expect(sides).toEqual(['me', 'me/1']);
    }
  });

  it('[I-12] [P-30] is the provider’s to take off, and is taken off once', () => {
    const { model } = ran([]);
    const detach = (of: typeof model, by: 'customer' | 'provider') =>
      call(of, 'detach-vni', detachInterface, { interface: 'me/vni-314', by });
    expect(detach(model, 'customer')).toMatchObject({ ok: false, fault: [{ code: 'provider/locked' }] });
    const once = detach(model, 'provider');
    if (!once.ok) throw new Error('it is taken off');
    expect(detach(once.value.model, 'provider')).toMatchObject({
      ok: false,
      fault: [{ code: 'provider/no-change' }],
    });
  });
});

describe('where an HSM reports', () => {
  it('[B-10] [B-11] [T-05] the provider and the customer both hear every event, and the HSM no address of the customer', () => {
    const change = fc.constantFrom<Steps[number]>(
      { 'add-log-target': { customer: 'me', hsm: 'hsm-3' } },
      { 'remove-log-target': { customer: 'me', hsm: 'hsm-3' } },
      { 'remove-log-target': { customer: 'me', hsm: 'hsm-3', whose: 'provider' } },
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), (changes) => {
        let added = false;
        const steps = changes.map((step): Steps[number] => {
          const removed = step['remove-log-target'];
          if (removed?.whose === 'provider') return { ...step, expect: { refused: 'provider/locked' } };
          const wanted = step['add-log-target'] !== undefined;
          if (wanted === added) return { ...step, expect: { refused: 'provider/no-change' } };
          added = wanted;
          return step;
        });
        const seen = [{ at: 'storage', 'target-port': 6514 }, { at: 'management' }];
        const collected = { at: 'collector', source: '10.0.0.201', 'target-port': 514 };
        const world = ran([
          ...steps,
          {
            log: { from: 'hsm-3', text: 'slot 1 opened' },
            expect: {
              seen: added ? [...seen, collected] : seen,
              unseen: [{ at: 'hsm-3', target: '10.0.0.0/16' }, ...(added ? [] : [{ at: 'collector' }])],
            },
          },
        ]);
        const own = present(world.model.hsms['hsm-3'], 'hsm-3').logTargets;
        expect(own.filter(({ whose }) => whose === 'provider')).toHaveLength(2);
      }),
      { numRuns: 20 },
    );
  });

  it('[B-11] [I-03] is nobody’s business but its customer’s, and needs a way to the collector', () => {
    const { model } = ran([]);
    const codes = (customer: string, sort: 'syslog' | 'traps') => {
      const added = call(model, 'add-log-target', addLogTarget, { customer, hsm: 'hsm-3', sort });
      return added.ok ? [] : added.fault.map(({ code }) => code);
    };
    expect(codes('you', 'syslog')).toEqual(['provider/unknown']);
    expect(codes('me', 'traps')).toEqual(['provider/reverse-mapping']);
    expect(codes('me', 'syslog')).toEqual([]);
  });
});

describe('an instance that is terminated', () => {
  it('[P-04] [P-37] is gone with its address, and routes to it lead nowhere', () => {
    const to = '172.20.0.0/16';
    const world = ran([
      { 'add-route': { customer: 'me', subnet: 'main', to, via: 'middle' } },
      { send: { from: 'app', to: '172.20.0.1', icmp: 'echo' }, expect: { path: ['app', 'middle', '...'] } },
      { terminate: { instance: 'middle' } },
      { send: { from: 'app', to: '172.20.0.1', icmp: 'echo' }, expect: { dropped: 'route.blackhole' } },
      { send: { from: 'app', to: '10.0.0.9', icmp: 'echo' }, expect: { dropped: 'mapping.none' } },
      { send: CALL, expect: works('hsm-3') },
    ]);
    expect(Object.keys(world.model.instances)).not.toContain('me/middle');
    expect([...world.machines.keys()]).not.toContain('me/middle');
    expect(world.model.servers['server-a']?.guests).toBe(4);
  });

  it('[P-04] cannot be named any more, and a machine of the provider’s cannot be terminated', () => {
    const gone: Steps = [{ terminate: { instance: 'middle' } }, { send: { ...CALL, from: 'middle' } }];
    expect(run(gone).codes).toEqual(['scenario/no-longer']);
    expect(run([{ 'replace-nat': { nat: 'nat-322' } }, { 'detach-vni': { vni: 'vni-314' } }]).codes).toEqual(
      [],
    );
    const { model } = ran([]);
    const change = call(model, 'terminate', terminateInstance, { instance: 'me/bastion-226' });
    expect(change).toMatchObject({ ok: false, fault: [{ code: 'provider/unknown' }] });
  });
});
