import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4, type Port, port } from '../../src/address/index.ts';
import { type Nanos, nanos, present } from '../../src/base/index.ts';
import {
  type Checkpoint,
  ORIGINAL,
  REPLY,
  restoreRun,
  saveRun,
  TraceRecorder,
} from '../../src/dataplane/index.ts';
import type { SavedHost } from '../../src/host/index.ts';
import { describe as describeFrame } from '../../src/packet/index.ts';
import { anyNetwork, buildNetwork, type Network, type NetworkPlan } from '../support/networks.ts';

/* A run can be left and come back to: whatever happens after a checkpoint happens again in the same way. */

interface Saying {
  readonly from: number;
  readonly to: number;
  readonly carry: 'tcp' | 'udp' | 'icmp';
  readonly port: number;
  readonly sourcePort: number | null;
}

/** What some machines say at once, and how long it is quiet then. */
interface Chapter {
  readonly said: readonly Saying[];
  /** whether they hang up; connections that they do not end stay open for the chapters behind */
  readonly hangUp: boolean;
  readonly quiet: number;
}

const saying: fc.Arbitrary<Saying> = fc.record({
  from: fc.nat(11),
  // mostly the first few: the addresses of HSMs
  to: fc.oneof(fc.nat(1), fc.nat(11)),
  carry: fc.constantFrom('tcp', 'udp', 'icmp'),
  port: fc.constantFrom(1792, 1792, 22),
  sourcePort: fc.constantFrom(40_000, 40_000, 40_000, null),
});

const chapter: fc.Arbitrary<Chapter> = fc.record({
  said: fc.array(saying, { maxLength: 6 }),
  hangUp: fc.boolean(),
  quiet: fc.constantFrom(0, 1, 299, 301, 1201),
});

interface Journey {
  readonly network: NetworkPlan;
  readonly chapters: readonly Chapter[];
  /** to which chapter to go next, again and again */
  readonly jumps: readonly number[];
}

const journey: fc.Arbitrary<Journey> = fc.record({
  network: anyNetwork,
  chapters: fc.array(chapter, { minLength: 2, maxLength: 4 }),
  jumps: fc.array(fc.nat(3), { minLength: 2, maxLength: 6 }),
});

interface Bookmark {
  readonly run: Checkpoint;
  readonly machines: ReadonlyMap<string, SavedHost>;
}

function bookmark({ world: { engine, machines } }: Network): Bookmark {
  return {
    run: saveRun(engine),
    machines: new Map([...machines].map(([id, { stack }]) => [id, stack.save()])),
  };
}

function travel({ world: { engine, machines } }: Network, { run, machines: saved }: Bookmark): void {
  restoreRun(engine, run);
  for (const [id, { stack }] of machines) stack.restore(present(saved.get(id), `${id} was saved`));
}

/** Plays a chapter and tells everything that can be seen of it. */
function play(network: Network, { said, hangUp, quiet }: Chapter): string {
  const { world, services, edges } = network;
  const { engine } = world;
  const trace = new TraceRecorder();
  engine.recorder = trace;
  const machines = [...world.machines.values()];
  const targets = [...services.map(({ outer }) => outer), ...edges.map(({ address }) => address)].map(ipv4);
  const open = said.map(({ from, to, carry, port: number, sourcePort }) => {
    const { stack } = present(machines[from % machines.length], 'a machine');
    const target = present(targets[to % targets.length], 'a target');
    const chosen: { sourcePort?: Port } = sourcePort === null ? {} : { sourcePort: port(sourcePort) };
    const bytes = new TextEncoder().encode(`hello ${from}`);
    if (carry === 'icmp') stack.ping({ target, bytes }, engine.now);
    if (carry === 'udp') stack.sendUdp({ target, targetPort: port(number), bytes, ...chosen }, engine.now);
    if (carry !== 'tcp') return null;
    const connected = stack.connect({ target, port: port(number), ...chosen }, engine.now);
    if (connected.ok) stack.write(connected.value, bytes, engine.now);
    return connected.ok ? { stack, connection: connected.value } : null;
  });
  engine.run();
  if (hangUp) for (const one of open) one?.stack.finish(one.connection, engine.now);
  engine.run();
  engine.run(nanos(engine.now + quiet * 1e9));
  // half a packet of somebody's may be on its way when the quiet is over
  engine.run();
  return JSON.stringify([seen(trace), remembered(network)], (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}

function seen(trace: TraceRecorder): readonly unknown[] {
  return trace.journeys().map(({ id, startedAt, frame, steps }) => {
    const last = steps.at(-1);
    return [
      id,
      startedAt,
      describeFrame(frame),
      steps.length,
      last?.now,
      last?.outcome.verdict,
      last?.outcome.reason,
    ];
  });
}

function remembered({ world: { engine, machines } }: Network): unknown {
  const { state, tally, now } = engine;
  const tables = [...state.connectionTables()].map(([name, view]) => [
    name,
    [...view.slots(now)].map((slot) => [
      view.flowOf(slot, ORIGINAL),
      view.flowOf(slot, REPLY),
      view.stateOf(slot),
      view.expiresAt(slot),
    ]),
  ]);
  const cursors = engine.program.tables.map((_, index) => state.cursor(index));
  return {
    now,
    tally: [tally, [...tally.reasons]],
    tables,
    cursors,
    neighbours: [...state.neighbours(now)],
    associations: [...state.associations()],
    machines: [...machines].map(([id, { stack }]) => [id, stack.save()]),
  };
}

type Forger = (bookmark: Bookmark) => Bookmark;

/** Whether every chapter is the same whenever it is played again. */
function agrees({ network: plan, chapters, jumps }: Journey, forge: Forger = (kept) => kept): boolean {
  const network = buildNetwork(plan);
  const kept: Bookmark[] = [];
  const once = chapters.map((each) => {
    kept.push(bookmark(network));
    return play(network, each);
  });
  return jumps.every((jump) => {
    const index = jump % chapters.length;
    travel(network, forge(present(kept[index], 'a bookmark')));
    return play(network, present(chapters[index], 'a chapter')) === once[index];
  });
}

function inState(change: (run: Checkpoint['state']) => Partial<Checkpoint['state']>): Forger {
  return (kept) => ({
    ...kept,
    run: { ...kept.run, state: { ...kept.run.state, ...change(kept.run.state) } },
  });
}

/** What a checkpoint might forget. */
const FORGETFUL: { readonly [what: string]: Forger } = {
  connections: inState(() => ({ connections: new Map() })),
  'port cursors': inState(() => ({ cursors: new Map() })),
  neighbours: inState(() => ({ neighbours: new Map() })),
  stations: inState(() => ({ stations: new Map() })),
  time: inState(({ now }) => ({ now: (now + 1) as Nanos })),
  tally: (kept) => ({
    ...kept,
    run: { ...kept.run, tally: { ...kept.run.tally, begun: kept.run.tally.begun + 1 } },
  }),
};

describe('time travel', () => {
  it('[DC-07] back and forth gives the same packets, drops, tables and machines as going once', () => {
    fc.assert(
      fc.property(journey, (one) => agrees(one)),
      { numRuns: 40 },
    );
  });

  it.each(Object.keys(FORGETFUL))('[DC-07] shows when a checkpoint forgets: %s', (what) => {
    const forge = present(FORGETFUL[what], what);
    const result = fc.check(
      fc.property(journey, (one) => agrees(one, forge)),
      { numRuns: 400, endOnFailure: true },
    );
    expect(result.failed).toBe(true);
  });

  it('[DC-07] is refused among packets, and under another Program', () => {
    const network = buildNetwork(present(fc.sample(anyNetwork, { numRuns: 1, seed: 3 })[0], 'a network'));
    const { engine } = network.world;
    const kept = saveRun(engine);
    const [machine] = network.world.machines.values();
    present(machine, 'a machine').stack.ping({ target: present(machine, 'it').address }, engine.now);
    expect(() => saveRun(engine)).toThrow('packets travel');
    engine.run();
    engine.load({ ...engine.program });
    expect(() => restoreRun(engine, kept)).toThrow('another program');
  });
});
