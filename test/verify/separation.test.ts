import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import type { Program } from '../../src/program/index.ts';
import { loadScenario, prepareWorld } from '../../src/scenario/index.ts';
import { CROSSINGS, type Crossing, type Crossings } from '../../src/verify/crossing.ts';
import { type Exploration, explore } from '../../src/verify/explore.ts';
import { prepare, TRANSFERS } from '../../src/verify/index.ts';
import { everythingSent } from '../../src/verify/senders.ts';
import { keepsSeparate, NOBODY, reachedBy, SEVERAL } from '../../src/verify/separation.ts';
import { ANY } from '../../src/verify/set-node.ts';
import { built } from '../support/built.ts';
import { anyNetwork, buildNetwork, scenarioOf, tenantOf } from '../support/networks.ts';

/** What wiring, VLANs and wrappers keep apart must be apart in the sets: an abstraction may only allow more. */

interface Subject {
  readonly name: string;
  readonly program: Program;
  readonly found: Exploration;
}

const subjectOf = (name: string, program: Program): Subject => ({
  name,
  program,
  found: explore(program, everythingSent(program)),
});

/** Every scenario as its steps leave it. */
const SUBJECTS: readonly Subject[] = readdirSync('scenarios').flatMap((file) => {
  const { scenario } = loadScenario(readFileSync(`scenarios/${file}`, 'utf8'), file);
  const world = scenario === null ? null : prepareWorld(scenario, { kind: 'end' });
  return world?.ok === true ? [subjectOf(file, world.value.engine.program)] : [];
});

/** Throws where a set has arrived that the abstraction does not expect. */
function expectMore({ name, program, found }: Subject, crossings?: Crossings): void {
  for (const [host] of program.hosts.entries()) {
    const reached = reachedBy(program, new Map([[host, 0]]), crossings);
    for (const [to, arrived] of found.arrivals.entries()) {
      if (!arrived.some(({ sender }) => sender.host === host)) continue;
      expect(reached[to], `${name}: machine ${host} to machine ${to}`).not.toBe(NOBODY);
    }
  }
}

/** The same for all machines at once, each a group of its own. */
function expectNames({ name, program, found }: Subject, crossings?: Crossings): void {
  const reached = reachedBy(program, new Map(program.hosts.map((_, host) => [host, host])), crossings);
  for (const [to, arrived] of found.arrivals.entries()) {
    for (const { sender } of arrived)
      expect([sender.host, SEVERAL], `${name}: at machine ${to}`).toContain(reached[to]);
  }
}

describe('what is kept apart by wiring, VLANs and wrappers alone', () => {
  it('[DC-04] is apart in the sets of every scenario', () => {
    expect(SUBJECTS.length).toBeGreaterThan(40);
    for (const subject of SUBJECTS) {
      expectMore(subject);
      expectNames(subject);
    }
  });

  it('[DC-04] is apart in the sets of random networks', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(anyNetwork, (plan) => {
        const subject = subjectOf(scenarioOf(plan).title, buildNetwork(plan).world.engine.program);
        expectMore(subject);
        expectNames(subject);
      }),
      { numRuns: inject('chance').runs ?? 60 },
    );
  });

  it('[I-01] gives the verdicts of the sets, and needs no set where tenants share nothing but hardware', () => {
    const { engine, model } = built('two-tenants');
    const groups = groupsOf(engine.program, (id) => tenantOf(model, id));
    expect(groups).toHaveLength(2);
    expect(keepsSeparate(engine.program, { kind: 'separate', groups })).toBe(true);
    for (const subject of SUBJECTS) {
      const claim = {
        kind: 'separate',
        groups: groupsOf(subject.program, ownerIn(subject.program)),
      } as const;
      const bySets = prepare(subject.program, { ...TRANSFERS }).decide(claim);
      expect(prepare(subject.program).decide(claim).verdict, subject.name).toBe(bySets.verdict);
    }
  });
});

describe('that nothing goes round', () => {
  const byBoth = ({ program, name }: Subject) => {
    const claim = { kind: 'no-loop' } as const;
    // transfers of one's own, though the same ones, are asked without what is looked at before them
    const bySets = prepare(program, { ...TRANSFERS }).decide(claim).verdict;
    expect(prepare(program).decide(claim).verdict, name).toBe(bySets);
    return bySets;
  };

  it('[N-21] is said of the same scenarios with guards and without', () => {
    for (const subject of SUBJECTS) byBoth(subject);
    const file = 'routing-loop.yaml';
    const { scenario } = loadScenario(readFileSync(`scenarios/${file}`, 'utf8'), file);
    const verdicts = (scenario?.steps ?? []).flatMap((_, count) => {
      const world = scenario === null ? null : prepareWorld(scenario, { kind: 'after', count });
      return world?.ok === true
        ? [byBoth(subjectOf(`${file} after ${count}`, world.value.engine.program))]
        : [];
    });
    expect(new Set(verdicts)).toEqual(new Set(['proved', 'refuted']));
  });

  it('[N-21] is said of the same random networks with guards and without', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(anyNetwork, (plan) => {
        byBoth(subjectOf(scenarioOf(plan).title, buildNetwork(plan).world.engine.program));
      }),
      { numRuns: inject('chance').runs ?? 40 },
    );
  });
});

/** Every machine with the others of whom it is. */
function groupsOf(
  { hosts, devices }: Program,
  whose: (id: string) => string,
): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  for (const [host, { device }] of hosts.entries()) {
    const owner = whose(devices[device]?.id ?? '');
    groups.set(owner, [...(groups.get(owner) ?? []), host]);
  }
  return [...groups.values()];
}

function ownerIn({ devices }: Program): (id: string) => string {
  return (wanted) => devices.find(({ id }) => id === wanted)?.owner ?? '';
}

const FAULTS: { readonly [name: string]: Partial<Crossings> } = {
  'a peering is forgotten': {
    locate: (stage, from, crossing) =>
      CROSSINGS.locate(
        {
          ...stage,
          routes: {
            ...stage.routes,
            entries: stage.routes.entries.filter(({ value }) => value.kind !== 'peering'),
          },
        },
        from,
        crossing,
      ),
  },
  'a wrapper loses what is in it': {
    unwrap: (stage, from, crossing) => (from.inner === null ? CROSSINGS.unwrap(stage, from, crossing) : []),
  },
  'a VLAN is lost at a bridge': {
    switch: (stage, from, crossing) =>
      CROSSINGS.switch(stage, crossing.contexts.tagged(from, null), crossing),
  },
  'a sealed packet is never opened': { open: () => [] },
  'a link that loses some frames loses all': { impair: () => [] },
  'a wrapper is addressed to who sends it': {
    wrap: (stage, from, crossing) =>
      CROSSINGS.wrap({ ...stage, link: { ...stage.link, target: stage.link.source } }, from, crossing),
  },
  'neither a route nor a link address leads to an interface without an address': {
    locate: (stage, from, crossing) =>
      CROSSINGS.locate(
        {
          ...stage,
          bridged: false,
          routes: {
            ...stage.routes,
            entries: stage.routes.entries.filter(({ value }) => value.kind !== 'interface'),
          },
        },
        from,
        crossing,
      ),
  },
  'the segment of a wrapper is lost': {
    wrap: (stage, from, crossing) => CROSSINGS.wrap({ ...stage, segment: 0 }, from, crossing),
  },
  'a router does not know the VLAN of a frame without one': {
    vlan: (stage, from, crossing) =>
      from.vlan === ANY ? [] : CROSSINGS.vlan(stage, crossing.contexts.tagged(from, 1), crossing),
  },
  'a router forgets the VLAN when it sends': {
    neighbour: (stage, from, crossing) => CROSSINGS.neighbour({ ...stage, vlan: null }, from, crossing),
  },
  'a trunk carries no VLAN': {
    tag: (stage, from, crossing) => (stage.mode.kind === 'trunk' ? [] : CROSSINGS.tag(stage, from, crossing)),
  },
  'a sealed packet loses what is in it': {
    seal: (stage, from, crossing) =>
      CROSSINGS.seal(stage, crossing.contexts.of(0, from.target, null), crossing),
    open: (stage, from, crossing) =>
      from.inner?.around.vlan === 0 ? [] : CROSSINGS.open(stage, from, crossing),
  },
  'a router knows one route': {
    route: (stage, from, crossing) =>
      CROSSINGS.route(
        { ...stage, table: { ...stage.table, entries: stage.table.entries.slice(0, 1) } },
        from,
        crossing,
      ),
  },
};

describe('a fault in the abstraction', () => {
  for (const [name, fault] of Object.entries(FAULTS)) {
    it(`is noticed: ${name}`, () => {
      const crossings = { ...CROSSINGS, ...fault };
      expect(() => {
        for (const subject of SUBJECTS) expectMore(subject, crossings);
      }).toThrow();
    });
  }

  it('is noticed: frames of a second group are not carried on where those of another have been', () => {
    const seen = new WeakMap<object, Set<string>>();
    const once: Crossings = {
      ...CROSSINGS,
      transmit: (stage, from, crossing) =>
        CROSSINGS.transmit(stage, from, {
          ...crossing,
          to(place, context) {
            const known = seen.get(crossing.contexts) ?? new Set();
            seen.set(crossing.contexts, known);
            const name = `${place} ${context.id}`;
            if (!known.has(name)) crossing.to(place, context);
            known.add(name);
          },
        }),
    };
    for (const subject of SUBJECTS) expectMore(subject, once);
    expect(() => {
      for (const subject of SUBJECTS) expectNames(subject, once);
    }).toThrow();
  });

  it('is noticed: ways that several places share are gone once, whichever context comes', () => {
    const gone = new WeakMap<object, WeakSet<object>>();
    const once: Crossings = {
      ...CROSSINGS,
      locate: (stage, from, crossing) =>
        CROSSINGS.locate(stage, from, { ...crossing, once: (shared) => first(crossing, shared) }),
      unwrap: (stage, from, crossing) =>
        CROSSINGS.unwrap(stage, from, { ...crossing, once: (shared) => first(crossing, shared) }),
    };
    function first({ contexts }: Crossing, shared: object): boolean {
      const known = gone.get(contexts) ?? new WeakSet();
      gone.set(contexts, known);
      const isFirst = !known.has(shared);
      known.add(shared);
      return isFirst;
    }
    expect(() => {
      for (const subject of SUBJECTS) {
        expectMore(subject, once);
        expectNames(subject, once);
      }
    }).toThrow();
  });
});
