import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cidr, contains, formatIp, ipv4, overlaps } from '../../src/address/index.ts';
import { present } from '../../src/base/index.ts';
import { EMPTY_MODEL } from '../../src/model/index.ts';
import { compile } from '../../src/program/index.ts';
import { call, createNetwork, createSubnet, openZone, registerCustomer } from '../../src/provider/index.ts';
import { readAnswer } from '../../src/scenario/answer.ts';
import { converse } from '../../src/scenario/conversation.ts';
import { carryOf, type World } from '../../src/scenario/index.ts';
import { pathOf } from '../../src/scenario/path.ts';
import { asked, built } from '../support/built.ts';

/* What the patent claims and what its text asks of networks, looked up in what the scenario files build. */

/** The last device of a request. */
function endOf(world: World, from: string, to: string, carry = carryOf('tcp', 1792)): string {
  const { request } = asked(world, { from, to, carry });
  return request === null ? '' : (pathOf(world.engine.program, request).at(-1)?.name ?? '');
}

/** What each scenario's first `send` to the HSM is answered with, signature and all. */
function signed(file: string, sender: string): boolean {
  const world = built(file);
  const step = world.scenario.steps.find(
    (one) =>
      one.kind === 'send' &&
      one.packets.some(({ from, payload }) => from.name === sender && payload !== null),
  );
  const [stimulus] = step?.kind === 'send' ? step.packets : [];
  const [conversation] = converse(world, [present(stimulus, `a packet of ${sender}`)]);
  const bytes = present(conversation?.answer ?? null, 'an answer');
  return readAnswer(bytes, stimulus?.payload ?? null).verified?.valid === true;
}

describe('what the patent claims', () => {
  it('[K-02] [K-15] the first network is on premises (206), physical and far away: its device 218 has the HSM sign across the channel', () => {
    // first network: the premises 206; second: the provider's side with the service network
    const world = built('fig2');
    expect(signed('fig2', 'client-218')).toBe(true);
    const { request } = asked(world, { from: 'client-218', to: '10.0.0.201' });
    const first = present(request, 'a request').steps.find(({ place }) => place.device >= 0);
    const home = world.engine.program.devices[present(first, 'its first step').place.device];
    expect([home?.id, world.model.instances[home?.id ?? '']]).toEqual(['acme/client-218', undefined]);
    expect(Object.keys(world.model.siteMachines)).toContain('acme/client-218');
  });

  it('[K-07] [K-11] the customer asks from outside the provider’s network, the HSM is added inside, and its operation serves the one outside', () => {
    // the network is the provider's (claims 7 to 12); outside is the customer's virtual network, and the premises
    const before = built('fig3', (text) => text.slice(0, text.indexOf('steps:')));
    expect(before.model.hsms['hsm-326']?.assignedTo).toBeNull();
    expect(endOf(before, 'app-310', '10.0.0.201')).toBe('app-310');
    const after = built('fig3');
    const service = present(after.model.networks[after.model.hsms['hsm-326']?.assignedTo ?? ''], 'it');
    expect([service.owner, service.customer]).toEqual(['provider', 'acme']);
    expect(endOf(after, 'app-310', '10.0.0.201')).toBe('hsm-326');
    expect(signed('fig3', 'app-310')).toBe(true);
  });

  it('[K-09] [N-25] the request is one call of an API: all of what it changes is on record and can be undone, and a refused one changes nothing', () => {
    const world = built('fig3');
    const [declared, requested] = world.changes;
    expect([declared?.verb, requested?.verb, world.changes.length]).toEqual(['build', 'request-hsm', 2]);
    const touched = new Set(requested?.forward.map(({ path }) => String(path[0])));
    expect([...touched].sort()).toEqual(
      [
        'counters',
        'customers',
        'firewalls',
        'hsms',
        'interfaces',
        'natInstances',
        'networks',
        'servers',
        'subnets',
      ].sort(),
    );
    expect(requested?.back.length).toBeGreaterThan(0);
  });

  it('[P-32] [P-26] in the customer’s own network the request changes its interface, and nothing else', () => {
    const world = built('fig3');
    const [before, after] = world.changes.map(({ model }) => model);
    const own = (model: typeof before) => ({
      network: { ...model?.networks['acme'], mapping: {} },
      subnets: Object.values(model?.subnets ?? {}).filter(({ network }) => network === 'acme'),
      instances: model?.instances,
      acls: model?.acls,
      roles: model?.customers['acme']?.roles,
      interfaces: Object.values(model?.interfaces ?? {}).filter(
        ({ network, id }) => network === 'acme' && id !== 'acme/vni-314',
      ),
    });
    expect(own(after)).toEqual(own(before));
    const mapped = (model: typeof before) => Object.keys(model?.networks['acme']?.mapping ?? {});
    expect(mapped(after).filter((address) => !mapped(before).includes(address))).toEqual(['10.0.0.201']);
  });

  it('[P-36] [H-03] a second request gives a second chain, and both work', () => {
    const world = built('nat-multi-instance', (text) => text);
    const chains = Object.values(world.model.natInstances).map(({ outer, inward }) => {
      const at = (id: string) => formatIp(present(world.model.interfaces[id], id).address);
      return [at(outer), at(inward)];
    });
    expect(new Set(chains.map(([outer]) => outer)).size).toBe(chains.length);
    expect(new Set(chains.map(([, inward]) => inward)).size).toBe(chains.length);
    expect(chains.length).toBeGreaterThan(1);
    const sender = Object.values(world.model.instances)[0]?.id ?? '';
    for (const [outer = ''] of chains) expect(endOf(world, sender, outer)).toMatch(/^hsm-/);
  });

  it('[P-21] the HSM gets a route to the service network it is given to, and has none before', () => {
    const routes = (world: World) =>
      world.engine.program.places
        .filter(({ device }) => world.engine.program.devices[device]?.id === 'hsm-326')
        .flatMap(({ stages }) =>
          stages.flatMap((stage) => (stage.kind === 'route' ? stage.table.entries : [])),
        )
        .map(({ value }) => value.block);
    const inward = ipv4(0xc0a80037);
    const leads = (world: World) => routes(world).some((block) => contains(block, inward));
    const before = built('fig3', (text) => text.slice(0, text.indexOf('steps:')));
    expect([leads(before), leads(built('fig3'))]).toEqual([false, true]);
  });
});

describe('variations', () => {
  it('[N-07] an HSM at a public address of the customer’s is reached on the same way, by the same stages', () => {
    const way = (file: string, from: string, to: string) => {
      const world = built(file);
      const { request, reply } = asked(world, { from, to });
      return [request, reply].map((journey) => {
        const { steps } = present(journey, 'it travels');
        const translations = steps.filter(({ stage }) => stage.kind === 'translate').length;
        const devices = pathOf(world.engine.program, present(journey, 'it travels'));
        return [devices.map(({ name, role }) => (role === 'instance' ? role : name)), translations];
      });
    };
    const plain = way('fig3', 'app-310', '10.0.0.201');
    expect(plain.map(([, translations]) => translations)).toEqual([1, 1]);
    expect(way('public-address-hsm', 'client', '203.0.113.201')).toEqual(plain);
  });

  it('[N-29] a customer that is a part of the provider gets exactly the network that any other would get', () => {
    const plain = (text: string) => text.replace(/ {4}owner: provider\n/, '');
    const [part, other] = [built('sub-entity-customer'), built('sub-entity-customer', plain)];
    const owned = (world: World) => Object.values(world.model.customers).filter((one) => one.ownedByProvider);
    expect([owned(part).length, owned(other).length]).toEqual([1, 0]);
    const lines = (world: World) => JSON.stringify(compile(world.model).stages.map(({ kind }) => kind));
    expect(lines(part)).toBe(lines(other));
    expect(part.engine.program.devices).toEqual(other.engine.program.devices);
  });

  it('[N-20] subnets never overlap and stay inside the block of their network, whatever is asked', () => {
    const start = [
      (model: typeof EMPTY_MODEL) =>
        call(model, 'zone', openZone, {
          name: 'z',
          kind: 'data-center',
          power: [],
          operator: null,
          from: null,
        }),
      (model: typeof EMPTY_MODEL) =>
        call(model, 'customer', registerCustomer, { name: 'me', ownedByProvider: false, from: null }),
      (model: typeof EMPTY_MODEL) =>
        call(model, 'network', createNetwork, {
          customer: 'me',
          block: cidr(ipv4(0x0a000000), 24),
          from: null,
        }),
    ].reduce((model, verb) => {
      const change = verb(model);
      if (!change.ok) throw new Error(change.fault.map(({ message }) => message).join('; '));
      return change.value.model;
    }, EMPTY_MODEL);
    // around 10.0.0.0/24: some inside, some beside, some around it
    const block = fc
      .record({ offset: fc.integer({ min: -16, max: 32 }), prefix: fc.integer({ min: 23, max: 28 }) })
      .map(({ offset, prefix }) => cidr(ipv4((0x0a000000 + offset * 16) & -(2 ** (32 - prefix))), prefix));
    fc.assert(
      fc.property(fc.array(block, { maxLength: 12 }), (blocks) => {
        let model = start;
        blocks.forEach((wanted, index) => {
          const taken = Object.values(model.subnets).some((subnet) => overlaps(subnet.block, wanted));
          const outside = wanted.prefix < 24 || !contains(cidr(ipv4(0x0a000000), 24), wanted.address);
          const asking = {
            network: 'me',
            name: `s${index}`,
            block: wanted,
            zone: 'z',
            acl: null,
            from: null,
          };
          const change = call(model, 'subnet', createSubnet, asking);
          expect(change.ok).toBe(!taken && !outside);
          if (change.ok) model = change.value.model;
        });
      }),
    );
  });
});
