import { describe, expect, it } from 'vitest';
import { loadScenario, printScenario, type ScenarioText } from '../../src/scenario/index.ts';
import { runScenario } from '../../src/scenario/run.ts';
import { tablesOf } from '../../src/scenario/tables.ts';
import type { World } from '../../src/scenario/world.ts';

type Steps = NonNullable<ScenarioText['steps']>;
type Choice = Partial<NonNullable<Steps[number]['request-hsm']>>;

/** Addresses of the two families, for one and the same story. */
const FAMILIES = {
  IPv4: { vn: '10.0.0.0/16', app: '10.0.0.7', called: '10.0.0.201', hsms: ['10.10.0.3', '10.20.0.3'] },
  IPv6: { vn: 'fd00:a::/64', app: 'fd00:a::7', called: 'fd00:a::201', hsms: ['fd00:10::3', 'fd00:20::3'] },
} as const;
type Family = keyof typeof FAMILIES;

const share = (other: string, customer = 'acme', hsm = 'hsm-3') => ({ customer, hsm, with: other });
const CALL = (from: string, family: Family) => ({
  from,
  to: FAMILIES[family].called,
  tcp: { port: 1792 },
  payload: 'sign',
});

function textOf(steps: Steps, family: Family, service?: ScenarioText['provider']['service']): ScenarioText {
  const { vn, app, hsms } = FAMILIES[family];
  const hsm = (address: string) => ({ zone: 'here', address, endpoint: 'echo' as const });
  const customer = (name: string) => ({
    vn: {
      cidr: vn,
      subnets: { main: { cidr: vn, zone: 'here' } },
      instances: { [`app-${name}`]: { subnet: 'main', address: app } },
    },
    roles: { service: { allow: ['create-vni' as const, 'attach-vni' as const] } },
  });
  return {
    title: 'sharing',
    provider: {
      zones: ['here'],
      hsms: { 'hsm-3': hsm(hsms[0]), 'hsm-4': hsm(hsms[1]) },
      ...(service === undefined ? {} : { service }),
    },
    ...(service === undefined
      ? {}
      : {
          internet: {
            hosts: { storage: { address: '192.31.195.230' }, management: { address: '192.31.195.232' } },
          },
        }),
    customers: { acme: customer('a'), globex: customer('g'), initech: customer('i') },
    steps,
  };
}

const request = (customer: string, family: Family, choice: Choice = {}): Steps[number] => ({
  'request-hsm': { customer, subnet: 'main', address: FAMILIES[family].called, hsm: 'hsm-3', ...choice },
});

function ran(text: ScenarioText): World {
  const { scenario, diagnostics } = loadScenario(printScenario(text), 'sharing.yaml');
  if (scenario === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const result = runScenario(scenario);
  if (!result.ok) throw new Error(result.fault.map(({ message }) => message).join('; '));
  const failed = result.value.report.checks.filter(({ passed }) => !passed);
  expect(failed.map(({ name, message }) => `${name}: ${message}`)).toEqual([]);
  return result.value.world;
}

const refused = (
  step: Steps[number],
  code:
    | 'provider/wrong-share'
    | 'provider/no-change'
    | 'provider/overlap'
    | 'provider/no-capacity'
    | 'provider/unknown',
) => ({
  ...step,
  expect: { refused: code },
});

describe('an HSM that its customer shares', () => {
  it.each(Object.keys(FAMILIES) as Family[])(
    '[I-04] [Q-21] answers both, each by a service network of its own, until the leave is taken back: %s',
    (family) => {
      const works = { delivered: 'hsm-3', reply: { path: 'reversed' as const }, answer: 'sign' };
      const world = ran(
        textOf(
          [
            request('acme', family),
            { 'share-hsm': share('globex') },
            request('globex', family),
            { send: CALL('app-a', family), expect: works },
            { send: CALL('app-g', family), expect: { ...works, unseen: [{ at: 'acme' }] } },
            { 'unshare-hsm': share('globex') },
            {
              send: { ...CALL('app-g', family), timeout: '1 s' },
              expect: { dropped: 'share.revoked', at: 'globex/vni-324', unseen: [{ at: 'hsm-3' }] },
            },
            { send: CALL('app-a', family), expect: works },
            { 'share-hsm': share('globex') },
            { send: CALL('app-g', family), expect: works },
          ],
          family,
        ),
      );
      const { assignedTo, shares } = world.model.hsms['hsm-3'] ?? {};
      expect([assignedTo, shares?.['globex']?.network]).toEqual(['acme/1', 'globex/1']);
      const blocks = Object.values(world.model.networks).filter(({ owner }) => owner === 'provider');
      expect(new Set(blocks.map(({ block }) => block.address)).size).toBe(2);
      const [table] = tablesOf(world, 'hsm');
      expect(table?.rows[0]).toContain('acme/1, shared with globex (globex/1)');
    },
  );

  it('[I-04] is shared by its customer alone, with another one, once', () => {
    ran(
      textOf(
        [
          refused({ 'share-hsm': share('globex') }, 'provider/wrong-share'),
          request('acme', 'IPv4'),
          refused({ 'share-hsm': share('initech', 'globex') }, 'provider/wrong-share'),
          refused({ 'share-hsm': share('acme') }, 'provider/wrong-share'),
          refused({ 'unshare-hsm': share('globex') }, 'provider/no-change'),
          { 'share-hsm': share('globex') },
          refused({ 'share-hsm': share('globex') }, 'provider/no-change'),
          refused({ 'unshare-hsm': share('globex', 'globex') }, 'provider/wrong-share'),
          refused(request('initech', 'IPv4'), 'provider/no-capacity'),
          { 'unshare-hsm': share('globex') },
          refused(request('globex', 'IPv4'), 'provider/no-capacity'),
        ],
        'IPv4',
      ),
    );
  });

  it('[I-04] does not become the free HSM of whoever names none', () => {
    const world = ran(
      textOf(
        [
          request('acme', 'IPv4'),
          { 'share-hsm': share('globex') },
          { 'request-hsm': { customer: 'globex', subnet: 'main', address: '10.0.0.201' } },
        ],
        'IPv4',
      ),
    );
    expect(world.model.hsms['hsm-4']?.assignedTo).toBe('globex/1');
    expect(world.model.hsms['hsm-3']?.shares['globex']?.network).toBeNull();
  });

  it('[I-04] [D-12] is reached through the rack by all its customers, in blocks that differ', () => {
    const service = { cidr: '192.168.0.0/24' };
    ran(
      textOf(
        [
          request('acme', 'IPv4', { service }),
          { 'share-hsm': share('globex') },
          refused(request('globex', 'IPv4', { service }), 'provider/overlap'),
          refused(request('globex', 'IPv4', { attachment: 'direct' }), 'provider/no-capacity'),
          request('globex', 'IPv4', { service: { cidr: '192.168.1.0/24' } }),
        ],
        'IPv4',
      ),
    );
    ran(
      textOf(
        [
          request('acme', 'IPv4', { attachment: 'direct' }),
          { 'share-hsm': share('globex') },
          refused(request('globex', 'IPv4'), 'provider/no-capacity'),
        ],
        'IPv4',
      ),
    );
  });

  it('[I-04] [T-11] is replaced for all of them at once', () => {
    const works = { delivered: 'hsm-4', answer: 'sign', unseen: [{ at: 'hsm-3' }] };
    ran(
      textOf(
        [
          request('acme', 'IPv4'),
          { 'share-hsm': share('globex') },
          request('globex', 'IPv4'),
          { 'replace-hsm': { hsm: 'hsm-3', by: 'hsm-4' } },
          { send: CALL('app-a', 'IPv4'), expect: works },
          { send: CALL('app-g', 'IPv4'), expect: works },
          refused({ 'unshare-hsm': share('globex') }, 'provider/wrong-share'),
          { 'unshare-hsm': share('globex', 'acme', 'hsm-4') },
        ],
        'IPv4',
      ),
    );
  });

  it('[I-04] [B-02] reports through the bastion of its own customer, not of the other', () => {
    const service = {
      crp: '203.0.113.0/24',
      public: '198.51.100.224/28',
      storage: 'storage',
      management: 'management',
    };
    const world = ran(
      textOf(
        [
          request('acme', 'IPv4'),
          { 'share-hsm': share('globex') },
          request('globex', 'IPv4'),
          { send: CALL('app-g', 'IPv4'), expect: { delivered: 'hsm-3', answer: 'sign' } },
          {
            log: { from: 'hsm-3', text: 'hot' },
            expect: {
              seen: [{ at: 'acme/bastion-226' }, { at: 'storage' }],
              unseen: [{ at: 'globex/bastion-226' }],
            },
          },
        ],
        'IPv4',
        service,
      ),
    );
    expect(Object.keys(world.model.bastions)).toHaveLength(2);
  });
});
