import { nanos } from '../base/index.ts';
import { displayNames, type LoadBalancer } from '../model/index.ts';
import { call, takeOver } from '../provider/index.ts';
import { pairsIn } from './standby.ts';
import { note, refresh, type World } from './world.ts';

/** Every standby whose time has come looks whether it was answered, and takes over where it was not for too long (H-14). */
export function listenForHeartbeats(world: World): void {
  for (const { shared, record, standby } of pairsIn(world.model)) {
    const beat = world.heartbeats.get(shared);
    if (beat === undefined || world.engine.now < beat.nextLook) continue;
    const { every, unhealthy } = record.health;
    const late = Math.floor((world.engine.now - beat.nextLook) / every);
    beat.nextLook = nanos(beat.nextLook + (late + 1) * every);
    const address = world.model.interfaces[shared]?.address;
    const machine = world.machines.get(standby);
    if (address === undefined || machine === undefined) continue;
    const answered = machine.events
      .slice(beat.heardBefore ?? 0)
      .some((event) => event.kind === 'echo-reply' && event.source === address);
    beat.missed = answered || beat.heardBefore === null ? 0 : beat.missed + 1;
    beat.heardBefore = machine.events.length;
    if (beat.missed >= unhealthy && takeTheAddress(world, record)) {
      // there is another standby now, which has heard nothing yet
      Object.assign(beat, { missed: 0, heardBefore: null });
    } else machine.stack.ping({ target: address }, world.engine.now);
  }
}

function takeTheAddress(world: World, { instance, standby }: LoadBalancer): boolean {
  const { model, engine } = world;
  const change = call(model, 'take-over', takeOver, { balancer: instance });
  if (!change.ok) return false;
  const names = displayNames(model);
  const [old, next] = [instance, standby ?? ''].map((id) => names.get(id) ?? id);
  world.takeovers.push({ at: engine.now, text: `${next} takes over from ${old}` });
  note(world, change.value);
  refresh(world);
  return true;
}
