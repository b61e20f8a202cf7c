import { describe, expect, it } from 'vitest';
import { present } from '../../src/base/index.ts';
import { USUAL_TRANSLATION } from '../../src/model/index.ts';
import { call, requestHsm, transact } from '../../src/provider/index.ts';
import { loadScenario, printScenario, type ScenarioText } from '../../src/scenario/index.ts';
import { runScenario } from '../../src/scenario/run.ts';
import { createWorld, type World } from '../../src/scenario/world.ts';

/* Racks with a name: VLANs of their own, a switch and a DX router of their own. */

type Servers = NonNullable<ScenarioText['provider']['servers']>;
type Hsms = NonNullable<ScenarioText['provider']['hsms']>;

function textWith(hsms: Hsms, more: Pick<ScenarioText, 'steps'> & { readonly servers?: Servers } = {}) {
  const customer = {
    vn: {
      cidr: '10.0.0.0/16',
      subnets: { main: { cidr: '10.0.0.0/16', zone: 'here' } },
      instances: { app: { subnet: 'main', address: '10.0.0.7' } },
    },
    roles: { service: { allow: ['create-vni' as const, 'attach-vni' as const] } },
  };
  const { steps = [], servers } = more;
  return {
    title: 'racks',
    provider: {
      zones: ['here', 'there'],
      hsms,
      ...(servers === undefined ? {} : { servers }),
    },
    customers: { me: customer },
    steps,
  } satisfies ScenarioText;
}

/** Codes and places of what is wrong with it. */
function complaintsOf(text: ScenarioText): readonly string[] {
  const { scenario, diagnostics } = loadScenario(printScenario(text), 'racks.yaml');
  const result = scenario === null ? null : runScenario(scenario);
  const faults = result === null || result.ok ? diagnostics : result.fault;
  return faults.map(({ code, message }) => `${code}: ${message}`);
}

function worldOf(text: ScenarioText): World {
  const { scenario, diagnostics } = loadScenario(printScenario(text), 'racks.yaml');
  if (scenario === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const ran = runScenario(scenario);
  if (!ran.ok) throw new Error(ran.fault.map(({ message }) => message).join('; '));
  expect(ran.value.report.checks.filter(({ passed }) => !passed)).toEqual([]);
  return ran.value.world;
}

const appliance = (address: string, rack?: string) => ({
  zone: 'here',
  address,
  endpoint: 'echo' as const,
  ...(rack === undefined ? {} : { rack }),
});

const request = (address: string, hsm: string) => ({
  'request-hsm': { customer: 'me', subnet: 'main', address, hsm },
});

describe('a rack with a name', () => {
  it('[D-08] has VLANs of its own, from the first one on', () => {
    const hsms = { 'hsm-1': appliance('10.10.0.3'), 'hsm-2': appliance('10.10.0.3', 'west') };
    const { model } = worldOf(
      textWith(hsms, { steps: [request('10.0.0.201', 'hsm-1'), request('10.0.0.202', 'hsm-2')] }),
    );
    expect(model.networks['me/1']?.vlan).toBe(101);
    expect(model.networks['me/2']?.vlan).toBe(101);
    expect(model.racks['west']).toEqual({ name: 'west', zone: 'here', vlan: 102 });
  });

  it('[P-15] is chosen where the others have no VLAN left; where none has one, the request is refused', () => {
    const hsms = { 'hsm-1': appliance('10.10.0.3'), 'hsm-2': appliance('10.10.0.4', 'west') };
    const { scenario } = loadScenario(
      printScenario(textWith(hsms, { steps: [request('10.0.0.201', 'hsm-1')] })),
      'x',
    );
    const created = createWorld(present(scenario, 'a sound scenario'));
    if (!created.ok) throw new Error('it can be built');
    const step = scenario?.steps[0];
    if (step?.kind !== 'request-hsm') throw new Error('it begins with a request');
    const wanted: Parameters<typeof requestHsm>[1] = {
      customer: step.customer,
      subnet: step.subnet,
      address: step.address,
      hsm: null,
      model: null,
      fips: null,
      service: { block: null, address: null },
      attachment: 'rack',
      alias: null,
      sourceRewrite: true,
      translation: USUAL_TRANSLATION,
      hairpin: false,
      firewall: null,
      names: { vni: null, nat: null, inward: null },
      from: null,
    };
    const full = transact(created.value.model, 'fill', (draft) => {
      draft.counters.vlan = 4095;
      return [];
    });
    if (!full.ok) throw new Error('nothing refuses');
    const got = call(full.value.model, 'request-hsm', requestHsm, wanted);
    if (!got.ok) throw new Error(got.fault.map(({ message }) => message).join('; '));
    expect(got.value.model.hsms['hsm-2']?.assignedTo).toBe('me/1');
    expect(got.value.model.networks['me/1']?.vlan).toBe(101);

    const none = transact(full.value.model, 'fill', (draft) => {
      present(draft.racks['west'], 'rack west').vlan = 4095;
      return [];
    });
    if (!none.ok) throw new Error('nothing refuses');
    const refused = call(none.value.model, 'request-hsm', requestHsm, wanted);
    const text =
      'the direct connection of the racks of the zones, which share one, has no VLAN left: IEEE 802.1Q knows 4094';
    expect(refused).toEqual({
      ok: false,
      fault: [{ code: 'provider/no-vlan', field: 'hsm', message: text }],
    });
    const named = call(none.value.model, 'request-hsm', requestHsm, { ...wanted, hsm: 'hsm-2' });
    expect(named.ok ? [] : named.fault.map(({ message }) => message)).toEqual([
      'the direct connection of rack west has no VLAN left: IEEE 802.1Q knows 4094',
    ]);
  });

  it('[D-07] gives the service network of a module that is replaced a VLAN of its own rack, and the way there', () => {
    const hsms = { 'hsm-1': appliance('10.10.0.3'), 'hsm-2': appliance('10.10.1.3', 'west') };
    const send = (path: string[]) => ({
      send: { from: 'app', to: '10.0.0.201', tcp: { port: 1792 }, payload: 'hello' },
      expect: { path, answer: 'hello' },
    });
    const { model } = worldOf(
      textWith(hsms, {
        steps: [
          request('10.0.0.201', 'hsm-1'),
          send(['...', 'dx-router', 'tor', 'hsm-1']),
          { 'replace-hsm': { hsm: 'hsm-1', by: 'hsm-2' } },
          send(['...', 'dx-router-west', 'tor-west', 'hsm-2']),
        ],
      }),
    );
    expect(model.racks['west']?.vlan).toBe(102);
  });

  it('stands in one zone', () => {
    const hsms = {
      'hsm-1': appliance('10.10.0.3', 'west'),
      'hsm-2': { ...appliance('10.10.1.3', 'west'), zone: 'there' },
    };
    expect(complaintsOf(textWith(hsms))).toEqual([
      'provider/wrong-zone: rack west stands in here, and hsm-2 is to stand in there',
    ]);
  });

  it('has names that nobody else may have', () => {
    const servers = { 'tor-west': { zone: 'here' }, 'dx-router-west': { zone: 'there' } };
    expect(complaintsOf(textWith({ 'hsm-1': appliance('10.10.0.3', 'west') }, { servers }))).toEqual([
      'scenario/duplicate-name: the name "tor-west" is taken by a device that every provider has',
      'scenario/duplicate-name: the name "dx-router-west" is taken by a device that every provider has',
    ]);
  });

  it('is joined to its own router and modules, and to no other', () => {
    const hsms = { 'hsm-1': appliance('10.10.0.3'), 'hsm-2': appliance('10.10.1.3', 'west') };
    const joined = [
      ['dx-router-west', 'tor-west'],
      ['overlay-240', 'dx-router-west'],
      ['tor-west', 'hsm-2'],
      ['dx-router', 'tor'],
    ] as const;
    const apart = [
      ['dx-router', 'tor-west'],
      ['tor', 'hsm-2'],
      ['tor-west', 'hsm-1'],
    ] as const;
    const steps = (pairs: readonly (readonly [string, string])[]) =>
      pairs.map(([one, other]) => ({ fail: { link: `${one}--${other}` } }));
    const used = [request('10.0.0.201', 'hsm-1'), request('10.0.0.202', 'hsm-2')];
    expect(complaintsOf(textWith(hsms, { steps: [...used, ...steps(joined)] }))).toEqual([]);
    expect(complaintsOf(textWith(hsms, { steps: steps(apart) }))).toEqual(
      apart.map(([one, other]) => `scenario/unknown-link: no link joins ${one} and ${other}`),
    );
  });
});
