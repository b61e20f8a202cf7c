import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { present } from '../../src/base/index.ts';
import {
  loadScenario,
  printScenario,
  runScenario,
  type ScenarioText,
  type World,
} from '../../src/scenario/index.ts';
import type { Known } from '../../src/scenario/keepalive.ts';
import { type ChannelText, channelText } from '../support/channel-world.ts';
import { type Plant, playedWith } from '../support/planted.ts';

type Steps = NonNullable<ScenarioText['steps']>;

const EVERY = 10;
const MISSED = 3;

/** Two customers with channels, HSMs of acme in two zones, and management on the Internet. */
function watchedText(kind: ChannelText, steps: Steps): ScenarioText {
  const text = channelText(kind);
  const hsm = (zone: string, net: number) => ({ zone, address: `10.10.${net}.3`, endpoint: 'echo' as const });
  const acme = present(text.customers?.['acme'], 'acme');
  const requests = [1, 2, 3].map((number) => ({
    'request-hsm': { customer: 'acme', subnet: 'main', address: `10.0.0.20${number}`, hsm: `hsm-${number}` },
  }));
  return {
    ...text,
    provider: {
      zones: ['here', 'there'],
      hsms: { 'hsm-1': hsm('there', 0), 'hsm-2': hsm('there', 1), 'hsm-3': hsm('here', 2) },
      service: {
        crp: '203.0.113.0/28',
        public: '192.31.195.240/28',
        storage: 'storage',
        management: 'management',
        watch: { every: `${EVERY} s`, missed: MISSED, repair: false },
      },
    },
    internet: {
      hosts: { storage: { address: '192.31.195.230' }, management: { address: '192.31.195.232' } },
    },
    customers: {
      ...text.customers,
      acme: { ...acme, roles: { service: { allow: ['create-vni', 'attach-vni'] } } },
    },
    steps: [...requests, ...steps],
  };
}

function ran(kind: ChannelText, steps: Steps): World {
  const { scenario, diagnostics } = loadScenario(printScenario(watchedText(kind, steps)), 'watched.yaml');
  const result = scenario === null ? null : runScenario(scenario);
  if (result === null || !result.ok) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return result.value.world;
}

const noticesOf = (world: World) => present(world.watch, 'somebody watches').notices;
const said = (world: World): readonly string[] =>
  noticesOf(world).map(({ about, what }) => `${about} ${what}`);

/** What can break a channel, and whose it is. */
const BREAKS = [
  [{ channel: 'acme' }, 'channel:acme'],
  [{ device: 'acme/vgw-210' }, 'channel:acme'],
  [{ device: 'globex/vgw-212' }, 'channel:globex'],
  [{ link: 'internet--globex/vgw-210' }, 'channel:globex'],
  [{ link: 'internet--acme/vgw-212' }, 'channel:acme'],
] as const;

describe('a management that watches channels', () => {
  it('[B-07] [S-12] notices whatever cuts a channel over the Internet, in time, and when it is whole again; and nothing else', () => {
    const kinds = fc.constantFrom('ipsec' as const, 'wireguard' as const);
    fc.assert(
      fc.property(
        kinds,
        fc.constantFrom(...BREAKS),
        fc.integer({ min: 25, max: 34 }),
        (kind, [part, id], since) => {
          const long = `${(MISSED + 3) * EVERY} s`;
          const world = ran(kind, [
            { wait: `${since} s` },
            { fail: part },
            { wait: long },
            { heal: part },
            { wait: long },
          ]);
          expect(said(world)).toEqual([`${id} silent`, `${id} back`]);
          const delay = present(noticesOf(world)[0], 'the first').at / 1e9 - since;
          expect(delay).toBeGreaterThan((MISSED - 1) * EVERY);
          // one more than a device: the gateway tells what came since the ping before
          expect(delay).toBeLessThanOrEqual((MISSED + 2) * EVERY);
        },
      ),
      { numRuns: 8 },
    );
  });

  /** What somebody could have got wrong about channels. */
  const FAULTS: Readonly<Record<string, Plant>> = {
    'a gateway tells of its channel whether it lives or not': ({ watch }) => {
      const channels = present(watch, 'somebody watches').channels;
      const get = channels.get.bind(channels);
      Object.assign(channels, {
        get: (id: string) => {
          const known = get(id);
          return known === undefined ? undefined : { ...known, opened: -1 };
        },
      });
    },
    'a gateway tells nothing more once its channel was silent': ({ watch }) => {
      const channels = present(watch, 'somebody watches').channels;
      const set = channels.set.bind(channels);
      const mute = new Set<string>();
      Object.assign(channels, {
        set: (id: string, known: Known) => {
          if (known.opened > 0 && known.opened === channels.get(id)?.opened) mute.add(id);
          return set(id, mute.has(id) ? { ...known, opened: Number.MAX_SAFE_INTEGER } : known);
        },
      });
    },
    'management forgets who is silent': ({ watch }) => {
      Object.assign(present(watch, 'somebody watches').failed, { add: () => undefined });
    },
    'management waits for one sign of life more than it says': ({ watch }) => {
      const known = present(watch, 'somebody watches');
      Object.assign(known, { settings: { ...known.settings, missed: MISSED + 2 } });
    },
  };
  it.each(Object.entries(FAULTS))('[B-07] and a fault in that is noticed: %s', (_name, plant) => {
    const long = `${(MISSED + 3) * EVERY} s`;
    const steps = [
      { wait: '27 s' },
      { fail: { channel: 'acme' } },
      { wait: long },
      { heal: { channel: 'acme' } },
      { wait: long },
    ];
    const judged = (planted: Plant) => {
      const world = playedWith(watchedText('ipsec', steps), planted).world;
      const [first] = noticesOf(world);
      const inTime = first !== undefined && first.at / 1e9 - 27 <= (MISSED + 2) * EVERY;
      return inTime && said(world).join() === 'channel:acme silent,channel:acme back';
    };
    expect(judged(() => undefined)).toBe(true);
    expect(judged(plant)).toBe(false);
  });

  it('[B-07] hears nothing of a direct connection, whose gateway has no address on the Internet', () => {
    const world = ran('direct', [{ wait: '40 s' }, { fail: { channel: 'acme' } }, { wait: '60 s' }]);
    expect(said(world)).toEqual([]);
  });

  it('[B-07] [S-07] learns that a channel lives from authentic packets alone: what is damaged on the way is none', () => {
    const world = ran('wireguard', [
      { wait: '40 s' },
      { impair: { link: 'internet--acme/vgw-212', direction: 'to acme/vgw-212', corrupt: '100%' } },
      { wait: '60 s' },
    ]);
    expect(said(world)).toEqual(['channel:acme silent']);
  });
});

describe('a management that watches zones', () => {
  const noticedAfter = (fail: readonly string[]) =>
    said(ran('ipsec', [{ wait: '40 s' }, ...fail.map((device) => ({ fail: { device } })), { wait: '60 s' }]));

  it('[B-07] [H-05] takes two silent bastions of one zone for the zone, where others are heard', () => {
    expect(said(ran('ipsec', [{ wait: '40 s' }, { fail: { zone: 'there' } }, { wait: '60 s' }]))).toEqual([
      'zone:there silent',
    ]);
    expect(noticedAfter(['bastion-226', 'bastion-226-2'])).toEqual(['zone:there silent']);
  });

  it('[B-07] takes one bastion for one bastion, whether it is alone in its zone or not', () => {
    expect(noticedAfter(['bastion-226'])).toEqual(['acme/bastion-226 silent']);
    expect(noticedAfter(['bastion-226-3'])).toEqual(['acme/bastion-226-3 silent']);
    expect(new Set(noticedAfter(['bastion-226-2', 'bastion-226-3']))).toEqual(
      new Set(['acme/bastion-226-2 silent', 'acme/bastion-226-3 silent']),
    );
  });

  it('[B-07] blames no zone where nobody at all is heard: it may be its own link', () => {
    const silent = noticedAfter(['management']);
    expect(silent.filter((one) => one.startsWith('zone:'))).toEqual([]);
    expect(silent).toHaveLength(5);
  });
});
