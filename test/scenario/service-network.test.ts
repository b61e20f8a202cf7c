import { describe, expect, it } from 'vitest';
import { formatCidr, formatIp } from '../../src/address/index.ts';
import { present } from '../../src/base/index.ts';
import { loadScenario, printScenario, type ScenarioText } from '../../src/scenario/index.ts';
import { runScenario } from '../../src/scenario/run.ts';
import { tablesOf } from '../../src/scenario/tables.ts';
import type { World } from '../../src/scenario/world.ts';

type StepText = NonNullable<ScenarioText['steps']>[number];

const SERVICE = {
  crp: '203.0.113.0/24',
  public: '198.51.100.224/29',
  storage: 'storage-230',
  management: 'management-232',
};

const HOSTS = {
  'storage-230': { address: '192.31.195.230' },
  'management-232': { address: '192.31.195.232' },
  team: { address: '203.0.113.9' },
};

function customer(cidr: string) {
  return {
    vn: {
      cidr,
      subnets: { main: { cidr, zone: 'here' } },
      instances: { app: { subnet: 'main', address: cidr.replace('.0.0/16', '.0.7') } },
    },
    roles: { service: { allow: ['create-vni' as const, 'attach-vni' as const] } },
  };
}

function requests(name: string, address: string, more: object = {}): StepText {
  return { 'request-hsm': { customer: name, subnet: 'main', address, ...more } };
}

function ran(steps: readonly StepText[], service: object = SERVICE, prove: readonly string[] = []) {
  const hsm = (number: number) => ({ zone: 'here', address: `10.10.0.${number}`, endpoint: 'echo' as const });
  const text: ScenarioText = {
    title: 'services',
    provider: {
      zones: ['here'],
      hsms: Object.fromEntries([3, 4, 5, 6, 7, 8, 9].map((number) => [`hsm-${number}`, hsm(number)])),
      service: { ...SERVICE, ...service },
    },
    internet: { hosts: HOSTS },
    customers: {
      acme: customer('10.0.0.0/16'),
      globex: customer('10.0.0.0/16'),
      initech: customer('192.168.0.0/16'),
    },
    steps,
    prove,
  };
  const { scenario, diagnostics } = loadScenario(printScenario(text), 'services.yaml');
  if (scenario === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const result = runScenario(scenario);
  if (!result.ok) return { world: null, said: result.fault.map(({ code }) => code) };
  const failed = result.value.report.checks.filter(({ passed }) => !passed);
  return { world: result.value.world, said: failed.map(({ name, message }) => `${name}: ${message}`) };
}

function worldAfter(...steps: readonly StepText[]): World {
  const { world, said } = ran(steps);
  expect(said).toEqual([]);
  return present(world, 'it runs');
}

const FIRST = requests('acme', '10.0.0.201', {
  service: { cidr: '192.168.0.0/24', address: '192.168.0.55' },
});

describe('a service network that is looked after', () => {
  it('[B-01] [P-17] has a private and a public subnet, and a route to the gateway in the public one alone', () => {
    const { model } = worldAfter(FIRST);
    const network = present(model.networks['acme/1'], 'the service network');
    expect(formatCidr(network.block)).toBe('192.168.0.0/23');
    const subnets = network.subnets.map((id) => present(model.subnets[id], id));
    expect(subnets.map(({ name, block }) => `${name} ${formatCidr(block)}`)).toEqual([
      'subnet-318 192.168.0.0/24',
      'public 192.168.1.0/24',
    ]);
    const leads = subnets.map(({ routes }) => routes.some(({ to }) => to.kind === 'gateway'));
    expect(leads).toEqual([false, true]);
    const bastion = present(model.interfaces['acme/bastion-226:eth0'], 'the bastion');
    expect([formatIp(bastion.address), formatIp(present(bastion.public, 'public'))]).toEqual([
      '192.168.1.4',
      '198.51.100.226',
    ]);
  });

  it('[I-08] [P-23] [P-24] has a firewall before its machines, and each of them carries one', () => {
    const world = worldAfter(FIRST);
    const inside = Object.values(world.model.interfaces).filter(({ network }) => network === 'acme/1');
    expect(inside.map(({ firewalls }) => firewalls)).toEqual([
      ['acme/1/fw-324'],
      ['acme/1/fw-226'],
      ['acme/1/fw-224'],
    ]);
    const [nat] = tablesOf(world, 'nat');
    expect(nat?.rows.map((row) => row.at(-1))).toEqual(['vni-314 at vni-314, fw-324 at vni-324']);
  });

  it('[I-02] [B-01] is one for each HSM, with a public address of its own, whoever else has the same plan', () => {
    const { model } = worldAfter(
      FIRST,
      requests('globex', '10.0.0.201', { service: { cidr: '192.168.0.0/24' } }),
      requests('acme', '10.0.0.202'),
    );
    const bastions = Object.keys(model.bastions);
    expect(bastions).toEqual(['acme/bastion-226', 'globex/bastion-226', 'acme/bastion-226-2']);
    const addresses = bastions.map((id) => model.interfaces[`${id}:eth0`]?.public);
    expect(new Set(addresses).size).toBe(3);
  });

  it('[P-18] keeps both halves off the customer’s network, and says when they cannot be', () => {
    const { model } = worldAfter(requests('initech', '192.168.0.201'));
    expect(formatCidr(present(model.networks['initech/1'], 'it').block)).toBe('172.16.0.0/23');
    const beside = requests('acme', '10.0.0.201', { service: { cidr: '10.1.0.0/24' } });
    expect(ran([beside]).said).toEqual([]);
    const half = requests('initech', '192.168.0.201', { service: { cidr: '10.10.1.0/24' } });
    expect(ran([half]).said).toEqual(['provider/overlap']);
  });

  it('[P-35] gives nothing where no public address is left', () => {
    const many = [201, 202, 203, 204, 205, 206].map((last) => requests('acme', `10.0.0.${last}`));
    expect(ran([...many, requests('acme', '10.0.0.207')]).said).toEqual(['provider/no-address']);
  });

  it('[B-02] [B-03] [B-04] keeps each message once in each service while the gateway works', () => {
    const log = (payload: string): StepText => ({
      send: { from: 'hsm-3', to: '192.168.1.4', udp: { port: 514 }, payload },
      expect: { delivered: 'bastion-226' },
    });
    const world = worldAfter(
      FIRST,
      log('one'),
      { fail: { device: 'igw-228' } },
      log('two'),
      { heal: { device: 'igw-228' } },
      log('three'),
    );
    const [table] = tablesOf(world, 'messages');
    expect(table?.rows.map(([keeper, sort, , text]) => `${keeper} ${sort} ${text}`)).toEqual([
      'storage-230 syslog one',
      'storage-230 syslog three',
      'management-232 syslog one',
      'management-232 syslog three',
    ]);
  });

  it('[B-02] passes on what its own HSM says, and nobody else’s words', () => {
    const forged: StepText = {
      send: { from: 'team', to: '198.51.100.226', udp: { port: 514 }, payload: 'all is well' },
      expect: { dropped: 'firewall.deny' },
    };
    const [table] = tablesOf(worldAfter(FIRST, forged), 'messages');
    expect(table?.rows).toEqual([]);
  });

  it('[D-12] [B-02] hears an HSM that is attached directly too', () => {
    const direct = requests('acme', '10.0.0.201', {
      attachment: 'direct',
      service: { cidr: '192.168.0.0/24' },
    });
    const log: StepText = {
      send: { from: 'hsm-3', to: '192.168.1.4', udp: { port: 514 }, payload: 'direct' },
      expect: { delivered: 'bastion-226', seen: [{ at: 'storage-230', source: '198.51.100.226' }] },
    };
    const call: StepText = {
      send: { from: 'acme/app', to: '10.0.0.201', tcp: { port: 1792 }, payload: 'sign' },
      expect: { delivered: 'hsm-3', answer: 'sign' },
    };
    worldAfter(direct, log, call);
  });

  it('[T-12] [B-08] goes on through another NAT instance with the same firewall and ACL', () => {
    const call: StepText = {
      send: { from: 'acme/app', to: '10.0.0.201', tcp: { port: 1792 }, payload: 'sign' },
      expect: { delivered: 'hsm-3', answer: 'sign' },
    };
    const { model } = worldAfter(FIRST, { 'replace-nat': { nat: 'nat-322' } }, call);
    expect(model.interfaces['acme/vni-324']?.firewalls).toEqual(['acme/1/fw-324']);
  });

  it('[I-13] [I-14] [I-15] is proved to lead from neither side to the other', () => {
    const steps = [FIRST, requests('globex', '10.0.0.201', { service: { cidr: '192.168.0.0/24' } })];
    const claims = [
      'nothing from internet reaches acme',
      'nothing from internet reaches hsm-3',
      'nothing from acme reaches acme/bastion-226',
      'nothing from acme reaches globex/bastion-226',
      'nothing from acme/bastion-226 reaches hsm-4',
      'nothing from acme/bastion-226 reaches globex/bastion-226',
      'nothing from hsm-3 reaches internet',
      'nothing from globex reaches hsm-3',
    ];
    expect(ran(steps, SERVICE, claims).said).toEqual([]);
  });
});
