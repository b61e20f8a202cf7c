import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contains, formatCidr, formatIp, ipv4, overlaps } from '../../src/address/index.ts';
import { present } from '../../src/base/index.ts';
import { carryOf, type Question, type World } from '../../src/scenario/index.ts';
import { pathOf } from '../../src/scenario/path.ts';
import { asked, built } from '../support/built.ts';

/* Where the sources contradict themselves: what vnsim does, looked up in what the scenario files build. */

function way(world: World, from: string, to: string, carry = carryOf('tcp', 1792)): readonly string[] {
  const { request } = asked(world, { from, to, carry });
  return request === null ? [] : pathOf(world.engine.program, request).map(({ name }) => name);
}

/** Who got it; `null`: nobody. */
function reached(world: World, question: Partial<Question> & Pick<Question, 'from' | 'to'>): string | null {
  const delivered = asked(world, question).request?.steps.find(
    ({ outcome }) => outcome.verdict === 'deliver',
  );
  return delivered === undefined
    ? null
    : (world.engine.program.devices[delivered.place.device]?.name ?? null);
}

/** The kinds of stages of each device that the request met. */
function kindsAt(world: World, from: string, to: string): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { place, stage } of asked(world, { from, to }).request?.steps ?? []) {
    const name = world.engine.program.devices[place.device]?.name ?? '';
    found.set(name, (found.get(name) ?? new Set()).add(stage.kind));
  }
  return found;
}

describe('rulings about the way to the HSM', () => {
  it('[Q-01] [D-12] three devices stand between service network and HSM, and none of them on a direct link', () => {
    const between = ['overlay-240', 'dx-router', 'tor'];
    expect(way(built('fig3'), 'app-310', '10.0.0.201').slice(-4)).toEqual([...between, 'hsm-326']);
    expect(
      way(built('direct-attach'), 'app-310', '10.0.0.201').filter((name) => between.includes(name)),
    ).toEqual([]);
  });

  it('[Q-02] a host route leads from the service network to the HSM, whose rack has a subnet and a route of its own back', () => {
    const { engine, model } = built('fig3');
    const subnet = present(model.subnets['acme/1/subnet-318'], 'subnet 318');
    expect(subnet.routes.map(({ block }) => formatCidr(block))).toEqual(['10.10.0.3/32']);
    const routes = engine.program.places
      .filter(({ device }) => engine.program.devices[device]?.id === 'hsm-326')
      .flatMap(({ stages }) => stages.flatMap((stage) => (stage.kind === 'route' ? stage.table.entries : [])))
      .map(({ value }) => formatCidr(value.block));
    expect(routes).toEqual(expect.arrayContaining(['10.10.0.0/24', '192.168.0.0/24']));
  });

  it('[Q-03] no scenario uses the numerals that the text never explains', () => {
    for (const file of readdirSync('scenarios')) {
      expect(readFileSync(`scenarios/${file}`, 'utf8'), file).not.toMatch(/-(234|236|616)\b/);
    }
  });

  it('[Q-04] VNI 314 is one interface of the NAT instance, and no service gateway is a hop', () => {
    const world = built('fig3');
    const path = way(world, 'app-310', '10.0.0.201');
    expect(path.slice(0, 4)).toEqual(['app-310', 'vni-314', 'nat-322', 'vni-324']);
    expect(world.model.interfaces['acme/vni-314']?.attachedTo).toBe('acme/nat-322');
    expect(world.engine.program.devices.filter(({ name }) => /^sg-|-(312|320)$/.test(name))).toEqual([]);
  });

  it('[Q-05] [Q-06] servers wrap and never translate, the NAT instance translates and never wraps, the overlay device only routes', () => {
    const kinds = kindsAt(built('fig3'), 'app-310', '10.0.0.201');
    const has = (name: string, kind: string) => kinds.get(name)?.has(kind) === true;
    expect(['server-a', 'server-b'].map((name) => has(name, 'wrap') || has(name, 'unwrap'))).toEqual([
      true,
      true,
    ]);
    const translating = [...kinds.keys()].filter((name) => has(name, 'translate') || has(name, 'one-to-one'));
    expect(translating).toEqual(['nat-322']);
    expect(has('nat-322', 'wrap')).toBe(false);
    expect(has('overlay-240', 'route')).toBe(true);
  });

  it('[Q-07] [S-10] gateway 212 is on the ways of the premises, and on no other', () => {
    const world = built('fig2');
    expect(way(world, 'client-218', '10.0.0.201')).toContain('vgw-212');
    expect(way(world, 'client-220', '10.0.0.201')).not.toContain('vgw-212');
  });

  it('[Q-08] [P-18] however the customer’s plan lies, the service network is apart from it and the way is exact', () => {
    const block = fc.constantFrom('10.0.0.0/8', '10.0.0.0/16', '10.0.0.0/15');
    fc.assert(
      fc.property(block, (cidr) => {
        const plan = (text: string) =>
          text.replace('cidr: 10.0.0.0/16', `cidr: ${cidr}`).replace(/ {6}service: .*\n/, '');
        const world = built('fig3', plan);
        const { model } = world;
        const [own, service] = ['acme', 'acme/1'].map((id) => present(model.networks[id], id));
        expect(overlaps(present(own, 'own').block, present(service, 'service').block)).toBe(false);
        // 10.10.0.3 lies inside a customer's 10.0.0.0/8, and still 10.0.0.201 leads to the HSM
        expect(way(world, 'app-310', '10.0.0.201').at(-1)).toBe('hsm-326');
      }),
      { numRuns: 3 },
    );
  });

  it('[Q-23] [Q-28] the switch of the rack is a bridge with VLANs: each service network has one, and a VRF of its own on both routers', () => {
    const { engine, model } = built('two-tenants');
    const vlans = ['acme/1', 'globex/1'].map((id) => present(model.networks[id]?.vlan ?? null, id));
    expect(new Set(vlans).size).toBe(2);
    const { places, devices } = engine.program;
    const of = (name: string) => places.filter(({ device }) => devices[device]?.name === name);
    for (const router of ['overlay-240', 'dx-router']) {
      const tables = of(router).flatMap(({ stages }) =>
        stages.flatMap((stage) => (stage.kind === 'route' ? stage.name : [])),
      );
      expect(new Set(tables)).toEqual(new Set(['VRF acme/1', 'VRF globex/1']));
    }
    const kinds = new Set(of('tor').flatMap(({ stages }) => stages.map(({ kind }) => kind)));
    expect([...kinds].sort()).toEqual(['switch', 'tag', 'transmit']);
    const access = of('tor').flatMap(({ stages }) =>
      stages.flatMap((stage) =>
        stage.kind === 'tag' && stage.mode.kind === 'access' ? stage.mode.vlan : [],
      ),
    );
    expect([...access].sort()).toEqual([...vlans].sort());
  });

  it('[Q-19] [H-01] the balancer is an end of two connections, and each HSM behind it has a service network of its own', () => {
    const world = built('fig5');
    const networks = Object.values(world.model.natInstances).map(({ network }) => network);
    expect(new Set(networks).size).toBe(networks.length);
    const [balancer] = Object.values(world.model.loadBalancers);
    const owner = present(world.model.instances[balancer?.instance ?? ''], 'the balancer');
    const address = present(world.model.interfaces[owner.interface], 'its interface').address;
    const client = Object.values(world.model.instances).find(({ kind }) => kind !== 'load-balancer');
    expect(way(world, client?.id ?? '', formatIp(address)).at(-1)).toBe(owner.name);
  });
});

describe('rulings about those who look after the HSM', () => {
  const SSH = carryOf('tcp', 22);
  const nat = ipv4(0xc0a80037);

  it('[I-06] [I-10] [P-22] [Q-10] of all the Internet only the provider’s range gets to the bastion, and only over SSH', () => {
    const world = built('service-vn-firewalls');
    const sources = fc.constantFrom(
      ...[0xcb007109, 0xcb0071fe, 0xcb007209, 0xc01fc442, 0xc01fc3e8].map(ipv4),
    );
    const ports = fc.constantFrom(22, 23, 80, 514, 1792);
    const carries = fc.tuple(fc.constantFrom('tcp' as const, 'udp' as const), ports);
    fc.assert(
      fc.property(sources, carries, (source, [protocol, port]) => {
        const carry = carryOf(protocol, port);
        const got = reached(world, { from: 'stranger', to: '198.51.100.226', carry, source });
        const inRange = contains(present(world.model.service, 'the service').crp, source);
        expect(got === 'bastion-226').toBe(inRange && protocol === 'tcp' && port === 22);
        const sent = world.trace
          .journeys()
          .filter(({ frame: { body } }) => 'source' in body && body.source === source);
        const journey = sent.at(-1);
        const reasons = journey?.steps.map(({ outcome }) => outcome.reason) ?? [];
        expect(reasons.includes('acl.deny')).toBe(!inRange);
      }),
      { numRuns: 50 },
    );
  });

  it('[I-07] [Q-10] [I-15] whatever a client sends to the HSM passes as if the ACL were not there, and nothing of it the bastion', () => {
    const world = built('service-vn-firewalls');
    const carries = fc.tuple(
      fc.constantFrom('tcp' as const, 'udp' as const),
      fc.integer({ min: 1, max: 65_535 }),
    );
    fc.assert(
      fc.property(carries, ([protocol, port]) => {
        const path = way(world, 'app-310', '10.0.0.201', carryOf(protocol, port));
        expect([path.at(-1), path.includes('bastion-226')]).toEqual(['hsm-326', false]);
      }),
      { numRuns: 30 },
    );
  });

  it('[T-13] [Q-11] the customer’s SSH ends on the HSM, the provider’s goes by the bastion, and neither on the NAT instance', () => {
    const world = built('service-vn-firewalls');
    expect(way(world, 'app-310', '10.0.0.201', SSH).at(-1)).toBe('hsm-326');
    expect(way(world, 'bastion-226', '10.10.0.3', SSH)).toEqual([
      'bastion-226',
      'overlay-240',
      'dx-router',
      'tor',
      'hsm-326',
    ]);
    for (const from of ['app-310', 'bastion-226', 'service-team', 'hsm-326']) {
      for (const to of ['10.0.0.201', '192.168.0.55', '192.168.1.5', '198.51.100.226']) {
        expect(reached(world, { from, to, carry: SSH }), `${from} to ${to}`).not.toBe('nat-322');
      }
    }
  });

  it('[I-09] bastion and NAT instance log in to each other by no interface, in neither direction', () => {
    const world = built('service-vn-firewalls');
    const own = present(world.model.natInstances['acme/nat-322']?.own ?? null, 'an interface of its own');
    const reporting = present(world.model.interfaces[own], own).address;
    for (const to of [nat, reporting]) {
      expect(reached(world, { from: 'bastion-226', to: formatIp(to), carry: SSH })).toBeNull();
    }
    expect(reached(world, { from: 'nat-322', to: '192.168.1.4', carry: SSH })).toBeNull();
    // the same two can exchange what they are there for
    expect(reached(world, { from: 'nat-322', to: '192.168.1.4', carry: carryOf('udp', 514) })).toBe(
      'bastion-226',
    );
  });

  it('[B-13] [P-24] [Q-11] the service team gets to the bastion by gateway 228, and from there to the HSM’s console', () => {
    const world = built('service-vn-firewalls');
    expect(way(world, 'service-team', '198.51.100.226', SSH)).toEqual([
      'service-team',
      'internet',
      'igw-228',
      'bastion-226',
    ]);
    expect(way(world, 'bastion-226', '10.10.0.3', SSH).at(-1)).toBe('hsm-326');
    expect(reached(world, { from: 'service-team', to: '10.10.0.3', carry: SSH })).toBeNull();
  });

  it('[Q-12] [B-06] reports flow out by bastion and gateway 228, and the time flows in the same way, right to the millisecond', () => {
    const world = built('service-vn-firewalls');
    const heard = (id: string) => present(world.machines.get(id), id).events.length;
    const before = ['storage-230', 'management-232'].map(heard);
    asked(world, { from: 'hsm-326', to: '192.168.1.4', carry: carryOf('udp', 514) });
    expect(['storage-230', 'management-232'].map(heard)).toEqual(before.map((count) => count + 1));
    const asksAt = world.engine.now;
    const { answer } = asked(world, { from: 'hsm-326', to: '192.168.1.4', carry: carryOf('udp', 123) });
    const told = /^it is ([\d.]+) ms$/.exec(new TextDecoder().decode(present(answer, 'the time')))?.[1];
    const late = world.engine.now / 1e6 - Number(told);
    expect(Number(told)).toBeGreaterThan(asksAt / 1e6);
    expect(late).toBeGreaterThan(0);
    expect(late).toBeLessThan(50);
  });
});
