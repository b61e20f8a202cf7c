import { type Application, NOTHING } from './application.ts';

/** Returns every byte at once and remembers nothing: the smallest device, and the yardstick for any other. */
export const echo: Application<null> = {
  name: 'echo',
  initial: () => null,
  step: (state, event) => ({
    state,
    send: event.kind === 'received' ? event.bytes : NOTHING,
    close: event.kind === 'closed',
  }),
};
