import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contains, formatCidr, formatIp, ipv4, isIpv6, overlaps, port } from '../../src/address/index.ts';
import { present } from '../../src/base/index.ts';
import { Engine } from '../../src/dataplane/index.ts';
import { udpPacket } from '../../src/packet/index.ts';
import { compile } from '../../src/program/index.ts';
import { DX_RACK_MAC } from '../../src/program/rack.ts';
import {
  type Diagnostic,
  loadScenario,
  performScenario,
  prepareWorld,
  tablesOf,
  type World,
} from '../../src/scenario/index.ts';
import { pathOf } from '../../src/scenario/path.ts';
import { asked, built, type Change } from '../support/built.ts';

/** What asking for an HSM does (FIG. 6), looked up in the network that the scenario files build. */

/** What is said against a changed file, whether when it is read or when the provider refuses. */
function complaints(file: string, change: Change): readonly string[] {
  const codes = (diagnostics: readonly Diagnostic[]) => diagnostics.map(({ code }) => code);
  const { scenario, diagnostics } = loadScenario(
    change(readFileSync(`scenarios/${file}.yaml`, 'utf8')),
    file,
  );
  if (scenario === null) return codes(diagnostics);
  const world = prepareWorld(scenario, { kind: 'built' });
  return world.ok ? [] : codes(world.fault);
}

function exchanged(world: World, from: string) {
  return asked(world, { from, to: '10.0.0.201' });
}

describe('a request for an HSM', () => {
  it('[P-08] [P-09] names a network and a subnet of the customer’s own: those of others, or none, are refused', () => {
    const elsewhere = (text: string) =>
      text.replace(
        'subnet: subnet-308\n      address: 10.0.0.201',
        'subnet: nowhere\n      address: 10.0.0.201',
      );
    expect(complaints('fig3', elsewhere)).toEqual(['scenario/unknown-name']);
    const nobody = (text: string) => text.replace('customer: acme', 'customer: nobody');
    expect(complaints('fig3', nobody)).toEqual(['scenario/unknown-name']);
    const { model } = built('fig3');
    expect(model.interfaces['acme/vni-314']?.subnet).toBe('acme/subnet-308');
  });

  it('[D-13] [P-10] [K-10] chooses among several by the model’s name, and an unknown model is refused', () => {
    const { model } = built('pluggable-devices');
    const of = (customer: string) => present(model.natInstances[`${customer}/nat-322`], customer).hsm;
    expect(['acme', 'globex', 'initech'].map(of)).toEqual(['signs-ed25519', 'signs-p256', 'echoes']);
    const unknown = (text: string) =>
      text.replace('address: 10.0.0.201, model: luna-sa', 'address: 10.0.0.201, model: lunar');
    expect(complaints('pluggable-devices', unknown)).toHaveLength(1);
  });

  it('[P-12] gives an interface of the family that is asked for, with an HSM of that family or none', () => {
    const { model } = built('ipv6');
    const nat = present(model.natInstances['acme/nat-322'], 'the NAT instance');
    const ends = [nat.outer, nat.inward].map((id) => present(model.interfaces[id], id).address);
    expect(ends.map(isIpv6)).toEqual([true, true]);
    const chosen = built('ipv6', (text) => text.replace(/ {6}service: .*\n/, '')).model;
    expect(isIpv6(present(chosen.networks['acme/1'], 'the service network').block.address)).toBe(true);
    const old = (text: string) => text.replace('address: fd00:10:10::3', 'address: 10.10.0.3');
    expect(complaints('ipv6', old)).toEqual(['provider/no-capacity']);
    const named = (text: string) =>
      old(text).replace('subnet: subnet-308\n', 'subnet: subnet-308\n      hsm: hsm-326\n');
    expect(complaints('ipv6', named)).toEqual(['scenario/other-family']);
  });

  it('[P-15] [K-16] takes a free HSM and marks it: the next customer gets another, and none when all are taken', () => {
    const { model } = built('two-tenants', (text) => text.replaceAll(/ {6}hsm: hsm-32[67]\n/g, ''));
    expect(Object.values(model.hsms).map(({ assignedTo }) => assignedTo)).toEqual(['acme/1', 'globex/1']);
    const one = (text: string) =>
      text
        .replace(/ {4}hsm-327: .*\n/, '')
        .replaceAll('hsm-327', 'hsm-326')
        .replace(/\nprove:[\s\S]*/, '\n');
    expect(complaints('two-tenants', one)).toContain('provider/no-capacity');
  });

  it('[P-16] [K-03] [K-08] is followed by a service network of its own, tied to the interface on the customer’s side', () => {
    const { changes } = built('fig3');
    const [before, after] = changes.map(({ model }) => model);
    expect(Object.values(before?.networks ?? {}).filter(({ owner }) => owner === 'provider')).toEqual([]);
    const service = present(after?.networks['acme/1'], 'the service network');
    const nat = present(after?.natInstances['acme/nat-322'], 'the NAT instance');
    expect([nat.network, after?.hsms['hsm-326']?.assignedTo]).toEqual([service.id, service.id]);
    expect(after?.interfaces[nat.outer]?.network).toBe('acme');
  });

  it('[P-18] gets a service network that overlaps neither the customer’s nor the rack of the HSM, whatever the customer uses', () => {
    for (const cidr of ['10.0.0.0/16', '10.0.0.0/8']) {
      const { model } = built('fig3', (text) =>
        text.replace('cidr: 10.0.0.0/16', `cidr: ${cidr}`).replace(/ {6}service: .*\n/, ''),
      );
      const service = present(model.networks['acme/1'], 'the service network');
      const own = present(model.networks['acme'], 'the customer’s network');
      expect([formatCidr(own.block), overlaps(service.block, own.block)]).toEqual([cidr, false]);
      expect(contains(service.block, present(model.hsms['hsm-326'], 'the HSM').address)).toBe(false);
    }
  });

  it('[P-26] [P-28] [P-29] leaves one interface in the customer’s inventory, at a free private address, and says what it is', () => {
    const rows = tablesOf(built('fig3'), 'inventory').flatMap((table) => table.rows);
    expect(rows.filter((row) => row.join(' ').includes('HSM'))).toEqual([
      ['vni-314', '10.0.0.201', 'subnet-308', 'interface of HSM hsm-326, managed by the provider'],
    ]);
  });

  it('[P-27] [C-03] [C-04] needs a role in the customer’s account: without it nothing is built', () => {
    const without = (text: string) => text.replace('allow: [create-vni, attach-vni]', 'allow: [create-vni]');
    const { scenario } = loadScenario(without(readFileSync('scenarios/fig3.yaml', 'utf8')), 'fig3');
    const ran = performScenario(present(scenario, 'a scenario that can be read'));
    expect(complaints('fig3', without)).toEqual(['provider/not-authorized']);
    expect(JSON.stringify(ran)).not.toContain('"vni-314"');
  });

  it('[K-01] [K-04] [K-13] [DC-02] connects the HSM, and the next request of a device goes to it across the service network and back', () => {
    const world = built('fig3');
    const { request, reply } = exchanged(world, 'app-310');
    const names = (journey: typeof request) =>
      journey === null ? [] : pathOf(world.engine.program, journey).map(({ name }) => name);
    expect(names(request)).toEqual([
      'app-310',
      'vni-314',
      'nat-322',
      'vni-324',
      'overlay-240',
      'dx-router',
      'tor',
      'hsm-326',
    ]);
    expect(names(reply)).toEqual(names(request).reverse());
    const heard = request?.steps.at(-1)?.before.body;
    expect(heard?.kind === 'ipv4' && [heard.source, heard.target].map(formatIp)).toEqual([
      '192.168.0.55',
      '10.10.0.3',
    ]);
    const answered = reply?.steps.at(-1)?.before.body;
    expect(answered?.kind === 'ipv4' && [answered.source, answered.target].map(formatIp)).toEqual([
      '10.0.0.201',
      '10.0.0.7',
    ]);
  });

  it('[D-12] on a direct link the module hears and says the same as behind the rack', () => {
    const heard = (file: string) => {
      const { request, reply } = exchanged(built(file), 'app-310');
      return [request, reply].map((journey) => {
        const body = journey?.steps.at(-1)?.before.body;
        return body?.kind === 'ipv4' ? [formatIp(body.source), formatIp(body.target)] : [];
      });
    };
    expect(heard('direct-attach')).toEqual(heard('fig3'));
  });

  it('[N-28] [D-17] needs no premises, and what answers behind the address makes no difference to the way', () => {
    const world = built('pluggable-devices');
    const ways = ['acme', 'globex', 'initech'].map((customer) => {
      const { request } = exchanged(world, `${customer}/app-310`);
      const kinds = (request?.steps ?? []).map(({ stage }) => stage.kind);
      return kinds.join(' ');
    });
    expect(new Set(ways).size).toBe(1);
    expect(ways[0]).toContain('translate');
  });
});

describe('the rack', () => {
  it('[N-09] delivers a frame to an HSM on the VLAN of its service network and on no other', () => {
    const { model } = built('two-tenants');
    const program = compile(model);
    const uplink = present(
      program.places.find(({ name }) => name === 'tor/uplink'),
      'the trunk port of the ToR',
    );
    const hsm = present(model.hsms['hsm-326'], 'hsm-326');
    const own = present(model.networks['acme/1']?.vlan, 'its VLAN');
    const packet = udpPacket({
      source: ipv4(0xc0a80037),
      target: hsm.address,
      sourcePort: port(4000),
      targetPort: port(1792),
    });
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(own, own + 1, 0, 4095), fc.nat({ max: 4095 })), (id) => {
        const engine = new Engine(program);
        const heard: string[] = [];
        program.hosts.forEach(({ device }, host) => {
          engine.attach(host, {
            receive: () => {
              heard.push(program.devices[device]?.id ?? '');
            },
          });
        });
        const vlan = { id, priority: 0, dropEligible: false };
        engine.begin(uplink.id, { link: { target: hsm.mac, source: DX_RACK_MAC, vlan }, body: packet });
        engine.run();
        expect(heard).toEqual(id === own ? ['hsm-326'] : []);
      }),
    );
  });
});
