import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNanos, present } from '../../src/base/index.ts';
import { zoneFailure } from '../../src/model/index.ts';
import { compile, type Program } from '../../src/program/index.ts';
import { loadScenario, printScenario, type ScenarioText } from '../../src/scenario/index.ts';
import { runScenario } from '../../src/scenario/run.ts';
import { createWorld, type World } from '../../src/scenario/world.ts';

type Zones = ScenarioText['provider']['zones'];

/** Two zones with a server, a guest and an HSM each. */
function textWith(zones: Zones, more: Partial<ScenarioText['provider']> = {}): ScenarioText {
  return {
    title: 'two zones',
    provider: {
      zones,
      servers: { 'server-a': { zone: 'zone-1' }, 'server-b': { zone: 'zone-2' } },
      hsms: {
        'hsm-1': { zone: 'zone-1', address: '10.10.0.3', endpoint: 'echo' },
        'hsm-2': { zone: 'zone-2', address: '10.10.1.3', endpoint: 'echo' },
      },
      ...more,
    },
    customers: {
      acme: {
        vn: {
          cidr: '10.0.0.0/16',
          subnets: {
            'near-1': { cidr: '10.0.0.0/24', zone: 'zone-1' },
            'near-2': { cidr: '10.0.1.0/24', zone: 'zone-2' },
          },
          instances: {
            'app-1': { subnet: 'near-1', address: '10.0.0.7', listen: { 7: 'echo' } },
            'app-2': { subnet: 'near-2', address: '10.0.1.7', listen: { 7: 'echo' } },
          },
        },
        roles: { 'hsm-service': { allow: ['create-vni', 'attach-vni'] } },
      },
    },
    steps: [
      { 'request-hsm': { customer: 'acme', subnet: 'near-1', address: '10.0.0.201', hsm: 'hsm-1' } },
      { 'request-hsm': { customer: 'acme', subnet: 'near-2', address: '10.0.1.201', hsm: 'hsm-2' } },
    ],
  };
}

function worldOf(text: ScenarioText): World {
  const { scenario, diagnostics } = loadScenario(printScenario(text), 'zones.yaml');
  if (scenario === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const ran = runScenario(scenario);
  if (!ran.ok) throw new Error(ran.fault.map(({ message }) => message).join('; '));
  return ran.value.world;
}

/** Names of the devices at whose links nothing passes, whoever is at the other end. */
function darkDevices(program: Program): ReadonlySet<string> {
  const working = new Set<string>();
  const all = new Set<string>();
  for (const stage of program.stages) {
    if (stage.kind !== 'transmit') continue;
    for (const end of [stage.out, stage.into]) {
      const { device } = present(program.interfaces[end], 'an interface');
      const { id } = present(program.devices[device], 'a device');
      all.add(id);
      if (stage.up) working.add(id);
    }
  }
  return new Set([...all].filter((id) => !working.has(id)));
}

const FEEDS = ['feed-a', 'feed-b', 'feed-c'] as const;
const anyFeeds = fc.uniqueArray(fc.constantFrom(...FEEDS), { minLength: 1, maxLength: 3 });

const plans = fc.record({
  one: anyFeeds,
  other: fc.option(anyFeeds),
  server: fc.option(anyFeeds),
  hsm: fc.option(anyFeeds),
  failed: fc.uniqueArray(fc.constantFrom<string>(...FEEDS)),
});
type Feeds = readonly string[];
interface Outage {
  readonly one: Feeds;
  readonly other: Feeds | null;
  readonly server: Feeds | null;
  readonly hsm: Feeds | null;
  readonly failed: Feeds;
}

const fed = (power: Feeds | null) => (power === null ? {} : { power });

/** The network of a plan after its feeds have failed, and who must be dark then, worked out by hand. */
function outageIn({ one, other, server, hsm, failed }: Outage) {
  const zones = { 'zone-1': { power: one }, 'zone-2': fed(other) };
  const servers = { 'server-a': { zone: 'zone-1', ...fed(server) }, 'server-b': { zone: 'zone-2' } };
  const hsms = {
    'hsm-1': { zone: 'zone-1', address: '10.10.0.3', ...fed(hsm) },
    'hsm-2': { zone: 'zone-2', address: '10.10.1.3' },
  };
  const known = new Set([one, other, server, hsm].flatMap((feeds) => feeds ?? []));
  const cut = failed.filter((feed) => known.has(feed));
  const text = textWith(zones, { servers, hsms });
  const steps = [...(text.steps ?? []), ...cut.map((power) => ({ fail: { power } }))];
  const hosted: readonly (readonly [Feeds | null, readonly string[]])[] = [
    [server ?? one, ['server-a', 'acme/app-1', 'acme/nat-322']],
    [other, ['server-b', 'acme/app-2', 'acme/nat-322-2']],
    [hsm ?? one, ['hsm-1']],
    [other, ['hsm-2']],
    [one, ['tor']],
    [other, ['tor-2']],
  ];
  const isDark = (feeds: Feeds | null) => feeds?.every((feed) => cut.includes(feed)) ?? false;
  const expected = new Set(hosted.flatMap(([feeds, ids]) => (isDark(feeds) ? ids : [])));
  // a module whose switch is dark has no link that works, and is not dark itself
  const cornered = [...(isDark(one) ? ['hsm-1'] : []), ...(isDark(other) ? ['hsm-2'] : [])];
  return { program: worldOf({ ...text, steps }).engine.program, expected, cornered };
}

describe('what runs on which power', () => {
  it('[H-08] [U-09] a feed takes exactly those that have no other', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const { program, expected, cornered } = outageIn(plan);
        const dark = [...darkDevices(program)].filter((id) => !SHARED.includes(id));
        expect(new Set([...dark, ...cornered])).toEqual(new Set([...expected, ...cornered]));
      }),
      { numRuns: 30 },
    );
  });

  const SHARED: readonly string[] = ['fabric', 'overlay-240', 'dx-router'];

  it('[H-05] [H-06] a zone takes its servers, its guests, its HSMs and its rack, and nothing shared', () => {
    const { model } = worldOf(textWith(['zone-1', 'zone-2']));
    const id = zoneFailure('zone-2');
    const program = compile({
      ...model,
      failures: { [id]: { id, name: 'zone-2', kind: 'zone', from: null } },
    });
    const gone = ['server-b', 'acme/app-2', 'acme/nat-322-2', 'tor-2', 'hsm-2'];
    expect(darkDevices(program)).toEqual(new Set(gone));
  });

  it('[U-22] who runs a zone, and of which kind it is, changes nothing that a packet meets', () => {
    const plain = worldOf(textWith({ 'zone-1': {}, 'zone-2': {} })).engine.program;
    const rented = {
      'zone-1': { operator: 'colocation', kind: 'room' },
      'zone-2': { kind: 'group' },
    } as const;
    const { stages } = worldOf(textWith(rented)).engine.program;
    const shape = (all: Program['stages']) =>
      JSON.stringify(all, (key, value) => (key === 'source' || key === 'from' ? null : value));
    expect(shape(stages)).toBe(shape(plain.stages));
  });
});

describe('how far apart zones are', () => {
  /** How long a datagram takes from one guest to the other. */
  function between(one: string, other: string, more: Partial<ScenarioText['provider']>): string {
    const text = textWith(['zone-1', 'zone-2'], more);
    const send = { from: one, to: other, udp: { port: 9 } };
    const { trace } = worldOf({ ...text, steps: [{ send }, { send }] });
    const last = trace.journeys().filter(({ frame }) => frame.body.kind === 'ipv4');
    const sent = present(
      last.find(({ cause }) => cause === null),
      'a datagram',
    );
    return formatNanos((present(sent.steps.at(-1), 'its end').now - sent.startedAt) as typeof sent.startedAt);
  }

  it('[H-09] crossing zones costs more than staying inside, and both can be set', () => {
    expect(between('app-1', 'app-2', {})).toBe('1.004 ms');
    expect(between('app-1', 'app-2', { distances: { inside: '7 ms' } })).toBe('1.004 ms');
    expect(between('app-1', 'app-2', { distances: { between: '5 ms' } })).toBe('5.004 ms');
    const pairs = [{ zones: ['zone-2', 'zone-1'], distance: '300 us' }];
    expect(between('app-1', 'app-2', { distances: { between: '5 ms', pairs } })).toBe('304 µs');
  });
});

describe('zones as a file says them', () => {
  it('says each distance once', () => {
    const pairs = [
      { zones: ['zone-1', 'zone-2'], distance: '1 ms' },
      { zones: ['zone-2', 'zone-1'], distance: '2 ms' },
    ];
    const text = textWith(['zone-1', 'zone-2'], { distances: { pairs } });
    const { diagnostics } = loadScenario(printScenario(text), 'zones.yaml');
    expect(diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'scenario/wrong-value: the distance between zone-1 and zone-2 is said already',
    ]);
  });

  it('[N-24] a list of names means the same as a map without attributes', () => {
    const short = worldOf(textWith(['zone-1', 'zone-2'])).model;
    const long = worldOf(textWith({ 'zone-1': {}, 'zone-2': {} })).model;
    const bare = (model: World['model']) =>
      JSON.stringify(model, (key, value) => (key === 'from' ? null : value));
    expect(bare(long)).toBe(bare(short));
  });

  it('says which feed, zone or pair does not exist, all at once', () => {
    const pairs = [{ zones: ['zone-1', 'zone-3'], distance: '1 ms' }];
    const text = {
      ...textWith({ 'zone-1': { power: ['feed-a'] }, 'zone-2': {} }, { distances: { pairs } }),
      steps: [{ fail: { power: 'feed-b' } }, { fail: { zone: 'zone-4' } }],
    };
    const { scenario, diagnostics } = loadScenario(printScenario(text), 'zones.yaml');
    expect(scenario).toBeNull();
    expect(diagnostics.map(({ code, message, help }) => `${code}: ${message}; ${help}`)).toEqual([
      'scenario/unknown-name: no zone is called "zone-3"; did you mean "zone-1"? (zones: zone-1, zone-2)',
      'scenario/unknown-name: no feed of power is called "feed-b"; did you mean "feed-a"? (feeds: feed-a)',
      'scenario/unknown-name: no zone is called "zone-4"; did you mean "zone-1"? (zones: zone-1, zone-2)',
    ]);
  });

  it('refuses a zone whose list of feeds is empty: nothing could stand there', () => {
    const { diagnostics } = loadScenario(
      printScenario(textWith({ 'zone-1': { power: [] }, 'zone-2': {} })),
      'z',
    );
    expect(diagnostics.length).toBeGreaterThan(0);
  });
});

it('[H-07] healing what has not failed is refused', () => {
  const text = { ...textWith(['zone-1', 'zone-2']), steps: [{ heal: { zone: 'zone-1' } }] };
  const { scenario } = loadScenario(printScenario(text), 'zones.yaml');
  const world = createWorld(present(scenario, 'a scenario'));
  expect(world.ok).toBe(true);
  const ran = runScenario(present(scenario, 'a scenario'));
  expect(ran.ok ? [] : ran.fault.map(({ code }) => code)).toEqual(['provider/not-failed']);
});
