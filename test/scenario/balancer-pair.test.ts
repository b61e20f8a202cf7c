import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIp } from '../../src/address/index.ts';
import { present } from '../../src/base/index.ts';
import type { Change } from '../../src/provider/index.ts';
import {
  groundOf,
  loadScenario,
  printScenario,
  runScenario,
  type ScenarioText,
  type World,
} from '../../src/scenario/index.ts';
import type { Heartbeat } from '../../src/scenario/standby.ts';
import { type Plant, playedWith } from '../support/planted.ts';

type Steps = NonNullable<ScenarioText['steps']>;

const MISSED = 3;
/** Long enough for a standby to notice and take over, whenever it looks. */
const SOON = `${MISSED + 2} s`;

/** A client, two targets and a balancer with a standby, each on a server of its own. */
function pairText(steps: Steps, prove: readonly string[], standby: object | null): ScenarioText {
  const server = { zone: 'here' };
  const target = (last: number, on: string) => ({
    subnet: 'main',
    address: `10.0.0.${last}`,
    server: on,
    listen: { 443: 'echo' as const },
  });
  return {
    title: 'a pair of balancers',
    provider: {
      zones: ['here'],
      servers: { one: server, two: server, three: server, four: server, five: server },
    },
    customers: {
      me: {
        vn: {
          cidr: '10.0.0.0/16',
          subnets: { main: { cidr: '10.0.0.0/24', zone: 'here' } },
          instances: {
            client: { subnet: 'main', address: '10.0.0.7', server: 'three' },
            'target-1': target(21, 'four'),
            'target-2': target(22, 'five'),
          },
          'load-balancers': {
            lb: {
              subnet: 'main',
              address: '10.0.0.100',
              server: 'one',
              listen: 'tcp/443',
              targets: ['10.0.0.21', '10.0.0.22'],
              health: { every: '1 s', timeout: '200 ms', healthy: 1, unhealthy: MISSED },
              ...(standby === null ? {} : { standby: { name: 'lb-b', address: '10.0.0.101', ...standby } }),
            },
          },
        },
      },
    },
    steps,
    prove: [...prove],
  };
}

function ran(
  steps: Steps,
  prove: readonly string[] = [],
  standby: object | null = { server: 'two' },
): { readonly world: World; readonly failed: readonly string[] } {
  const text = printScenario(pairText(steps, prove, standby));
  const { scenario, diagnostics } = loadScenario(text, 'pair.yaml');
  const result = scenario === null ? null : runScenario(scenario);
  if (result === null || !result.ok) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const { world, report } = result.value;
  const failed = report.checks.filter(({ passed }) => !passed);
  return { world, failed: failed.map(({ name, message }) => `${name}: ${message}`) };
}

const call = (payload: string) =>
  ({
    send: { from: 'client', to: '10.0.0.100', tcp: { port: 443 }, payload },
    expect: { answer: payload, reply: { source: '10.0.0.100' } },
  }) as const;

const part = fc.constantFrom('lb', 'lb-b', 'one', 'two');
const misfortunes = fc.array(fc.tuple(part, fc.integer({ min: 0, max: 2_500 })), {
  minLength: 1,
  maxLength: 4,
});

/** What fails and is heard of again, one thing at a time, and calls meanwhile. */
function ups(all: readonly (readonly [string, number])[]): Steps {
  return all.flatMap(
    ([device, wait], index): Steps => [
      { wait: `${wait} ms` },
      { fail: { device } },
      { wait: SOON },
      call(`broken ${index}`),
      { heal: { device } },
      { wait: '2 s' },
      call(`whole ${index}`),
    ],
  );
}

/** What is wrong with a pair of which nothing is down for long enough to be missed three times: somebody took over. */
function hasty(plant: Plant, blinks: readonly number[]): boolean {
  const steps = blinks.flatMap(
    (wait): Steps => [
      { wait: `${wait} ms` },
      { fail: { device: 'lb' } },
      { wait: `${MISSED - 1} s` },
      { heal: { device: 'lb' } },
      { wait: '3 s' },
    ],
  );
  return playedWith(pairText(steps, [], { server: 'two' }), plant).world.takeovers.length > 0;
}

const anyBlinks = fc.array(fc.integer({ min: 0, max: 2_500 }), { minLength: 1, maxLength: 3 });

/** Changes what standbys know, whenever somebody asks. */
function heartbeats(change: (beat: Heartbeat) => Heartbeat): Plant {
  return (world) => {
    const known = world.heartbeats;
    const get = known.get.bind(known);
    Object.assign(known, {
      get: (id: string) => {
        const beat = get(id);
        return beat === undefined ? undefined : change(beat);
      },
    });
  };
}

describe('a balancer with a standby', () => {
  it('[H-14] answers under the one address whatever fails of the pair, one thing at a time, however often', () => {
    fc.assert(
      fc.property(misfortunes, (all) => {
        expect(ran(ups(all)).failed).toEqual([]);
      }),
      { numRuns: 5 },
    );
  });

  const DEAF: Readonly<Record<string, Plant>> = {
    'a standby never looks': ({ heartbeats: known }) => known.clear(),
    'a standby forgets each time what it missed': heartbeats((beat) => Object.assign(beat, { missed: 0 })),
    'a standby says that it takes over, and the address stays where it is': (world) => {
      const push = world.changes.push.bind(world.changes);
      let before = world.model;
      Object.assign(world.changes, {
        push: (change: Change) => {
          // what a verb has just changed is in place already
          if (change.verb === 'take-over') world.model = before;
          before = world.model;
          return push(change);
        },
      });
    },
  };
  it.each(Object.entries(DEAF))('[H-14] and a fault in that is noticed: %s', (_name, plant) => {
    const { failed } = fc.check(
      fc.property(misfortunes, (all) => {
        const text = pairText(ups(all), [], { server: 'two' });
        return playedWith(text, plant).failed.length === 0;
      }),
      { numRuns: 20, endOnFailure: true },
    );
    expect(failed).toBe(true);
  });

  it('[H-14] leaves its standby where it is while it is missed less than three times', () => {
    fc.assert(
      fc.property(anyBlinks, (blinks) => !hasty(() => undefined, blinks)),
      { numRuns: 5 },
    );
  });

  const HASTY: Readonly<Record<string, Plant>> = {
    'a standby takes over as soon as one ping is not answered': heartbeats((beat) =>
      beat.missed === 0 ? beat : Object.assign(beat, { missed: MISSED }),
    ),
    'a standby counts the pings that were missed, in a row or not': (world) => {
      let all = 0;
      heartbeats((beat) => {
        if (beat.missed === 1) all += 1;
        return Object.assign(beat, { missed: beat.missed === 0 ? beat.missed : Math.max(all, beat.missed) });
      })(world);
    },
  };
  it.each(Object.entries(HASTY))('[H-14] and a fault in that is noticed: %s', (_name, plant) => {
    const { failed } = fc.check(
      fc.property(anyBlinks, (blinks) => !hasty(plant, blinks)),
      { numRuns: 30, endOnFailure: true },
    );
    expect(failed).toBe(true);
  });

  it('[H-14] is given up after three pings without an answer, and not before', () => {
    const { world } = ran([{ wait: '10500 ms' }, { fail: { device: 'lb' } }, { wait: '20 s' }]);
    const [takeover, ...more] = world.takeovers;
    expect(more).toEqual([]);
    const after = present(takeover, 'somebody took over').at / 1e9 - 10.5;
    expect(after).toBeGreaterThan(MISSED - 1);
    expect(after).toBeLessThanOrEqual(MISSED + 1);
    // and where it is back in time, nobody takes over
    const short = ran([
      { wait: '10500 ms' },
      { fail: { device: 'lb' } },
      { wait: '2 s' },
      { heal: { device: 'lb' } },
      { wait: '20 s' },
    ]);
    expect(short.world.takeovers).toEqual([]);
  });

  it('[H-14] does nothing more by itself once it was replaced: only the one in service looks after targets', () => {
    const { world, failed } = ran([
      { fail: { device: 'lb' } },
      { wait: SOON },
      { heal: { device: 'lb' } },
      {
        wait: '10 s',
        expect: {
          seen: [{ at: 'target-1', source: '10.0.0.100' }],
          unseen: [{ at: 'target-1', source: '10.0.0.101' }],
        },
      },
    ]);
    expect(failed).toEqual([]);
    const { interfaces, instances } = world.model;
    const addressOf = (id: string) =>
      formatIp(present(interfaces[instances[id]?.interface ?? ''], id).address);
    expect([addressOf('me/lb'), addressOf('me/lb-b')]).toEqual(['10.0.0.101', '10.0.0.100']);
  });

  it('[H-14] moves its interface with the link address: who had it in a cache goes on', () => {
    const macOf = ({ world }: ReturnType<typeof ran>) =>
      Object.values(world.model.interfaces).find(({ address }) => formatIp(address) === '10.0.0.100')?.mac;
    const moved = ran([call('before'), { fail: { device: 'lb' } }, { wait: SOON }, call('after')]);
    expect(moved.failed).toEqual([]);
    expect(moved.world.takeovers).toHaveLength(1);
    expect(macOf(moved)).toBe(macOf(ran([])));
  });

  it('[H-14] is left where it is by a standby that is cut off: it has nobody to tell', () => {
    for (const part of [{ device: 'lb-b' }, { device: 'two' }, { link: 'fabric--two' }] as const) {
      const { world } = ran([{ fail: part }, { wait: '10 s' }, call('still here')]);
      expect(world.takeovers).toEqual([]);
    }
  });
});

describe('a claim about what may fail', () => {
  const request = 'every request from client to 10.0.0.100 tcp/443 is answered';

  it('[H-14] holds for any one machine and any one server with a standby, and for neither without', () => {
    for (const kind of ['machine', 'server']) {
      const claim = `${request} although any one ${kind} fails`;
      expect(ran([], [claim]).failed).toEqual([]);
      const alone = ran([], [claim], null).failed.join();
      expect(alone).toContain(`not while ${kind === 'machine' ? 'lb' : 'one'} is down`);
    }
  });

  it('says what it takes for granted', () => {
    expect(groundOf(ran([]).world).recovers).toEqual(['lb-b has taken over from lb where that fails']);
    expect(groundOf(ran([], [], null).world).recovers).toEqual([]);
  });
});

describe('a standby that cannot be one', () => {
  const said = (standby: object) =>
    loadScenario(printScenario(pairText([], [], standby)), 'pair.yaml').diagnostics.map(
      ({ code, message }) => `${code}: ${message}`,
    );

  it('[H-14] is refused on the server of the other, and with an address that somebody has', () => {
    expect(said({ server: 'two' })).toEqual([]);
    expect(said({ address: '10.0.0.7', server: 'two' }).join()).toContain(
      '10.0.0.7 is already the address of client',
    );
    expect(said({ name: 'client', server: 'two' }).length).toBeGreaterThan(0);
    const { scenario } = loadScenario(
      readFileSync('scenarios/balancer-pair.yaml', 'utf8').replace(
        '10.0.0.101, server: server-b',
        '10.0.0.101, server: server-a',
      ),
      'pair.yaml',
    );
    const result = runScenario(present(scenario, 'it can be read'));
    expect(result.ok ? [] : result.fault.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'provider/no-server: lb-508-b is to stand in for lb-508, and both are on server-a',
    ]);
  });
});
