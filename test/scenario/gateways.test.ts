import { describe, expect, it } from 'vitest';
import { port } from '../../src/address/index.ts';
import { present } from '../../src/base/index.ts';
import { udpPacket } from '../../src/packet/index.ts';
import { call, detachGateway, transact } from '../../src/provider/index.ts';
import { loadScenario, printScenario, type ScenarioText } from '../../src/scenario/index.ts';
import { tablesOf } from '../../src/scenario/tables.ts';
import { adopt, createWorld, refresh, type World } from '../../src/scenario/world.ts';
import { address, block } from '../support/programs.ts';

const ROUTES = [
  { to: '0.0.0.0/0', via: 'igw-1' },
  { to: '192.168.0.0/24', blackhole: true as const },
];

/** `web` in a public subnet, `www` on the Internet; `links` as in a scenario. */
function worldWith(links: ScenarioText['provider']['links'] = []): World {
  const vn = {
    cidr: '10.0.0.0/16',
    gateways: { 'igw-1': 'internet' as const },
    subnets: { main: { cidr: '10.0.0.0/24', zone: 'here', routes: ROUTES } },
    instances: { web: { subnet: 'main', address: '10.0.0.7', public: '198.51.100.7' } },
  };
  const text: ScenarioText = {
    title: 'a gateway',
    provider: { zones: ['here'], links },
    internet: { hosts: { www: { address: '203.0.113.80' } } },
    customers: { me: { vn } },
  };
  const { scenario, diagnostics } = loadScenario(printScenario(text), 'gateway.yaml');
  const world = scenario === null ? null : createWorld(scenario);
  if (world === null || !world.ok) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return world.value;
}

/** The table of the one subnet, as `show routes` prints it, without the place in the file. */
function tableOf(world: World): readonly string[] {
  refresh(world);
  const found = tablesOf(world, 'routes').find(({ title }) => title === 'subnet 10.0.0.0/24 of VN me');
  return present(found, 'the subnet has a table').rows.map((row) => row.slice(0, 4).join(' '));
}

function propagate(world: World, ...blocks: readonly string[]): void {
  const change = transact(world.model, 'propagate', (draft) => {
    present(draft.gateways['me/igw-1'], 'the gateway').propagates = blocks.map((text) => ({
      ...block(text),
    }));
    return [];
  });
  if (!change.ok) throw new Error('it is only data');
  adopt(world, change.value);
}

describe('a route that a gateway makes known', () => {
  it('[N-21] is in the table beside those that were written', () => {
    const world = worldWith();
    propagate(world, '172.16.0.0/12');
    expect(tableOf(world)).toContain('172.16.0.0/12 igw-1 propagated active');
  });

  it('[N-21] never beats the local route, however long its prefix is', () => {
    const world = worldWith();
    const before = tableOf(world);
    propagate(world, '10.0.0.0/24', '10.0.0.7/32', '10.0.0.0/16');
    expect(tableOf(world)).toEqual(before);
    propagate(world, '10.0.0.0/8');
    expect(tableOf(world)).toContain('10.0.0.0/8 igw-1 propagated active');
  });

  it('[N-21] gives way to a written route for the same block', () => {
    const world = worldWith();
    const before = tableOf(world);
    propagate(world, '192.168.0.0/24');
    expect(tableOf(world)).toEqual(before);
    propagate(world, '192.168.0.128/25');
    expect(tableOf(world)).toContain('192.168.0.128/25 igw-1 propagated active');
  });

  it('[N-22] goes with its gateway, and a written one stays as a black hole', () => {
    const world = worldWith();
    propagate(world, '172.16.0.0/12');
    const change = call(world.model, 'detach-gateway', detachGateway, { customer: 'me', gateway: 'igw-1' });
    if (!change.ok) throw new Error('it is attached');
    adopt(world, change.value);
    expect(tableOf(world)).toEqual([
      '10.0.0.0/16 local local active',
      '0.0.0.0/0 igw-1 static blackhole',
      '192.168.0.0/24 blackhole static blackhole',
    ]);
  });
});

describe('a gateway', () => {
  it('[N-23] translates a datagram in pieces so that its checksum holds where it is put together', () => {
    const world = worldWith();
    const web = present(world.machines.get('me/web'), 'web runs');
    const bytes = Uint8Array.from({ length: 4000 }, (_, index) => index & 255);
    const sent = web.stack.sendUdp(
      { target: address('203.0.113.80'), targetPort: port(53), bytes },
      world.engine.now,
    );
    expect(sent.ok).toBe(true);
    world.engine.run();
    const pieces = world.trace
      .journeys()
      .flatMap(({ steps }) => steps)
      .filter(({ stage, outcome }) => stage.kind === 'one-to-one' && outcome.verdict === 'continue');
    expect(pieces.length).toBeGreaterThan(2);
    // nobody listens there: the whole datagram was understood, or this error would not be sent
    expect(web.events.map(({ kind }) => kind)).toEqual(['unreachable']);
  });

  it('[N-23] says what fits through it in words of the sender’s own network', () => {
    const world = worldWith([{ between: ['igw-1', 'internet'], mtu: 1000 }]);
    const web = present(world.machines.get('me/web'), 'web runs');
    const ends = { source: web.address, target: address('203.0.113.80') };
    const ports = { sourcePort: port(5000), targetPort: port(53) };
    web.inject(udpPacket({ ...ends, ...ports, payload: new Uint8Array(1200), dontFragment: true }));
    world.engine.run();
    const heard = world.trace.journeys().flatMap(({ frame: { body }, steps }) => {
      const error = body.kind === 'ipv4' && body.body.kind === 'icmp-error' ? body.body : null;
      return error === null
        ? []
        : [{ ...error, quoted: error.quote.packet, end: steps.at(-1)?.outcome.verdict }];
    });
    expect(heard.map(({ type, code, parameter }) => [type, code, parameter & 0xffff])).toEqual([
      [3, 4, 1000],
    ]);
    expect(heard.map(({ quoted, end }) => [quoted.source, end])).toEqual([[web.address, 'deliver']]);
  });
});
