import { formatNanos, type Nanos, nanos } from '../base/index.ts';
import { racksOf, standsIn, zoneFailure } from '../model/index.ts';
import { call, replaceNat } from '../provider/index.ts';
import { bastionsOf, diagnose, nameOfWatched, type Watched, watchedIn } from './diagnosis.ts';
import { successorOf } from './requested-entries.ts';
import { nextHeartbeat } from './standby.ts';
import { listenForHeartbeats } from './succession.ts';
import type { NoticeKind, Watch } from './watch.ts';
import { note, refresh, type World } from './world.ts';

/** Time passes in the network as it is now: what machines do by themselves meets what has changed, and management looks at its times. */
export function pass(world: World, until: Nanos): void {
  refresh(world);
  for (let next = nextLook(world); next <= until; next = nextLook(world)) {
    world.engine.run(nanos(next));
    lookAround(world);
  }
  world.engine.run(until);
}

/** When somebody looks next who is alive; infinity: nobody does. */
function nextLook(world: World): number {
  return Math.min(world.watch?.nextLook ?? Number.POSITIVE_INFINITY, nextHeartbeat(world));
}

/** Whoever looks for others does so where it is time, standbys of balancers before management. */
export function lookAround(world: World): void {
  listenForHeartbeats(world);
  manage(world);
}

/**
 * Management looks who was not heard of for too long, and does what it may about it (B-07, B-08). When it is not time yet,
 * nothing; when that time came while packets were on their way, it happens now.
 */
function manage(world: World): void {
  const { watch, engine } = world;
  if (watch === null || engine.now < watch.nextLook) return;
  const { every, missed, repairs } = watch.settings;
  const late = Math.floor((engine.now - watch.nextLook) / every);
  watch.nextLook = nanos(watch.nextLook + (late + 1) * every);
  const watched = watchedIn(world.model);
  const silence = (id: string): number => engine.now - (watch.heardAt.get(id) ?? engine.now);
  const isSilent = (id: string): boolean => silence(id) > every * missed;
  const failed = diagnose(world.model, watched, isSilent);
  for (const id of [...watch.failed]) {
    if (failed.has(id) || !isBack(world, id, watched, isSilent)) continue;
    watch.failed.delete(id);
    tell(world, watch, id, 'back', 'is heard again');
  }
  for (const id of failed) {
    if (watch.failed.has(id)) continue;
    watch.failed.add(id);
    const long = silenceOf(world, id, silence);
    tell(world, watch, id, 'silent', `was not heard of for ${formatNanos(nanos(long))}`);
  }
  if (repairs) {
    for (const { id, kind } of watched)
      if (kind === 'nat-instance' && failed.has(id)) repair(world, watch, id);
  }
  refresh(world);
}

/** A switch is as silent as the modules behind it, a zone as the bastions in it. */
function silenceOf(world: World, id: string, silence: (id: string) => number): number {
  const behind = thoseBehind(world, id);
  return behind === null ? silence(id) : Math.min(...behind.map(silence));
}

/** Who has not failed any more, and not merely because nothing is known of it now. */
function isBack(
  world: World,
  id: string,
  watched: readonly Watched[],
  isSilent: (id: string) => boolean,
): boolean {
  const behind = thoseBehind(world, id);
  if (behind !== null) return behind.some((one) => !isSilent(one));
  return watched.some((one) => one.id === id) && !isSilent(id);
}

/** The modules whose rack has this switch, or the bastions of a zone; `null` where it is neither. */
function thoseBehind({ model }: World, id: string): readonly string[] | null {
  const dark = Object.keys(model.zones).find((zone) => zoneFailure(zone) === id);
  if (dark !== undefined) return bastionsOf(model, dark);
  const modules = Object.values(model.hsms);
  const rack = racksOf(modules).find(({ tor }) => tor === id);
  if (rack === undefined) return null;
  return modules
    .filter((module) => module.assignedTo !== null && standsIn(rack, module))
    .map(({ name }) => name);
}

function repair(world: World, watch: Watch, id: string): void {
  const { model } = world;
  const old = model.natInstances[id];
  if (old === undefined) return;
  const isTaken = (name: string): boolean => {
    const successor = `${old.customer}/${name}`;
    return [model.natInstances, model.instances, model.interfaces].some((of) => Object.hasOwn(of, successor));
  };
  let name = successorOf(old.name);
  while (isTaken(name)) name = successorOf(name);
  const change = call(model, 'replace-nat', replaceNat, { nat: id, name, from: old.from });
  // at the next look there may be a server that works
  if (!change.ok) return;
  tell(world, watch, id, 'replaced', `is replaced by ${name}`);
  note(world, change.value);
  watch.failed.delete(id);
  watch.heardAt.delete(id);
}

function tell({ model, engine }: World, watch: Watch, about: string, what: NoticeKind, text: string): void {
  const name = nameOfWatched(model, about);
  watch.notices.push({ at: engine.now, about, what, text: `${name} ${text}` });
}
