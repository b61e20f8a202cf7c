import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { START, seededRandom } from '../../src/base/index.ts';
import { echo, LONGEST_LINE, securityModule, verifySignature } from '../../src/hsm/index.ts';
import { bytes, converse, received, split, text } from './conversation.ts';

const fromHex = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const toHex = (data: Uint8Array) => Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join('');

const command = fc.constantFrom(
  'PUBLIC-KEY\n',
  'SIGN \n',
  'SIGN hello\n',
  'SIGN grüße 𝄞 PUBLIC-KEY\n',
  'SIGN\n',
  'public-key\n',
  '\n',
  'PUBLIC-KEY\r\n',
  'SIGN unfinished',
);
const input = fc.array(command, { maxLength: 6 }).map((lines) => bytes(lines.join('')));
const cuts = fc.array(fc.nat(80), { maxLength: 8 });

describe.each(['ed25519', 'p256'] as const)('the security module with %s', (algorithm) => {
  const device = securityModule({ algorithm });
  const ask = (line: string) => converse(device, [received(line)]).said.get(1) ?? '';

  it('[D-14] [C-20] signs what it is given, and the signature verifies under its public key', () => {
    const [name, publicKey] = ask('PUBLIC-KEY\n').trim().split(' ');
    expect(name).toBe(algorithm);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (message) => {
        fc.pre(!message.includes('\n'));
        const [word, signature] = ask(`SIGN ${message}\n`).trim().split(' ');
        expect(word).toBe('SIGNATURE');
        const good = verifySignature(
          algorithm,
          fromHex(publicKey ?? ''),
          bytes(message),
          fromHex(signature ?? ''),
        );
        expect(good).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('[D-14] never says eight bytes in a row of its private key', () => {
    const state = device.initial({ now: START, random: seededRandom(1, 'application') });
    expect(state.privateKey).toHaveLength(64);
    fc.assert(
      fc.property(input, cuts, (data, places) => {
        const pieces = split(data, places).map((piece) => received(piece));
        const output = converse(device, pieces).output;
        const raw = toHex(output);
        const said = text(output).toLowerCase();
        for (let start = 0; start + 16 <= state.privateKey.length; start += 2) {
          const window = state.privateKey.slice(start, start + 16);
          expect(raw).not.toContain(window);
          expect(said).not.toContain(window);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('answers the same however the network cuts the bytes', () => {
    fc.assert(
      fc.property(input, cuts, (data, places) => {
        const whole = converse(device, [received(data)]);
        const pieces = converse(
          device,
          split(data, places).map((piece) => received(piece)),
        );
        expect(pieces).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  it('keeps streams apart', () => {
    const events = [received('SIGN a', 1), received('PUBLIC', 2), received('bc\n', 1), received('-KEY\n', 2)];
    const mixed = converse(device, events).said;
    expect(mixed.get(1)).toBe(ask('SIGN abc\n'));
    expect(mixed.get(2)).toBe(ask('PUBLIC-KEY\n'));
  });

  it('continues exactly after it was saved and restored, at any moment', () => {
    fc.assert(
      fc.property(input, cuts, fc.nat(9), (data, places, saveAfter) => {
        const events = split(data, places).map((piece, index) => received(piece, index % 2));
        expect(converse(device, events, 3, saveAfter)).toEqual(converse(device, events, 3));
      }),
      { numRuns: 30 },
    );
  });

  it('leaves its state untouched: a step is a function', () => {
    const context = { now: START, random: seededRandom(5) };
    const frozen = Object.freeze(device.initial(context));
    Object.freeze(frozen.partial);
    const once = device.step(frozen, received('SIGN x\nSIGN'), context);
    expect(device.step(frozen, received('SIGN x\nSIGN'), context)).toEqual(once);
    expect(structuredClone(once.state)).toEqual(once.state);
  });

  it('says the same bytes for the same seed and others for another', () => {
    const events = [received('PUBLIC-KEY\nSIGN m\n')];
    expect(converse(device, events, 4)).toEqual(converse(device, events, 4));
    expect(converse(device, events, 5).output).not.toEqual(converse(device, events, 4).output);
  });
});

describe('the line protocol', () => {
  const device = securityModule();

  it.each(['SIGN', 'sign x', 'PUBLIC-KEY ', 'PUBLIC-KEY\r', '', 'ÿ'])('refuses %j and goes on', (line) => {
    const answers = converse(device, [received(`${line}\nPUBLIC-KEY\n`)]);
    expect(answers.said.get(1)).toMatch(
      /^ERROR unknown-command: say PUBLIC-KEY or SIGN MESSAGE\ned25519 [0-9a-f]{64}\n$/,
    );
    expect(answers.closed.size).toBe(0);
  });

  it('takes a line of 4096 bytes and closes on one more, wherever the bytes are cut', () => {
    fc.assert(
      fc.property(fc.constantFrom(-1, 0, 1, 500), fc.boolean(), cuts, (excess, ended, places) => {
        const line = `PUBLIC-KEY\n${'SIGN '.padEnd(LONGEST_LINE + excess, 'x')}${ended ? '\nPUBLIC-KEY\n' : ''}`;
        const wide = [...places, LONGEST_LINE, LONGEST_LINE + 11, LONGEST_LINE + 12];
        const answers = converse(
          device,
          split(bytes(line), wide).map((piece) => received(piece)),
        );
        const words = (answers.said.get(1) ?? '').split('\n').map((answer) => answer.split(' ')[0]);
        if (excess > 0) {
          expect(answers.said.get(1)).toMatch(/\nERROR line-too-long: at most 4096 bytes\n$/);
          expect(words).toEqual(['ed25519', 'ERROR', '']);
          expect(answers.closed.has(1)).toBe(true);
        } else {
          expect(words).toEqual(ended ? ['ed25519', 'SIGNATURE', 'ed25519', ''] : ['ed25519', '']);
          expect(answers.closed.size).toBe(0);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('forgets an unfinished line when its stream ends', () => {
    const context = { now: START, random: seededRandom(1) };
    const fresh = device.initial(context);
    const half = device.step(fresh, received('SIGN half'), context).state;
    const closed = device.step(half, { kind: 'closed', stream: 1 }, context);
    expect(closed).toEqual({ state: fresh, send: new Uint8Array(0), close: true });
  });
});

describe('echo', () => {
  it('[DC-03] returns what it gets and closes when the other side does', () => {
    fc.assert(
      fc.property(fc.uint8Array(), cuts, (data, places) => {
        const events = split(data, places).map((piece) => received(piece));
        const answers = converse(echo, [{ kind: 'opened', stream: 1, port: 7 }, ...events]);
        expect(answers.output).toEqual(data);
        expect(answers.closed.size).toBe(0);
      }),
    );
    expect(converse(echo, [{ kind: 'closed', stream: 1 }]).closed.has(1)).toBe(true);
  });
});
