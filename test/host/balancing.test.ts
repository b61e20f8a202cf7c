import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Ipv4, ipv4 } from '../../src/address/index.ts';
import { nanos } from '../../src/base/index.ts';
import { afterCheck, HEALTHY, type Health } from '../../src/host/balancer/health.ts';
import { chooseTarget, type Policy, type Situation, type Target } from '../../src/host/index.ts';

type Choose = typeof chooseTarget;

/** Requests one after the other; each may be over before the next one comes. */
interface Story {
  readonly zones: readonly string[];
  readonly healthy: readonly boolean[];
  readonly requests: readonly { readonly client: number; readonly stays: boolean }[];
}

const anyStory: fc.Arbitrary<Story> = fc.integer({ min: 1, max: 5 }).chain((size) =>
  fc.record({
    zones: fc.array(fc.constantFrom('here', 'there'), { minLength: size, maxLength: size }),
    healthy: fc.array(fc.boolean(), { minLength: size, maxLength: size }),
    requests: fc.array(fc.record({ client: fc.nat(5), stays: fc.boolean() }), { maxLength: 30 }),
  }),
);

interface Chosen {
  readonly client: number;
  readonly index: number;
  /** open connections of each target just before */
  readonly load: readonly number[];
}

function targetsOf({ zones }: Story): readonly Target[] {
  return zones.map((zone, index) => ({ address: ipv4(0x0a0000c9 + index), zone }));
}

const clientOf = (number: number): Ipv4 => ipv4(0x0a000007 + number);

function tell(
  story: Story,
  policy: Policy,
  choose: Choose,
  mode: Situation['mode'] = 'active-active',
): readonly Chosen[] {
  const targets = targetsOf(story);
  const load = targets.map(() => 0);
  let turn = 0;
  return story.requests.map(({ client, stays }) => {
    const before = [...load];
    const situation: Situation = {
      policy,
      mode,
      zone: 'here',
      targets,
      mayServe: (index) => story.healthy[index] ?? false,
      load: (index) => load[index] ?? 0,
      turn,
    };
    const index = choose(situation, clientOf(client));
    if (index >= 0) {
      turn = (index + 1) % targets.length;
      if (stays) load[index] = (load[index] ?? 0) + 1;
    }
    return { client, index, load: before };
  });
}

function shares(story: Story, chosen: readonly Chosen[]): readonly number[] {
  return story.zones.flatMap((_, index) =>
    story.healthy[index] ? [chosen.filter((one) => one.index === index).length] : [],
  );
}

const spread = (counts: readonly number[]) =>
  Math.max(0, ...counts) - Math.min(...counts, Math.max(0, ...counts));

/** Sentences about a way to choose; each false for some way that is wrong. */
const LAWS: readonly { readonly name: string; readonly holds: (story: Story, choose: Choose) => boolean }[] =
  [
    {
      name: '[H-02] round robin: the shares of healthy targets differ by one at most',
      holds: (story, choose) => spread(shares(story, tell(story, 'round-robin', choose))) <= 1,
    },
    {
      name: '[H-14] nobody unhealthy is chosen while anybody is healthy, and nobody at all when none is',
      holds: (story, choose) =>
        POLICIES.every((policy) =>
          tell(story, policy, choose).every(({ index }) =>
            story.healthy.includes(true) ? story.healthy[index] === true : index === -1,
          ),
        ),
    },
    {
      name: '[H-02] least connections: whoever is chosen has no more than anybody else',
      holds: (story, choose) =>
        tell(story, 'least-connections', choose).every(({ index, load }) =>
          load.every((count, other) => !story.healthy[other] || (load[index] ?? 0) <= count),
        ),
    },
    {
      name: '[H-02] source hash: a client keeps its target, and the end of another one does not move it',
      holds: (story, choose) => {
        const chosen = tell(story, 'source-hash', choose);
        const home = new Map(chosen.map(({ client, index }) => [client, index]));
        if (!chosen.every(({ client, index }) => home.get(client) === index)) return false;
        return story.healthy.every((_, gone) => {
          const healthy = story.healthy.map((one, index) => one && index !== gone);
          return tell({ ...story, healthy }, 'source-hash', choose).every(
            ({ client, index }) => home.get(client) === gone || home.get(client) === index,
          );
        });
      },
    },
    {
      name: '[H-09] zone affinity: nobody is sent to another zone while one of the own zone works, and the shares there are even',
      holds: (story, choose) => {
        const near = {
          ...story,
          healthy: story.healthy.map((one, index) => one && story.zones[index] === 'here'),
        };
        if (!near.healthy.includes(true)) return true;
        const chosen = tell(story, 'zone-affinity', choose);
        return chosen.every(({ index }) => near.healthy[index]) && spread(shares(near, chosen)) <= 1;
      },
    },
    {
      name: '[U-07] active and standby: the first that works gets everything',
      holds: (story, choose) =>
        tell(story, 'round-robin', choose, 'active-standby').every(
          ({ index }) => index === story.healthy.indexOf(true),
        ),
    },
  ];

const POLICIES: readonly Policy[] = ['round-robin', 'least-connections', 'source-hash', 'zone-affinity'];

/** Ways to choose that are wrong, and how many laws must notice each. */
const WRONG: readonly {
  readonly name: string;
  readonly choose: Choose;
  readonly breaks: readonly number[];
}[] = [
  {
    name: 'always the first',
    choose: (situation, client) => chooseTarget({ ...situation, turn: 0 }, client),
    breaks: [0],
  },
  { name: 'whoever is next, healthy or not', choose: ({ turn }) => turn, breaks: [1] },
  {
    name: 'the one with the most connections',
    choose: (situation, client) =>
      chooseTarget({ ...situation, load: (index) => -situation.load(index) }, client),
    breaks: [2],
  },
  {
    name: 'the remainder of the address, by how many are healthy',
    choose: (situation, client) => {
      if (situation.policy !== 'source-hash') return chooseTarget(situation, client);
      const able = situation.targets.flatMap((_, index) => (situation.mayServe(index) ? [index] : []));
      return able[((client as Ipv4) >>> 0) % Math.max(1, able.length)] ?? -1;
    },
    breaks: [3],
  },
  {
    name: 'as if every zone were the own one',
    choose: (situation, client) =>
      chooseTarget(
        { ...situation, targets: situation.targets.map((target) => ({ ...target, zone: null })) },
        client,
      ),
    breaks: [4],
  },
  {
    name: 'everybody is active',
    choose: (situation, client) => chooseTarget({ ...situation, mode: 'active-active' }, client),
    breaks: [5],
  },
];

describe('whom a balancer chooses', () => {
  it.each(LAWS)('$name', ({ holds }) => {
    fc.assert(fc.property(anyStory, (story) => holds(story, chooseTarget)));
  });

  it.each(WRONG)('a fault is noticed: $name', ({ choose, breaks }) => {
    const broken = LAWS.flatMap(({ holds }, index) => {
      const { failed } = fc.check(
        fc.property(anyStory, (story) => holds(story, choose)),
        { numRuns: 300 },
      );
      return failed ? [index] : [];
    });
    expect(broken).toEqual(expect.arrayContaining([...breaks]));
  });
});

describe('what a balancer thinks of a target', () => {
  const check = { every: nanos(5), timeout: nanos(2), healthy: 2, unhealthy: 3 };

  it('[H-14] changes after as many results in a row as were asked for, and after no fewer', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean()), (results) => {
        let known: Health = HEALTHY;
        let healthy = true;
        for (const [at, answered] of results.entries()) {
          known = afterCheck(known, answered, check);
          // the naive view: look back from here for a run that is long enough
          const needed = healthy ? check.unhealthy : check.healthy;
          const run = results.slice(Math.max(0, at + 1 - needed), at + 1);
          if (run.length === needed && run.every((result) => result !== healthy)) healthy = !healthy;
          expect(known.healthy).toBe(healthy);
        }
      }),
    );
  });
});
