import { closeApplication, hangUp } from '../partitions/connections.ts';
import { erase } from './erasure.ts';
import type { PanelCommands } from './panel-commands.ts';
import { done, type Handlers, refuse, without } from './step.ts';

/** What happens to the machine. Power ends every connection and nothing else; suspending ends nothing at all (T9). */
export const PANEL: Handlers<keyof PanelCommands> = {
  'power-off': (state) => done({ ...hangUp(state), power: 'off' }, {}),
  'power-on': (state, { now }, random) => {
    // A tamper is cleared by a new start (Luna); what an erasure had left is erased first.
    const started = { ...state, power: 'on' as const, tampered: false };
    return done(started.erasing === null ? started : erase(started, started.erasing, random, now), {});
  },
  tamper: (state, { command, now }, random) => {
    const left = command.how === 'breach' ? erase(state, 'zeroise', random, now) : state;
    return done({ ...hangUp(left), tampered: true }, {});
  },
  suspend: (state, { command, now }) => {
    if (!(command.period >= 0)) return refuse(state, 'BAD_VALUE', 'a period of zero or more');
    return done({ ...state, suspended: { since: now, until: (now + command.period) as typeof now } }, {});
  },
  'restore-service': (state) => done({ ...state, suspended: null }, {}),
  reclaim: (state, { now }, random) => {
    if (state.suspended !== null && now < state.suspended.until) return refuse(state, 'GRACE_PERIOD');
    return done(erase(state, 'factory-reset', random, now), {});
  },
  'channel-closed': (state, { command }) =>
    done(
      state.logins[command.channel] === undefined
        ? state
        : { ...state, logins: without(state.logins, command.channel) },
      {},
    ),
  'application-closed': (state, { command }) => done(closeApplication(state, command.application), {}),
};
