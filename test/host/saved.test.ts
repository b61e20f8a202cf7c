import fc from 'fast-check';
import { expect, describe as group, it } from 'vitest';
import { port } from '../../src/address/index.ts';
import { nanos, START, seconds, seededRandom } from '../../src/base/index.ts';
import { type Application, echoDatagrams, type SavedHost } from '../../src/host/index.ts';
import { securityModule } from '../../src/hsm/index.ts';
import { encodePacket } from '../../src/packet/index.ts';
import {
  bytes,
  CLIENT,
  carry,
  HSM_PORT,
  opened,
  SERVER,
  type Seat,
  seat,
  settle,
  type Wire,
  wire,
} from './wire.ts';

function client(): Seat {
  return seat(CLIENT);
}

function server(): Seat {
  const machine = seat(SERVER, { segmentSize: 300 });
  machine.stack.listen([HSM_PORT], securityModule(), seededRandom(2, 'hsm'), START);
  machine.stack.listen([DICE_PORT], dice, seededRandom(3, 'dice'), START);
  machine.stack.bindUdp(port(7), echoDatagrams);
  return machine;
}

const DICE_PORT = port(6);

/** Answers every piece with a throw and the number of throws so far. */
const dice: Application<{ readonly throws: number }> = {
  name: 'dice',
  initial: () => ({ throws: 0 }),
  step: (state, event, { random }) => ({
    state: { throws: state.throws + 1 },
    send: Uint8Array.of(random.integer(1, 6), state.throws),
    close: event.kind === 'closed',
  }),
};

/** Freezes a seat to JSON and builds another from the text, with the packets still waiting to be carried. */
function thawed(side: Seat, build: () => Seat): Seat {
  const frozen = JSON.stringify(side.stack.save());
  const next = build();
  next.stack.restore(JSON.parse(frozen) as SavedHost);
  next.sent.push(...side.sent);
  next.events.push(...side.events);
  return next;
}

/** A busy exchange in small steps; after step `at` both ends are frozen and replaced. */
function busy(at: number, order: readonly number[]): Wire {
  let between = wire(client(), server());
  let step = 0;
  const pass = () => {
    step += 1;
    if (step !== at) return;
    const { crossed, now } = between;
    between = { one: thawed(between.one, client), other: thawed(between.other, server), crossed, now };
  };
  let turn = 0;
  const quiet = () => {
    while (between.one.sent.length + between.other.sent.length > 0) {
      carry(between, (waiting) => (order[turn++ % order.length] ?? 0) % waiting);
      pass();
    }
  };
  const user = () => between.one.stack;
  const first = opened(user().connect({ target: SERVER, port: HSM_PORT }, START));
  user().write(first, bytes('PUBLIC-'), START);
  pass();
  quiet();
  user().write(first, bytes(`KEY\nSIGN ${'m'.repeat(1500)}\nSIGN ha`), between.now);
  user().sendUdp({ target: SERVER, targetPort: port(7), bytes: bytes('ping') }, between.now);
  user().ping({ target: SERVER }, between.now);
  const gambler = opened(user().connect({ target: SERVER, port: DICE_PORT }, between.now));
  user().write(gambler, bytes('throw'), between.now);
  const second = opened(user().connect({ target: SERVER, port: HSM_PORT }, between.now));
  user().write(second, new Uint8Array(70_000).fill(65), between.now);
  quiet();
  user().write(first, bytes('lf\n'), between.now);
  user().finish(first, between.now);
  user().write(gambler, bytes('again'), between.now);
  quiet();
  opened(user().connect({ target: SERVER, port: HSM_PORT }, between.now));
  quiet();
  return between;
}

group('a stack that is saved and restored', () => {
  it('continues exactly, at whatever moment', () => {
    const order = fc.array(fc.nat(5), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), order, (at, choices) => {
        const whole = busy(-1, choices);
        const resumed = busy(at, choices);
        const packets = (between: Wire) => between.crossed.map((packet) => Buffer.from(encodePacket(packet)));
        expect(Buffer.compare(Buffer.concat(packets(resumed)), Buffer.concat(packets(whole)))).toBe(0);
        expect(resumed.one.events.map(({ kind }) => kind)).toEqual(whole.one.events.map(({ kind }) => kind));
        expect(resumed.one.stack.save()).toEqual(whole.one.stack.save());
        expect(resumed.other.stack.save()).toEqual(whole.other.stack.save());
      }),
      { numRuns: 25 },
    );
  });

  it('keeps what it saved apart from what happens next', () => {
    const between = wire(client(), server());
    opened(between.one.stack.connect({ target: SERVER, port: HSM_PORT }, START));
    const saved = between.other.stack.save();
    const before = JSON.stringify(saved);
    settle(between);
    expect(JSON.stringify(saved)).toBe(before);
    expect(structuredClone(saved)).toEqual(saved);
  });

  it('knows TIME-WAIT and how long it still lasts', () => {
    const between = wire(client(), server());
    const request = { target: SERVER, port: HSM_PORT, sourcePort: port(5000) };
    const id = opened(between.one.stack.connect(request, START));
    settle(between);
    between.one.stack.finish(id, between.now);
    settle(between);
    const next = thawed(between.one, client);
    expect(next.stack.connect(request, nanos(between.now + seconds(60) - 1001)).ok).toBe(false);
    expect(next.stack.connect(request, nanos(between.now + seconds(60))).ok).toBe(true);
  });

  it('refuses to continue with other applications or without its responders', () => {
    const saved = server().stack.save();
    expect(() => client().stack.restore(saved)).toThrow(/applications/);
    const other = seat(SERVER);
    other.stack.listen([HSM_PORT], { ...securityModule(), name: 'other' }, seededRandom(2), START);
    other.stack.listen([DICE_PORT], dice, seededRandom(3), START);
    expect(() => other.stack.restore(saved)).toThrow(/other is restored/);
    const mute = seat(SERVER);
    mute.stack.listen([HSM_PORT], securityModule(), seededRandom(2), START);
    mute.stack.listen([DICE_PORT], dice, seededRandom(3), START);
    expect(() => mute.stack.restore(saved)).toThrow(/responder of UDP port 7/);
  });
});
