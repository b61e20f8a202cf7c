import { assert, type Nanos, type Random, restoreRandom } from '../base/index.ts';
import type { Application, SavedService, Service } from './application.ts';

/** Starts an application. `random` belongs to it alone, so that its appetite for chance changes no packet header. */
export function startService<State>(
  ports: readonly number[],
  application: Application<State>,
  random: Random,
  now: Nanos,
): Service {
  let chance = random;
  let state = application.initial({ now, random: chance });
  return {
    name: application.name,
    ports,
    react: (event, at) => {
      const reaction = application.step(state, event, { now: at, random: chance });
      state = reaction.state;
      return reaction;
    },
    alter: (change, at) => {
      // Whoever alters it knows the application by its name, and so its state.
      state = change(state, { now: at, random: chance }) as State;
    },
    save: () => ({ name: application.name, state, random: chance.save() }),
    restore: (saved: SavedService) => {
      assert(saved.name === application.name, `${application.name} is restored from its own saved state`);
      // What was saved under this name is a state of this application, as plain data.
      state = saved.state as State;
      chance = restoreRandom(saved.random);
    },
  };
}
