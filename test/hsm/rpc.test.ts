import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nanos, seededRandom } from '../../src/base/index.ts';
import {
  attributeOf,
  CALLS,
  type ClientCommandKind,
  type Command,
  cutFrames,
  decodeRequest,
  decodeResponse,
  encodeFrame,
  encodeRequest,
  LONGEST_MESSAGE,
  type Request,
  serve,
  signatureOf,
} from '../../src/hsm/index.ts';
import { split } from './conversation.ts';
import { BEGINNING, choices, RIGHT, walk } from './laws/walk.ts';
import { APP, bytesOfText, clientOf, gcm, hex, readyRig, rigOf, toHex } from './rig.ts';
import { placesIn, sampleCommands } from './samples.ts';

const KINDS = Object.keys(CALLS) as readonly ClientCommandKind[];
const { rig, slot, session } = readyRig(61);
const places = placesIn(rig, slot, session);
const samples = sampleCommands(places);

/** A call with room for whatever comes back. */
function asRequest(command: Command, room = 4096): Request {
  const kind = command.kind as ClientCommandKind;
  const fields = CALLS[kind].request;
  const rooms = command.kind === 'C_GetAttributeValue' ? command.types.map(() => room) : [];
  const named = fields.find(({ code }) => code === 'fy' || code === 'fu');
  const asked =
    named === undefined ? null : named.name === '' ? room : Number(Reflect.get(command, named.name));
  return { command: command as Request['command'], room: asked, rooms };
}

describe('the calls of p11-kit', () => {
  it('are 50, with the numbers and signatures of rpc-message.h', () => {
    expect(KINDS).toHaveLength(50);
    const table = KINDS.map((kind) => {
      const { number, request, response } = CALLS[kind];
      return `${number} ${kind} ${signatureOf(request)} ${signatureOf(response)}`;
    });
    // Written down from p11-kit, not from our table.
    expect(table).toEqual(
      [
        '1 C_Initialize ayyay ',
        '2 C_Finalize  ',
        '3 C_GetInfo  vsusv',
        '4 C_GetSlotList yfu au',
        '5 C_GetSlotInfo u ssuvv',
        '6 C_GetTokenInfo u ssssuuuuuuuuuuuvvs',
        '7 C_GetMechanismList ufu au',
        '8 C_GetMechanismInfo uu uuu',
        '9 C_InitToken uayz ',
        '10 C_OpenSession uu u',
        '11 C_CloseSession u ',
        '12 C_CloseAllSessions u ',
        '13 C_GetSessionInfo u uuuu',
        '14 C_InitPIN uay ',
        '15 C_SetPIN uayay ',
        '18 C_Login uuay ',
        '19 C_Logout u ',
        '20 C_CreateObject uaA u',
        '22 C_DestroyObject uu ',
        '24 C_GetAttributeValue uufA aAu',
        '25 C_SetAttributeValue uuaA ',
        '26 C_FindObjectsInit uaA ',
        '27 C_FindObjects ufu au',
        '28 C_FindObjectsFinal u ',
        '29 C_EncryptInit uMu ',
        '30 C_Encrypt uayfy ay',
        '31 C_EncryptUpdate uayfy ay',
        '32 C_EncryptFinal ufy ay',
        '33 C_DecryptInit uMu ',
        '34 C_Decrypt uayfy ay',
        '35 C_DecryptUpdate uayfy ay',
        '36 C_DecryptFinal ufy ay',
        '37 C_DigestInit uM ',
        '38 C_Digest uayfy ay',
        '39 C_DigestUpdate uay ',
        '41 C_DigestFinal ufy ay',
        '42 C_SignInit uMu ',
        '43 C_Sign uayfy ay',
        '44 C_SignUpdate uay ',
        '45 C_SignFinal ufy ay',
        '48 C_VerifyInit uMu ',
        '49 C_Verify uayay ',
        '50 C_VerifyUpdate uay ',
        '51 C_VerifyFinal uay ',
        '58 C_GenerateKey uMaA u',
        '59 C_GenerateKeyPair uMaAaA uu',
        '60 C_WrapKey uMuufy ay',
        '61 C_UnwrapKey uMuayaA u',
        '62 C_DeriveKey uMuaA u',
        '64 C_GenerateRandom ufy ay',
      ].filter((line) => !line.startsWith('2 C_Finalize2')),
    );
  });

  it.each(KINDS)('[P28] %s comes back as it was written', (kind) => {
    const request = asRequest(samples[kind]);
    expect(decodeRequest(encodeRequest(request))).toEqual({ ok: true, value: request });
  });

  it('[P28] with any numbers, texts and attributes', () => {
    const number = fc.oneof(fc.nat(9), fc.maxSafeNat());
    const data = fc.uint8Array({ maxLength: 40 });
    const attribute = fc.oneof(
      fc.boolean().map((value) => attributeOf('CKA_SENSITIVE', value)),
      number.map((value) => attributeOf('CKA_CLASS', value)),
      data.map((value) => attributeOf('CKA_LABEL', value)),
      data.map((value) => ({ type: 0x7777, value })),
    );
    const command: fc.Arbitrary<Command> = fc.oneof(
      fc.record({ kind: fc.constant('C_Encrypt' as const), session: number, data }),
      fc.record({ kind: fc.constant('C_Verify' as const), session: number, data, signature: data }),
      fc.record({
        kind: fc.constant('C_CreateObject' as const),
        session: number,
        template: fc.array(attribute),
      }),
      fc.record({
        kind: fc.constant('C_Login' as const),
        session: number,
        user: number,
        pin: fc.string({ unit: 'grapheme' }),
      }),
      fc.record({
        kind: fc.constant('C_EncryptInit' as const),
        session: number,
        key: number,
        mechanism: fc.tuple(data, data).map(([nonce, additional]) => gcm(nonce, additional)),
      }),
    );
    fc.assert(
      fc.property(command, (each) => {
        const request = asRequest(each);
        expect(decodeRequest(encodeRequest(request))).toEqual({ ok: true, value: request });
      }),
      { numRuns: 300 },
    );
  });

  it('takes the bytes that a p11-kit client was seen to send', () => {
    const random: Command = { kind: 'C_GenerateRandom', session, length: 16 };
    const sent = encodeFrame({ number: 1, body: encodeRequest(asRequest(random)) });
    expect(toHex(sent)).toBe(
      `${'00000001'}${'00000000'}${'00000017'}${'00000040'}${'00000003756679'}${'0000000000000002'}${'00000010'}`,
    );
    expect(sent).toHaveLength(35);
    const served = serve(rig.state, APP, encodeRequest(asRequest(random)), seededRandom(1), nanos(0));
    expect(encodeFrame({ number: 1, body: served.answer ?? new Uint8Array() })).toHaveLength(43);
    const encrypt: Command = { kind: 'C_Encrypt', session, data: new Uint8Array(1024) };
    expect(encodeFrame({ number: 1, body: encodeRequest(asRequest(encrypt)) })).toHaveLength(1066);
  });
});

describe('answers', () => {
  it('[P27] say what the module says, for every walk of every client', () => {
    fc.assert(
      fc.property(choices, (path) => {
        const commands = walk(RIGHT, path).filter(
          ({ who, command }) => who.kind === 'client' && command.kind in CALLS,
        );
        const [byObject, byBytes] = [rigOf(BEGINNING, seededRandom(5)), rigOf(BEGINNING, seededRandom(5))];
        for (const { who, command } of commands) {
          const result = byObject.give(who, command);
          const message = encodeRequest(asRequest(command));
          const served = serve(byBytes.state, who, message, byBytes.random, byBytes.now);
          byBytes.state = served.state;
          const response = decodeResponse(
            command.kind as ClientCommandKind,
            served.answer ?? new Uint8Array(),
          );
          if (!response.ok) throw new Error(`${command.kind}: no answer`);
          if (result.kind === 'refused')
            expect(response.value).toMatchObject({ kind: 'refused', code: result.code });
          else if (result.kind === 'done' && command.kind !== 'C_GetAttributeValue') {
            expect(response.value).toMatchObject({ kind: 'done', values: result.value });
          }
          expect(byBytes.state).toEqual(byObject.state);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('measure what the client has no room for, and leave the operation as it was', () => {
    const desk = rigOf(rig.state, seededRandom(2));
    const say = (command: Command, room = 4096) => {
      const served = serve(desk.state, APP, encodeRequest(asRequest(command, room)), desk.random, desk.now);
      desk.state = served.state;
      const answer = decodeResponse(command.kind as ClientCommandKind, served.answer ?? new Uint8Array());
      return answer.ok ? answer.value : null;
    };
    say({ kind: 'C_EncryptInit', session, mechanism: gcm(), key: places.aes });
    const encrypt: Command = { kind: 'C_Encrypt', session, data: bytesOfText('paper') };
    expect(say(encrypt, 0)).toEqual({ kind: 'size', size: 21 });
    expect(say(encrypt, 20)).toEqual({ kind: 'size', size: 21 });
    expect(say(encrypt, 21)).toMatchObject({ kind: 'done' });
    expect(say(encrypt, 21)).toMatchObject({
      kind: 'refused',
      code: 'CKR_OPERATION_NOT_INITIALIZED',
      number: 0x91,
    });
    const list: Command = { kind: 'C_GetSlotList', tokenPresent: true };
    expect(say(list, 0)).toEqual({ kind: 'size', size: 1 });
    expect(say(list, 4)).toEqual({ kind: 'done', values: { slots: [1] } });
    const read: Command = {
      kind: 'C_GetAttributeValue',
      session,
      object: places.aes,
      types: [0x3, 0x11, 0x100],
    };
    expect(say(read, 0)).toMatchObject({
      values: {
        code: 'CKR_ATTRIBUTE_SENSITIVE',
        attributes: [{ length: 3, value: null }, { value: null }, { length: 8 }],
      },
    });
    expect(say(read, 2)).toMatchObject({
      values: { attributes: [{ length: null }, { length: null }, { length: null }] },
    });
    expect(say(read)).toMatchObject({
      values: { attributes: [{ value: bytesOfText('aes') }, { value: null }, { value: 0x1f }] },
    });
  });

  it('refuse calls that the module does not have, and what is no call', () => {
    const answer = (message: Uint8Array) => {
      const served = serve(rig.state, APP, message, seededRandom(1), nanos(0));
      expect(served.state).toBe(rig.state);
      return decodeResponse('C_Sign', served.answer ?? new Uint8Array());
    };
    expect(answer(hex('00000015000000057575614175'))).toMatchObject({
      value: { code: 'CKR_FUNCTION_NOT_SUPPORTED' },
    });
    for (const bad of [
      '',
      '00',
      '00000000',
      '00000042',
      'ffffffff',
      '0000000a',
      '0000000affffffff',
      '0000000a000000027575',
    ]) {
      expect(answer(hex(bad))).toMatchObject({ value: { code: 'CKR_GENERAL_ERROR' } });
    }
    const whole = encodeRequest(asRequest(samples.C_OpenSession));
    expect(answer(Uint8Array.of(...whole, 0))).toMatchObject({ value: { code: 'CKR_GENERAL_ERROR' } });
  });
});

describe('whatever the bytes', () => {
  const valid = KINDS.map((kind) => encodeRequest(asRequest(samples[kind])));
  const damaged = fc
    .tuple(
      fc.constantFrom(...valid),
      fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 6 }),
      fc.nat(400),
    )
    .map(([message, changes, length]) => {
      const copy = message.slice(0, length < 200 ? length : undefined);
      for (const [at, value] of changes) if (at < copy.length) copy[at] = value;
      return copy;
    });

  it('[P28] [P14] reading a call ends in a call or a refusal, and what is refused changes nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged), (message) => {
        const read = decodeRequest(message);
        const served = serve(rig.state, clientOf('a', 1), message, seededRandom(1), nanos(0));
        expect(served.answer).not.toBeNull();
        if (!read.ok) expect(served.state).toBe(rig.state);
      }),
      { numRuns: 3000 },
    );
  });

  it('[P28] reading an answer ends in an answer or a refusal', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...KINDS),
        fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged),
        (kind, message) => {
          const read = decodeResponse(kind, message);
          expect(typeof read.ok).toBe('boolean');
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('[P27] messages are the same however the network cuts them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...valid), { maxLength: 5 }),
        fc.array(fc.nat(600), { maxLength: 8 }),
        (messages, cuts) => {
          const frames = messages.map((body, number) => ({ number, body }));
          const stream = frames.flatMap((frame) => [...encodeFrame(frame)]);
          let rest: Uint8Array = new Uint8Array();
          const seen = split(Uint8Array.from(stream), cuts).flatMap((piece) => {
            const cut = cutFrames(Uint8Array.of(...rest, ...piece));
            rest = cut.rest;
            return cut.frames;
          });
          expect(seen).toEqual(frames);
          expect(rest).toHaveLength(0);
        },
      ),
    );
  });

  it('a message that is announced as too long is not waited for', () => {
    const header = (length: number): Uint8Array =>
      hex(`0000000100000000${length.toString(16).padStart(8, '0')}`);
    expect(cutFrames(header(LONGEST_MESSAGE))).toMatchObject({ tooLong: false, frames: [] });
    expect(cutFrames(header(LONGEST_MESSAGE + 1)).tooLong).toBe(true);
    expect(cutFrames(header(0xffffffff)).tooLong).toBe(true);
  });
});
