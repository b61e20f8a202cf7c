import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contains, formatCidr, formatIp } from '../../src/address/index.ts';
import { present } from '../../src/base/index.ts';
import { lineageOf } from '../../src/dataplane/index.ts';
import type { Model, VirtualInterface } from '../../src/model/index.ts';
import {
  ask,
  carryOf,
  loadScenario,
  pingAll,
  prepareWorld,
  type Scenario,
  tablesOf,
  type World,
} from '../../src/scenario/index.ts';
import { pathOf } from '../../src/scenario/path.ts';

/** What FIG. 3 draws, looked up in the network that the scenario files build. */

function scenarioOf(file: string, change: (text: string) => string = (text) => text): Scenario {
  const { scenario, diagnostics } = loadScenario(
    change(readFileSync(`scenarios/${file}.yaml`, 'utf8')),
    file,
  );
  if (scenario === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return scenario;
}

function built(file: string, change?: (text: string) => string): World {
  const world = prepareWorld(scenarioOf(file, change), { kind: 'built' });
  if (!world.ok) throw new Error(world.fault.map(({ message }) => message).join('; '));
  return world.value;
}

function interfaceOf(model: Model, id: string): VirtualInterface {
  return present(model.interfaces[id], id);
}

function rowsOf(world: World, table: Parameters<typeof tablesOf>[1]): readonly (readonly string[])[] {
  return tablesOf(world, table).flatMap(({ rows }) => rows);
}

/** The devices on the way of a TCP packet from one place to an address, and back. */
function waysOf(world: World, from: string, to: string): readonly (readonly string[])[] {
  const asked = ask(world, { from, to, carry: carryOf('tcp', 1792), ttl: null, source: null });
  if (!asked.ok) throw new Error(asked.fault.message);
  const { request, reply } = asked.value;
  return [request, reply].map((journey) =>
    journey === null ? [] : pathOf(world.engine.program, journey).map(({ name }) => name),
  );
}

describe('FIG. 3, as the scenario files build it', () => {
  it('[N-01] [N-02] [N-11] several customers each own a network on the substrate, and the service networks are the provider’s', () => {
    const networks = rowsOf(built('two-tenants'), 'vn').filter(([, , , , , host]) => host === 'substrate');
    expect(networks.map(([network, owner]) => [network, owner])).toEqual([
      ['acme', 'acme'],
      ['globex', 'globex'],
      ['acme/1', 'provider, for acme'],
      ['globex/1', 'provider, for globex'],
    ]);
  });

  it('[N-06] [N-12] [N-14] VNI 314 is at 10.0.0.201 in the customer’s subnet 10.0.0.0/16, and nobody else is', () => {
    const { model } = built('fig3');
    const vni = interfaceOf(model, 'acme/vni-314');
    const subnet = present(model.subnets[vni.subnet], 'its subnet');
    expect([formatIp(vni.address), formatCidr(subnet.block)]).toEqual(['10.0.0.201', '10.0.0.0/16']);
    const sharers = Object.values(model.interfaces).filter(
      ({ network, address }) => network === 'acme' && address === vni.address,
    );
    expect(sharers).toEqual([vni]);
  });

  it('[N-15] [N-16] [D-04] NAT instance 322 has VNI 324 at 192.168.0.55 in 192.168.0.0/24, and stands in both networks', () => {
    const { model } = built('fig3');
    const nat = present(model.natInstances['acme/nat-322'], 'nat-322');
    const inward = interfaceOf(model, nat.inward);
    const subnet = present(model.subnets[inward.subnet], 'its subnet');
    expect([formatIp(inward.address), formatCidr(subnet.block)]).toEqual(['192.168.0.55', '192.168.0.0/24']);
    expect([interfaceOf(model, nat.outer).network, inward.network]).toEqual(['acme', 'acme/1']);
  });

  it('[N-17] [D-09] HSM 326 is at 10.10.0.3, in no subnet of FIG. 3, and belongs to one service network', () => {
    const { model } = built('two-tenants');
    const hsm = present(model.hsms['hsm-326'], 'hsm-326');
    expect([formatIp(hsm.address), hsm.assignedTo]).toEqual(['10.10.0.3', 'acme/1']);
    const served = Object.values(model.hsms).map(({ assignedTo }) => assignedTo);
    expect(new Set(served).size).toBe(served.length);
    const subnets = Object.values(built('fig3').model.subnets);
    expect(subnets.filter(({ block }) => block.prefix > 16 && contains(block, hsm.address))).toEqual([]);
  });

  it('[N-13] [D-01] a virtual machine and a storage device both get answers, and between them nothing is translated', () => {
    const world = built('fig3');
    for (const from of ['app-310', 'store-310']) {
      const [there = [], back = []] = waysOf(world, from, '10.0.0.201');
      expect(there.at(-1)).toBe('hsm-326');
      expect(back).toEqual([...there].reverse());
    }
    const asked = ask(world, {
      from: 'app-310',
      to: 'store-310',
      carry: { kind: 'icmp-echo' },
      ttl: null,
      source: null,
    });
    const journey = asked.ok ? asked.value.request : null;
    const kinds =
      journey === null ? [] : lineageOf(journey).mainLine.map((at) => journey.steps[at]?.stage.kind);
    expect(kinds).toContain('deliver');
    expect(kinds).not.toContain('translate');
  });

  it('[N-24] the two sides may share a zone or not: the translations are the same', () => {
    const apart = built('fig3');
    const together = built('fig3', (text) => text.replaceAll('zone: zone-316', 'zone: zone-306'));
    const [one, other] = [apart, together].map((world) => waysOf(world, 'app-310', '10.0.0.201'));
    expect(one).toEqual(other);
    const seen = ({ model }: World) => rowsOf({ ...apart, model }, 'nat').map((row) => row.slice(0, 5));
    expect(seen(together)).toEqual(seen(apart));
  });

  it('[N-25] [K-14] [K-18] everything is made by calls of the provider’s API, the interface at the address that the customer chose included', () => {
    const { changes, model } = built('fig3');
    expect(changes.map(({ verb }) => verb)).toEqual(['build', 'request-hsm']);
    expect(changes[0]?.model.interfaces['acme/vni-314']).toBeUndefined();
    expect(formatIp(interfaceOf(model, 'acme/vni-314').address)).toBe('10.0.0.201');
    expect(Object.keys(changes[0]?.model.natInstances ?? {})).toEqual([]);
  });

  it('[D-10] [K-06] [I-16] what a customer sees is a local device: no address of the provider’s, nothing of another customer’s', () => {
    const world = built('two-tenants');
    const [acme] = tablesOf(world, 'inventory');
    const text = JSON.stringify(acme);
    expect(text).toContain('10.0.0.201');
    for (const hidden of ['192.168.0.55', '10.10.0.3', 'globex', 'spy']) expect(text).not.toContain(hidden);
  });

  it('[T-06] an answer enters the NAT instance that its request left by, where two stand before the same addresses', () => {
    const world = built('two-tenants');
    for (const customer of ['acme', 'globex']) {
      const [there = [], back = []] = waysOf(world, `${customer}/app-310`, '10.0.0.201');
      expect(there).toContain(`${customer}/nat-322`);
      expect(back).toEqual([...there].reverse());
    }
  });

  it('[N-10] two customers’ machines on one server both work, and neither reaches the other', () => {
    const world = built('two-tenants');
    const servers = Object.values(world.model.instances).map(({ server }) => server);
    expect(new Set(servers)).toEqual(new Set(['server-a']));
    const reached = pingAll(world).rows.map(({ from, results }) => [
      from,
      results.map(({ reached: who }) => who),
    ]);
    const acme = reached.find(([from]) => from === 'acme/app-310')?.[1] ?? [];
    expect(acme).toContain('hsm-326');
    expect(acme).not.toContain('hsm-327');
    expect(acme).not.toContain('spy');
  });
});
