import { formatIp } from '../address/index.ts';
import { later, type Nanos, SECOND } from '../base/index.ts';
import { callConsole } from './console-call.ts';
import type { ReplicateStep } from './steps-of-copies.ts';
import type { World } from './world.ts';

/** Modules that are kept in step, and what came of it so far. */
export interface Replication {
  readonly step: ReplicateStep;
  rounds: number;
  /** news that modules have taken in */
  carried: number;
  /** what went wrong in the last round; empty: nothing */
  troubles: readonly string[];
  endedAt: Nanos | null;
}

/** What modules give each other: nobody on the way can read it. */
interface Masked {
  readonly uniqueId: string;
  readonly version: number;
}

/** Lines for a module, and what they tell it. */
interface Plan {
  readonly keys: readonly string[];
  readonly lines: readonly string[];
}

/** Old news are told once more after the first pass of a round: by then others have them, and say so. */
const PASSES = 2;

/**
 * Starts to carry news: one round now, and another every so often. A round asks every module for its news and gives each what the
 * others have and it was not given yet. A module that does not answer is left out, and gets everything when it is back.
 */
export function startReplication(world: World, step: ReplicateStep): Replication {
  const replication: Replication = { step, rounds: 0, carried: 0, troubles: [], endedAt: null };
  const { between, partition, login } = step;
  const members = between.map((_, index) => index);
  const given = members.map(() => new Set<string>());
  /** whom each module has learnt of: nobody needs to where the key of the zone is enough */
  const met = members.map((member) =>
    step.by === 'zone-key' ? members.filter((other) => other !== member) : [],
  );
  let busy = false;
  let troubles: string[] = [];

  /** Says lines to some modules at once; goes on when all have answered or not. */
  const tell = (
    linesFor: (member: number) => readonly string[],
    done: (answers: readonly (readonly string[] | null)[]) => void,
  ): void => {
    const machine = world.machines.get(step.from.id);
    const heard: (readonly string[] | null)[] = members.map(() => null);
    const called = members.filter((member) => linesFor(member).length > 0);
    let open = called.length;
    if (machine === undefined || open === 0) {
      done(heard);
      return;
    }
    for (const member of called) {
      const target = between[member];
      if (target === undefined) continue;
      callConsole(world, machine, target.address, [`login ${login}`, ...linesFor(member)], (answers) => {
        const wrong = answers?.find((answer) => !answer.startsWith('OK') && !answer.startsWith('EXISTS'));
        if (answers === null) troubles.push(`${formatIp(target.address)} does not answer`);
        else if (wrong !== undefined) troubles.push(`${formatIp(target.address)}: ${wrong}`);
        heard[member] = wrong === undefined ? (answers?.slice(1) ?? null) : null;
        open -= 1;
        if (open === 0) done(heard);
      });
    }
  };

  /** Modules learn the public keys of each other, under names that only they use. */
  const acquaint = (done: () => void): void => {
    tell(
      () => ['show'],
      (shown) => {
        const facts = shown.map((answers) => valuesOf(answers?.[0]));
        const lines = (member: number) =>
          members.flatMap((other) => {
            const { signing, agreement } = facts[other] ?? {};
            if (other === member || facts[member] === undefined || signing === undefined) return [];
            return [`trust-peer ${memberName(other)} ${signing} ${agreement}`];
          });
        tell(lines, (trusted) => {
          for (const member of members) {
            if (trusted[member] == null) continue;
            met[member] = members.filter((other) => other !== member && facts[other] !== undefined);
          }
          done();
        });
      },
    );
  };

  const outLines = (member: number): readonly string[] =>
    step.by === 'zone-key'
      ? [`copy-out ${partition} -`]
      : (met[member] ?? []).map((other) => `copy-out ${partition} ${memberName(other)}`);

  const pass = (left: number): void => {
    tell(outLines, (told) => {
      const plan = members.map((to) => planFor(to, told));
      tell(
        (to) => plan[to]?.lines ?? [],
        (taken) => {
          const moved = members.reduce((sum, to) => sum + noteTaken(to, plan[to], taken[to] ?? null), 0);
          for (const to of members) if (told[to] === null) given[to]?.clear();
          replication.carried += moved;
          if (moved > 0 && left > 1) pass(left - 1);
          else endRound();
        },
      );
    });
  };

  /** How many news a module took. Whoever did not take them, or is a new one at an old address, is given everything again. */
  const noteTaken = (to: number, plan: Plan | undefined, taken: readonly string[] | null): number => {
    if (plan === undefined || plan.lines.length === 0) return 0;
    if (taken === null) {
      given[to]?.clear();
      return 0;
    }
    for (const key of plan.keys) given[to]?.add(key);
    return taken.reduce((sum, answer) => sum + Number(valuesOf(answer)?.['changed'] ?? 0), 0);
  };

  /** What one module is to be given: what others told and it has not taken yet. */
  const planFor = (to: number, told: readonly (readonly string[] | null)[]): Plan => {
    const keys: string[] = [];
    const lines = members.flatMap((from) => {
      if (from === to || !met[to]?.includes(from)) return [];
      const place = step.by === 'zone-key' ? 0 : (met[from]?.indexOf(to) ?? -1);
      const objects = (valuesOf(told[from]?.[place])?.['objects'] ?? []) as readonly Masked[];
      const fresh = objects.filter((object) => !given[to]?.has(keyOf(from, object)));
      keys.push(...fresh.map((object) => keyOf(from, object)));
      const peer = step.by === 'zone-key' ? '-' : memberName(from);
      return fresh.length === 0 ? [] : [`copy-in ${partition} ${peer} ${JSON.stringify(fresh)}`];
    });
    return { keys, lines };
  };

  const endRound = (): void => {
    busy = false;
    replication.rounds += 1;
    replication.troubles = [...new Set(troubles)];
    replication.endedAt = world.engine.now;
  };

  const round = (): void => {
    busy = true;
    troubles = [];
    if (met.every((others) => others.length === members.length - 1)) pass(PASSES);
    else acquaint(() => pass(PASSES));
  };

  const tick = (): void => {
    if (!busy) round();
    world.engine.reminders.add(step.every, false, tick);
  };
  tick();
  world.replications.push(replication);
  return replication;
}

function memberName(member: number): string {
  return `member-${member + 1}`;
}

function keyOf(from: number, { uniqueId, version }: Masked): string {
  return `${from} ${uniqueId} ${version}`;
}

/** What an answer gave; `undefined`: nothing, or there is none. */
function valuesOf(answer: string | undefined): Readonly<Record<string, unknown>> | undefined {
  return answer?.startsWith('OK {') ? (JSON.parse(answer.slice(3)) as Record<string, unknown>) : undefined;
}

/** How often the network is looked at for the end of the first round, a second each. */
const LOOKS = 20;

/** The same, with the first round done; its troubles are those of the step. */
export function startInStep(world: World, step: ReplicateStep): Replication {
  const replication = startReplication(world, step);
  world.engine.run();
  for (let look = 0; replication.rounds === 0 && look < LOOKS; look += 1)
    world.engine.run(later(world.engine.now, SECOND));
  return replication;
}
