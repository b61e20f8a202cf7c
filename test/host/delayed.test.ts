import fc from 'fast-check';
import { expect, describe as group, it } from 'vitest';
import { type Nanos, nanos, START, seededRandom } from '../../src/base/index.ts';
import type { Application, SavedHost } from '../../src/host/index.ts';
import {
  bytes,
  bytesHeard,
  CLIENT,
  HSM_PORT,
  heard,
  opened,
  SERVER,
  type Seat,
  seat,
  settle,
  text,
  wire,
} from './wire.ts';

type Plan = readonly { readonly after: number; readonly word: string }[];

const MILLISECOND = 1_000_000;

/** Says what was planned as soon as it hears anything, each word at its time, and hangs up behind the last if it is to. */
const speaker = (plan: Plan, close: boolean): Application<null> => ({
  name: 'speaker',
  initial: () => null,
  step: (state, event) => ({
    state,
    send: event.kind === 'received' ? bytes('now ') : bytes(''),
    close: event.kind === 'received' && close,
    later:
      event.kind === 'received'
        ? plan.map(({ after, word }) => ({ after: nanos(after * MILLISECOND), send: bytes(`${word} `) }))
        : [],
  }),
});

interface Clocked extends Seat {
  readonly dueAt: () => number;
}

function clocked(build: (alarm: (at: number) => void) => Seat): Clocked {
  let due = Number.POSITIVE_INFINITY;
  const made = build((at) => {
    due = at;
  });
  return { ...made, dueAt: () => due };
}

function speaking(plan: Plan, close: boolean): Clocked {
  return clocked((alarm) => {
    const machine = seat(SERVER, { alarm });
    machine.stack.listen([HSM_PORT], speaker(plan, close), seededRandom(1, 'speaker'), START);
    return machine;
  });
}

const plans = fc
  .array(fc.record({ after: fc.integer({ min: 1, max: 5 }), word: fc.constantFrom('one', 'two', 'three') }), {
    maxLength: 6,
  })
  .map((plan) => [...plan].sort((one, other) => one.after - other.after));

group('what an application says later', () => {
  it('[U-05] leaves at its time, in order, and before the end of the stream; also when the stack was frozen meanwhile', () => {
    fc.assert(
      fc.property(plans, fc.boolean(), fc.integer({ min: 0, max: 5 }), (plan, close, frozenAt) => {
        let server = speaking(plan, close);
        const client = seat(CLIENT);
        let between = wire(client, server);
        const id = opened(client.stack.connect({ target: SERVER, port: HSM_PORT }, START));
        settle(between);
        client.stack.write(id, bytes('go'), between.now);
        settle(between);
        const asked = between.now;
        const said: string[] = [text(bytesHeard(client))];
        for (let tick = 1; tick <= 6; tick += 1) {
          if (tick - 1 === frozenAt) {
            const frozen = JSON.stringify(server.stack.save());
            server = speaking(plan, close);
            server.stack.restore(JSON.parse(frozen) as SavedHost);
            between = { ...wire(client, server), now: between.now };
          }
          const at = nanos(asked + tick * MILLISECOND);
          between.now = nanos(Math.max(between.now, at)) as Nanos;
          if (server.dueAt() <= at) server.stack.wake(at);
          settle(between);
          said.push(text(bytesHeard(client)));
        }
        const until = (tick: number) =>
          `now ${plan.map(({ after, word }) => (after <= tick ? `${word} ` : '')).join('')}`;
        expect(said).toEqual([0, 1, 2, 3, 4, 5, 6].map(until));
        expect(heard(client).filter((line) => line.startsWith('closed')).length).toBe(close ? 1 : 0);
      }),
    );
  });

  it('is not said to a client that has reset the connection, and is to one that has only finished', () => {
    for (const end of ['abort', 'finish'] as const) {
      const server = speaking([{ after: 2, word: 'late' }], false);
      const client = seat(CLIENT);
      const between = wire(client, server);
      const id = opened(client.stack.connect({ target: SERVER, port: HSM_PORT }, START));
      settle(between);
      client.stack.write(id, bytes('go'), between.now);
      settle(between);
      client.stack[end](id, between.now);
      settle(between);
      const before = between.crossed.length;
      between.now = nanos(between.now + 2 * MILLISECOND);
      server.stack.wake(between.now);
      settle(between);
      expect(text(bytesHeard(client))).toBe(end === 'finish' ? 'now late ' : 'now ');
      expect(between.crossed.length > before).toBe(end === 'finish');
    }
  });
});
