import { describe, expect, it } from 'vitest';
import { present } from '../../src/base/index.ts';
import { call, failPart, healPart, replaceNat } from '../../src/provider/index.ts';
import { loadScenario, printScenario, type ScenarioText } from '../../src/scenario/index.ts';
import { runScenario } from '../../src/scenario/run.ts';
import type { World } from '../../src/scenario/world.ts';

const REQUEST = { customer: 'me', subnet: 'main', address: '10.0.0.201' };
const CALL = { from: 'app', to: '10.0.0.201', tcp: { port: 1792 }, payload: 'sign' };

function ran(...steps: NonNullable<ScenarioText['steps']>): World {
  const vn = {
    cidr: '10.0.0.0/16',
    subnets: { main: { cidr: '10.0.0.0/16', zone: 'here' } },
    instances: { app: { subnet: 'main', address: '10.0.0.7' } },
  };
  const text: ScenarioText = {
    title: 'repair',
    provider: {
      zones: ['here'],
      hsms: { 'hsm-326': { zone: 'here', address: '10.10.0.3', endpoint: 'echo' } },
    },
    customers: { me: { vn, roles: { service: { allow: ['create-vni', 'attach-vni'] } } } },
    steps: [{ 'request-hsm': REQUEST }, ...steps],
  };
  const { scenario, diagnostics } = loadScenario(printScenario(text), 'repair.yaml');
  const result = scenario === null ? null : runScenario(scenario);
  if (result === null || !result.ok) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const failed = result.value.report.checks.filter(({ passed }) => !passed);
  expect(failed.map(({ name, message }) => `${name}: ${message}`)).toEqual([]);
  return result.value.world;
}

const works = {
  delivered: 'hsm-326',
  reply: { source: '10.0.0.201', path: 'reversed' as const },
  answer: 'sign',
};

describe('replacing a NAT instance', () => {
  it('[T-12] [B-08] keeps both interfaces with their addresses, and new calls work without any change', () => {
    const before = ran().model;
    const { model } = ran(
      { fail: { device: 'nat-322' } },
      { send: CALL, expect: { dropped: 'link.down' } },
      { 'replace-nat': { nat: 'nat-322' } },
      { send: CALL, expect: works },
    );
    expect(Object.keys(model.natInstances)).toEqual(['me/nat-322-b']);
    for (const id of ['me/vni-314', 'me/vni-324']) {
      const [old, now] = [before, model].map(({ interfaces }) => present(interfaces[id], id));
      expect([now?.address, now?.mac, now?.firewalls]).toEqual([old?.address, old?.mac, old?.firewalls]);
      expect(now?.attachedTo).toBe('me/nat-322-b');
    }
    expect(model.networks['me']).toEqual(before.networks['me']);
    expect(model.failures).toEqual({});
  });

  it('[T-12] loses what the old instance knew of live connections', () => {
    const asks = { from: 'app', to: '10.0.0.201', udp: { port: 53, 'source-port': 5000 } };
    const late = { from: 'hsm-326', to: '192.168.0.4', udp: { port: 5000, 'source-port': 53 } };
    ran(
      { send: asks, expect: { delivered: 'hsm-326' } },
      { send: late, expect: { delivered: 'app' } },
      { 'replace-nat': { nat: 'nat-322', name: 'nat-new' } },
      { send: late, expect: { dropped: 'nat.no-flow', at: 'nat-new' } },
      { send: asks, expect: { delivered: 'hsm-326' } },
      { send: late, expect: { delivered: 'app' } },
    );
  });

  it('[T-12] can be done again, and keeps the number of guests of each server', () => {
    const { model } = ran(
      { 'replace-nat': { nat: 'nat-322' } },
      { 'replace-nat': { nat: 'nat-322-b', name: 'nat-third' } },
      { send: CALL, expect: works },
    );
    const once = ran().model;
    expect(Object.values(model.servers).map(({ guests }) => guests)).toEqual(
      Object.values(once.servers).map(({ guests }) => guests),
    );
  });

  it('[B-08] is refused for an instance that is not there, and for a name that is taken', () => {
    const { model } = ran();
    const codes = (nat: string, name: string): readonly string[] => {
      const change = call(model, 'replace-nat', replaceNat, { nat, name, from: null });
      return change.ok ? [] : change.fault.map(({ code }) => code);
    };
    expect(codes('me/nat-323', 'nat-b')).toEqual(['provider/unknown']);
    expect(codes('me/nat-322', 'vni-314')).toEqual(['provider/name-taken']);
    expect(codes('me/nat-322', 'nat-b')).toEqual([]);
  });

  it('[B-08] takes the failure of the old instance away with it', () => {
    const { model } = ran();
    const part = { kind: 'device' as const, id: 'me/nat-322', name: 'nat-322', from: null };
    const failed = call(model, 'fail', failPart, part);
    if (!failed.ok) throw new Error('it fails');
    const replaced = call(failed.value.model, 'replace-nat', replaceNat, {
      nat: 'me/nat-322',
      name: 'nat-b',
      from: null,
    });
    if (!replaced.ok) throw new Error('it is replaced');
    const healed = call(replaced.value.model, 'heal', healPart, part);
    expect(healed.ok ? [] : healed.fault.map(({ code }) => code)).toEqual(['provider/not-failed']);
  });
});

describe('the firewall of an interface that a request has made', () => {
  const all = { in: [{ allow: 'any', from: '0.0.0.0/0' }] };
  const change = { customer: 'me', firewall: 'vni-314' };

  it('[I-12] is locked for the customer and open to the provider', () => {
    const { model } = ran(
      { 'set-firewall': { ...change, ...all }, expect: { refused: 'provider/locked' } },
      { send: CALL, expect: works },
      { 'set-firewall': { ...change, by: 'provider', in: [] } },
      { send: CALL, expect: { dropped: 'firewall.deny', at: 'vni-314' } },
      { 'set-firewall': { ...change, by: 'provider', ...all } },
      { send: CALL, expect: works },
    );
    expect(model.firewalls['me/vni-314:firewall']?.owner).toBe('provider');
  });

  it('[I-12] remembers connections once it has rules of its own', () => {
    ran({ 'set-firewall': { ...change, by: 'provider', ...all, out: [] } }, { send: CALL, expect: works });
  });
});
