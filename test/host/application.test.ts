import fc from 'fast-check';
import { expect, describe as group, it } from 'vitest';
import { port } from '../../src/address/index.ts';
import { START, seededRandom } from '../../src/base/index.ts';
import type { Application } from '../../src/host/index.ts';
import {
  type Application as Device,
  echo,
  type SecurityModuleState,
  securityModule,
  verifySignature,
} from '../../src/hsm/index.ts';
import { encodePacket, type IpPacket } from '../../src/packet/index.ts';
import {
  bytes,
  bytesHeard,
  CLIENT,
  describe,
  HSM_PORT,
  opened,
  SERVER,
  type Seat,
  seat,
  settle,
  tcpOf,
  text,
  type Wire,
  wire,
} from './wire.ts';

// Both rooms declare the seam; neither imports the other. Here the compiler compares the shapes, both ways.
const asApplication = securityModule() satisfies Application<SecurityModuleState>;
const asDevice = asApplication satisfies Device<SecurityModuleState>;
echo satisfies Application<null>;
const roundTrip: Device<null> = echo satisfies Application<null> as Application<null>;

function server<State>(application: Application<State>, seed = 1): Seat {
  const machine = seat(SERVER);
  machine.stack.listen([HSM_PORT], application, seededRandom(seed, 'application'), START);
  return machine;
}

/** One client says every line, one after the other, waits for each answer and finishes. */
function conversation<State>(application: Application<State>, lines: readonly string[], seed = 1): Wire {
  const between = wire(seat(CLIENT), server(application, seed));
  const id = opened(between.one.stack.connect({ target: SERVER, port: HSM_PORT }, START));
  settle(between);
  for (const line of lines) {
    between.one.stack.write(id, bytes(line), between.now);
    settle(between);
  }
  between.one.stack.finish(id, between.now);
  settle(between);
  return between;
}

/** A packet's header with everything left out that follows from the payloads' lengths and content. */
function header(packet: IpPacket) {
  const { segment, source, target } = tcpOf(packet);
  const { flags, window, options, urgent } = segment;
  const { source: from, target: to, ttl, kept } = packet;
  return { direction: from === CLIENT, from, to, ttl, kept, source, target, flags, window, options, urgent };
}

const line = fc.constantFrom('PUBLIC-KEY\n', 'SIGN x\n', 'SIGN a longer message\n', 'nonsense\n', '\n');

group('an application behind a port', () => {
  it('[D-17] [DC-03] is exchanged without a change to any header but lengths and sums', () => {
    expect(roundTrip.name).toBe('echo');
    expect(asDevice.name).toBe('hsm');
    fc.assert(
      fc.property(fc.array(line, { maxLength: 4 }), (lines) => {
        const plain = conversation(echo, lines);
        const secure = conversation(securityModule(), lines);
        expect(secure.crossed.map(header)).toEqual(plain.crossed.map(header));
        const [syn, answer] = secure.crossed.map(tcpOf);
        const [plainSyn, plainAnswer] = plain.crossed.map(tcpOf);
        expect(syn).toEqual(plainSyn);
        expect(answer).toEqual(plainAnswer);
        // What the client says is the same; only the answers differ.
        const said = (between: Wire) =>
          between.crossed.filter((packet) => packet.source === CLIENT).map((packet) => tcpOf(packet).body);
        expect(said(secure)).toEqual(said(plain));
        expect(text(bytesHeard(plain.one))).toBe(lines.join(''));
      }),
      { numRuns: 20 },
    );
  });

  it('[DC-03] takes as little notice of how much chance the application uses', () => {
    const greedy: Application<null> = {
      ...echo,
      initial: (context) => {
        context.random.bytes(100);
        return null;
      },
    };
    expect(conversation(greedy, ['x\n']).crossed).toEqual(conversation(echo, ['x\n']).crossed);
  });

  it.each(['ed25519', 'p256'] as const)(
    '[D-17] [C-20] gives the client a signature that verifies (%s)',
    (algorithm) => {
      const between = conversation(securityModule({ algorithm }), ['PUBLIC-KEY\n', 'SIGN transfer 100\n']);
      const [key, signature] = text(bytesHeard(between.one))
        .trim()
        .split('\n')
        .map((answer) => Buffer.from(answer.split(' ')[1] ?? '', 'hex'));
      if (key === undefined || signature === undefined) throw new Error('two answers');
      const message = bytes('transfer 100');
      expect(verifySignature(algorithm, new Uint8Array(key), message, new Uint8Array(signature))).toBe(true);
    },
  );

  it('[D-14] lets no packet carry eight bytes in a row of the private key', () => {
    const device = securityModule();
    const { privateKey } = device.initial({ now: START, random: seededRandom(1, 'application') });
    const between = conversation(device, ['PUBLIC-KEY\n', 'SIGN x\n', 'nonsense\n']);
    const hex = between.crossed.map((packet) => Buffer.from(encodePacket(packet)).toString('hex')).join('');
    const said = text(bytesHeard(between.one));
    for (let start = 0; start + 16 <= privateKey.length; start += 2) {
      expect(hex).not.toContain(privateKey.slice(start, start + 16));
      expect(said).not.toContain(privateKey.slice(start, start + 16));
    }
  });

  it('ends the stream where the application closes it, and hears nothing of it afterwards', () => {
    const between = wire(seat(CLIENT), server(securityModule()));
    const id = opened(between.one.stack.connect({ target: SERVER, port: HSM_PORT }, START));
    settle(between);
    between.one.stack.write(id, new Uint8Array(5000).fill(65), between.now);
    settle(between);
    expect(text(bytesHeard(between.one))).toBe('ERROR line-too-long: at most 4096 bytes\n');
    expect(between.one.stack.stateOf(id)).toBe('close-wait');
    between.one.stack.write(id, bytes('PUBLIC-KEY\n'), between.now);
    between.one.stack.finish(id, between.now);
    settle(between);
    expect(text(bytesHeard(between.one))).toBe('ERROR line-too-long: at most 4096 bytes\n');
    expect(between.other.stack.save().connections.map(({ state }) => state)).toEqual(['time-wait']);
  });

  it('serves many clients at once, each on its own stream', () => {
    const between = wire(seat(CLIENT), server(securityModule()));
    const ids = [1, 2, 3].map((id) => {
      const request = { target: SERVER, port: HSM_PORT, sourcePort: port(5000 + id) };
      return opened(between.one.stack.connect(request, START));
    });
    settle(between);
    for (const id of ids) between.one.stack.write(id, bytes('PUBLIC'), between.now);
    settle(between);
    for (const id of ids) between.one.stack.write(id, bytes('-KEY\n'), between.now);
    settle(between);
    const answers = between.one.events.flatMap((event) =>
      event.kind === 'received' ? [[event.connection, text(event.bytes).split(' ')[0]]] : [],
    );
    expect(answers).toEqual(ids.map((id) => [id, 'ed25519']));
  });

  it('same seed, same bytes on the wire; another seed, others', () => {
    const run = (seed: number) =>
      conversation(securityModule(), ['PUBLIC-KEY\n', 'SIGN x\n'], seed).crossed.map((packet) => [
        ...encodePacket(packet),
      ]);
    expect(run(1)).toEqual(run(1));
    expect(run(2)).not.toEqual(run(1));
    expect(conversation(echo, []).crossed.map(describe)).toHaveLength(6);
  });
});
