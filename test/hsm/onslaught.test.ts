import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { START, seededRandom } from '../../src/base/index.ts';
import {
  type ApplianceState,
  appliance,
  type Caller,
  CONSOLE_PORT,
  CONSOLE_SYNTAX,
  type Context,
  callAppliance,
  DATA_PORT,
  encodeFrame,
  encodeRequest,
  fingerprintOf,
  hearAppliance,
  pairingLine,
  RPC_VERSION,
  RPED_PORT,
  readBytes,
  sayBytes,
} from '../../src/hsm/index.ts';
import { secretsIn } from './laws/laws.ts';
import { identityOf } from './line.ts';
import { bytesOfText, PASSWORDS, PINS, readyRig, toHex } from './rig.ts';
import { placesIn, sampleCommands } from './samples.ts';

/*
 * Whoever has got as far as an open channel says anything at all: at the console, at the data port, as a PIN entry device. Once ten
 * thousand messages were tried at each; here it is some hundreds.
 */

const MAKER = 'ab'.repeat(32);
const APPLIANCE = appliance({
  serial: 'wire-1',
  provider: { name: 'crp', secret: PASSWORDS.crp },
  maker: MAKER,
});
const APP = identityOf('app-310', 1);

/** A conversation, and everything that came back in the clear. */
interface Talk {
  readonly stream: number;
  caller: Caller;
  over: boolean;
}

/** The appliance, and what stands between it and nothing. */
class Gate {
  state: ApplianceState;
  readonly context: Context;
  heard = '';
  /** what came of each command, `console: done` */
  readonly outcomes = new Set<string>();
  #streams = 0;
  constructor(seed: number) {
    this.context = { now: START, random: seededRandom(seed, 'appliance') };
    this.state = APPLIANCE.initial(this.context);
  }
  open(port: number): Talk {
    this.#streams += 1;
    const stream = this.#streams;
    const random = seededRandom(stream, 'caller');
    const { caller, send } = callAppliance(port === DATA_PORT ? APP : null, null, random);
    const talk: Talk = { stream, caller, over: false };
    this.state = APPLIANCE.step(this.state, { kind: 'opened', stream, port }, this.context).state;
    this.carry(talk, send);
    return talk;
  }
  carry(talk: Talk, bytes: Uint8Array): void {
    if (talk.over || bytes.length === 0) return;
    const event = { kind: 'received', stream: talk.stream, bytes } as const;
    const { state, send, close, deeds } = APPLIANCE.step(this.state, event, this.context);
    this.state = state;
    for (const { command, outcome } of deeds) this.outcomes.add(`${command} ${outcome}`);
    const heard = hearAppliance(talk.caller, send);
    const read = readBytes(heard.caller);
    talk.caller = read.caller;
    this.heard += toHex(read.bytes);
    talk.over = close;
    this.carry(talk, heard.send);
  }
  say(talk: Talk, plain: Uint8Array): void {
    const said = sayBytes(talk.caller, plain);
    talk.caller = said.caller;
    this.carry(talk, said.send);
  }
  line(talk: Talk, text: string): string {
    const before = this.heard.length;
    this.say(talk, bytesOfText(`${text}\n`));
    return Buffer.from(this.heard.slice(before), 'hex').toString().trimEnd();
  }
}

/** A module in use, with one key that nobody may hear of. */
function inUse(): Gate {
  const gate = new Gate(1);
  const desk = gate.open(CONSOLE_PORT);
  const told = (text: string): string => {
    const answer = gate.line(desk, text);
    if (!answer.startsWith('OK')) throw new Error(`${text}: ${answer}`);
    return answer;
  };
  told(`login crp ${PASSWORDS.crp}`);
  const handed = /"password":"(\w+)"/.exec(told('create-administrator alice'))?.[1] ?? '';
  told('logout');
  told(`login alice ${handed}`);
  told(`change-password ${handed} ${PASSWORDS.alice}`);
  told(`initialise mine 1 sam:${PASSWORDS.sam} -`);
  told('logout');
  told(`login sam ${PASSWORDS.sam}`);
  told('create-partition payments -');
  told(`register-client app-310 ${fingerprintOf(APP.certificate)} -`);
  told('assign-client app-310 payments');
  told('generate-zone-key - 1 card-1');
  const rpc = gate.open(DATA_PORT);
  gate.say(rpc, Uint8Array.of(RPC_VERSION));
  for (const command of [
    { kind: 'C_Initialize' },
    { kind: 'C_InitToken', slot: 1, pin: PINS.officer, label: 'payments' },
    { kind: 'C_OpenSession', slot: 1, flags: 6 },
    { kind: 'C_Login', session: 1, user: 0, pin: PINS.officer },
    { kind: 'C_InitPIN', session: 1, pin: PINS.user },
    { kind: 'C_Logout', session: 1 },
    { kind: 'C_Login', session: 1, user: 1, pin: PINS.user },
    SAMPLES.C_GenerateKey,
  ] as const) {
    gate.say(rpc, messageOf(command as never));
  }
  return gate;
}

const { rig: model, slot, session } = readyRig(51);
const SAMPLES = sampleCommands({ ...placesIn(model, slot, session), session: 1 });
type Wire = Parameters<typeof encodeRequest>[0]['command'];

function messageOf(command: Wire): Uint8Array {
  const rooms = command.kind === 'C_GetAttributeValue' ? command.types.map(() => 100) : [];
  return encodeFrame({ number: 1, body: encodeRequest({ command, room: 200, rooms }) });
}

/** Bytes of the header of a message. */
const HEADER = 12;
const MESSAGES: readonly Uint8Array[] = Object.values(SAMPLES)
  .filter(({ kind }) => kind.startsWith('C_'))
  .map((command) => messageOf(command as Wire));

/** Bits of what stands behind the header of a message, turned. */
const bent: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    fc.constantFrom(...MESSAGES),
    fc.array(fc.tuple(fc.nat(300), fc.integer({ min: 1, max: 255 })), { maxLength: 3 }),
  )
  .map(([message, flips]) => {
    const bytes = Uint8Array.from(message);
    for (const [at, bits] of flips) {
      const place = HEADER + (at % Math.max(1, bytes.length - HEADER));
      if (place < bytes.length) bytes[place] = (bytes[place] ?? 0) ^ bits;
    }
    return bytes;
  });
/** A message that ends too early, or goes on too long. */
const misfit: fc.Arbitrary<Uint8Array> = fc
  .tuple(fc.constantFrom(...MESSAGES), fc.nat(300), fc.uint8Array({ maxLength: 12 }))
  .map(([message, cut, more]) => Uint8Array.from([...message.slice(0, cut), ...more]));
/** Most are whole, so that the next one is understood. */
const hurt: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...MESSAGES) },
  { weight: 8, arbitrary: bent },
  { weight: 1, arbitrary: misfit },
);

const HEX = ['', '0', 'zz', '00', 'ab'.repeat(16), 'ff'.repeat(32)];
const json: fc.Arbitrary<string> = fc
  .record({
    zone: fc.constantFrom(...HEX),
    set: fc.constantFrom(...HEX),
    place: fc.constantFrom(-1, 0, 1, 1.5, 17, 2 ** 53),
    needed: fc.constantFrom(0, 1, 2),
    count: fc.constantFrom(0, 1, 16),
    salt: fc.constantFrom(...HEX),
    sealed: fc.constantFrom(...HEX),
    header: fc.record({
      format: fc.constant('vnsim-backup/1'),
      zone: fc.constantFrom(...HEX),
      serial: fc.constantFrom('', '__proto__'),
      version: fc.constantFrom(-1, 0, 1e21),
      at: fc.constant(0),
      salt: fc.constantFrom(...HEX),
    }),
  })
  .map((value) => JSON.stringify(value));
const object: fc.Arbitrary<string> = fc
  .record({
    from: fc.constantFrom(...HEX),
    to: fc.constantFrom('zone', ...HEX),
    zone: fc.constantFrom(...HEX),
    uniqueId: fc.constantFrom('__proto__', ...HEX),
    version: fc.constantFrom(-1, 1e21),
    sealed: fc.constantFrom(...HEX),
    signature: fc.constantFrom(...HEX),
  })
  .map((value) => JSON.stringify([value]));
const WORDS = [
  'payments',
  '-',
  '-',
  '1',
  '0',
  '-1',
  '1e9',
  '99999999999999',
  'payments',
  'sam',
  'app-310',
  'constructor',
  '__proto__',
];
const word = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(...WORDS, 'crypto-user', 'yes', 'no', 'a:b', 'x=1', 'auto-backup=1'),
  },
  { weight: 2, arbitrary: json },
  { weight: 1, arbitrary: object },
  { weight: 1, arbitrary: fc.string({ maxLength: 20 }) },
);
/** What leaves a module that there is nothing more to learn of is left out: others try that. */
const VERBS = Object.keys(CONSOLE_SYNTAX).filter(
  (verb) => !['logout', 'zeroise', 'initialise'].includes(verb),
);
/** Values that a field of a line may have, by its code in the table of lines. */
const FIELDS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  card: json,
  backup: json,
  objects: object,
  line: fc.constantFrom('delete-partition payments -', 'show', 'change-policy cloning 0 -'),
  policies: fc.constantFrom('-', 'x=1', 'auto-backup=1', 'cloning=-1'),
  officers: fc.constantFrom('sam:sam-secret', 'a:b', ':'),
  user: fc.constantFrom('crypto-user', 'crypto-officer', 'nobody'),
  custodian: fc.constantFrom('customer', 'provider', 'thief'),
  flag: fc.constantFrom('yes', 'no', '2'),
};
const fittingLine = fc
  .constantFrom(...VERBS)
  .chain((verb) => {
    const syntax = CONSOLE_SYNTAX[verb as keyof typeof CONSOLE_SYNTAX];
    const codes = [...syntax.matchAll(/:(\S+)/g)].map(([, code = '']) => code);
    return fc.tuple(fc.constant(verb), ...codes.map((code) => FIELDS[code] ?? fc.constantFrom(...WORDS)));
  })
  .map((words) => words.join(' '));
const anyLine = fc
  .tuple(fc.constantFrom(...VERBS), fc.array(word, { maxLength: 5 }))
  .map(([verb, words]) => [verb, ...words].join(' '));
const consoleLine = fc
  .oneof({ weight: 3, arbitrary: fittingLine }, { weight: 1, arbitrary: anyLine })
  .map((text) => bytesOfText(`${text}\n`));
const deviceLine = fc
  .tuple(fc.constantFrom('PAIR', 'PRESENT', 'PAIRED', ''), fc.array(word, { maxLength: 5 }))
  .map(([verb, words]) => bytesOfText(`${[verb, ...words].join(' ')}\n`));

const START_OF_ALL = inUse().state;

/** Goes on from a module in use, as somebody who is let in at a port. */
function letIn(port: number): { readonly gate: Gate; readonly talk: Talk } {
  // Another seed: who draws again what keys were made of would find them.
  const gate = new Gate(2);
  gate.state = { ...START_OF_ALL, streams: {} };
  const talk = gate.open(port);
  if (port === CONSOLE_PORT) gate.line(talk, `login sam ${PASSWORDS.sam}`);
  if (port === RPED_PORT) gate.line(talk, pairingLine(talk.caller, MAKER, 'rped-214') ?? '');
  if (port === DATA_PORT) {
    gate.say(talk, Uint8Array.of(RPC_VERSION));
    for (const command of [SAMPLES.C_Initialize, SAMPLES.C_OpenSession, SAMPLES.C_Login]) {
      gate.say(talk, messageOf(command));
    }
  }
  return { gate, talk };
}

/** What must be heard by nobody: keys, passwords and PINs, in hex. */
function secretsOf({ state }: Gate): readonly string[] {
  const said = [PINS.user, PINS.officer, PASSWORDS.sam, PASSWORDS.alice].map(hexText);
  return [...secretsIn(state.module), ...said];
}

function tells(heard: string, secrets: readonly string[]): boolean {
  return secrets.some((secret) => heard.includes(secret) || heard.includes(hexText(secret)));
}

/** What went wrong; `null`: nothing. Nothing is known of keys, nothing of PINs, and the next one is served. */
function wrongAfter(port: number, messages: readonly Uint8Array[]): string | null {
  const { gate, talk } = letIn(port);
  const before = secretsOf(gate);
  const from = gate.heard.length;
  for (const message of messages) gate.say(talk, message);
  if (tells(gate.heard.slice(from), [...before, ...secretsOf(gate)])) return 'a secret was told';
  const saved = JSON.stringify(gate.state);
  if (JSON.stringify(JSON.parse(saved)) !== saved) return 'the state is no plain data any more';
  if (gate.state.module.erasing !== null) return 'half erased';
  const next = gate.open(CONSOLE_PORT);
  return gate.line(next, 'show').startsWith('OK {"serial"') ? null : 'nobody is served any more';
}

const hexText = (text: string): string => Buffer.from(text).toString('hex');

describe('whoever is let in and says anything at all', () => {
  it.each([
    ['the console', CONSOLE_PORT, consoleLine],
    ['the data port', DATA_PORT, hurt],
    ['the port of PIN entry devices', RPED_PORT, deviceLine],
  ] as const)(
    '[P28] [P13] [P9] at %s learns nothing, breaks nothing, and others are served',
    (_, port, message) => {
      fc.assert(
        fc.property(
          fc.array(
            fc.oneof(
              { weight: 9, arbitrary: message },
              { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) },
            ),
            { minLength: 5, maxLength: 15 },
          ),
          (messages) => {
            expect(wrongAfter(port, messages)).toBeNull();
          },
        ),
        { numRuns: 40 },
      );
    },
  );

  it('is heard, and now and then obeyed: the messages go far enough to mean something', () => {
    const outcomes = new Set<string>();
    for (const [port, messages] of [
      [CONSOLE_PORT, fc.sample(consoleLine, { numRuns: 900, seed: 1 })],
      [DATA_PORT, fc.sample(hurt, { numRuns: 300, seed: 1 })],
    ] as const) {
      // A few at a time: what one of them destroys is there again for the next.
      for (let at = 0; at < messages.length; at += 6) {
        const { gate, talk } = letIn(port);
        for (const message of messages.slice(at, at + 6)) gate.say(talk, message);
        for (const outcome of gate.outcomes) outcomes.add(outcome);
      }
    }
    for (const outcome of [
      'show done',
      'list-zones done',
      'restore TRUST_ZONE',
      'read-card DAMAGED',
      'backup done',
      'delete-partition done',
      'null CKR_GENERAL_ERROR',
      'C_Login CKR_USER_ALREADY_LOGGED_IN',
    ]) {
      expect([...outcomes]).toContain(outcome);
    }
  });

  it('would be noticed if it learnt something', () => {
    const { gate } = letIn(DATA_PORT);
    const secrets = secretsOf(gate);
    expect(secrets.length).toBeGreaterThan(4);
    for (const secret of secrets) {
      expect(tells(`00${secret}00`, secrets)).toBe(true);
      expect(tells(`00${hexText(secret)}00`, secrets)).toBe(true);
    }
    expect(tells(gate.heard, secrets)).toBe(false);
  });
});
