import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type ClientCommandKind,
  type Command,
  cutFrames,
  decodeResponse,
  encodeFrame,
  encodeRequest,
  MECHANISMS,
  RPC_VERSION,
} from '../../src/hsm/index.ts';
import {
  type Crossing,
  crossBridge,
  historyOf,
  loadScenario,
  prepareWorld,
  type World,
} from '../../src/scenario/index.ts';

const FILE = 'scenarios/pkcs11.yaml';
const scenario = loadScenario(readFileSync(FILE), FILE).scenario;

function newWorld(): World {
  if (scenario === null) throw new Error(`${FILE} is broken`);
  const prepared = prepareWorld(scenario, { kind: 'end' });
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.fault));
  return prepared.value;
}

let world: World;
beforeEach(() => {
  world = newWorld();
});

function cross(from = 'app-310', as: string | null = null, to = '10.0.0.201'): Crossing {
  const crossed = crossBridge(world, { from, to, port: 1792, as });
  if (!crossed.ok) throw new Error(crossed.fault.message);
  return crossed.value;
}

const COMMANDS: readonly Command<ClientCommandKind>[] = [
  { kind: 'C_Initialize' },
  { kind: 'C_GetSlotList', tokenPresent: true },
  { kind: 'C_OpenSession', slot: 1, flags: 6 },
  { kind: 'C_Login', session: 1, user: 1, pin: 'user-pin' },
  { kind: 'C_GenerateRandom', session: 1, length: 600 },
];
const message = (command: Command<ClientCommandKind>, number = 1): Uint8Array =>
  encodeFrame({ number, body: encodeRequest({ command, room: 1000, rooms: [] }) });
const SHA256 = { type: MECHANISMS.CKM_SHA256.number, parameter: null };
const TALK: Uint8Array = Uint8Array.from([
  RPC_VERSION,
  ...COMMANDS.flatMap((command, index) => [...message(command, index + 1)]),
]);

/** Whether bytes stand somewhere in a packet of the run. */
function isSeen(text: string): boolean {
  const wanted = Buffer.from(text);
  const found = (value: unknown): boolean => {
    if (value instanceof Uint8Array) return Buffer.from(value).includes(wanted);
    return typeof value === 'object' && value !== null && Object.values(value).some(found);
  };
  return historyOf(world).some(({ journeys }) => journeys.some(({ frame }) => found(frame)));
}

describe('a program outside', () => {
  it('[F39] [C-16] [C-18] is a client inside: every call an answer, in packets that nobody reads', () => {
    const crossing = cross();
    expect(crossing).toMatchObject({ as: 'acme/app-310', refused: null });
    const before = world.trace.count;
    const { bytes, over } = crossing.say(TALK);
    expect(over).toBe(null);
    expect(bytes[0]).toBe(RPC_VERSION);
    const { frames, rest } = cutFrames(bytes.slice(1));
    expect(rest).toHaveLength(0);
    expect(frames.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    const answers = frames.map(({ body }, index) =>
      decodeResponse(COMMANDS[index]?.kind ?? 'C_Initialize', body),
    );
    expect(answers.map((answer) => answer.ok && answer.value.kind)).toEqual(COMMANDS.map(() => 'done'));
    expect(world.trace.count).toBeGreaterThan(before);
    // what is greeted with is open, and found
    expect(isSeen('acme/app-310')).toBe(true);
    expect(isSeen('user-pin')).toBe(false);
    expect(isSeen('PRIVATE-GNOME-KEYRING')).toBe(false);
  });

  it('[P27] hears the same, wherever its bytes are cut', () => {
    const whole = cross().say(TALK).bytes;
    fc.assert(
      fc.property(fc.array(fc.nat({ max: TALK.length }), { maxLength: 6 }), (cuts) => {
        world = newWorld();
        const crossing = cross();
        const places = [0, ...cuts.sort((one, other) => one - other), TALK.length];
        const heard = places
          .slice(1)
          .flatMap((end, index) => [...crossing.say(TALK.slice(places[index], end)).bytes]);
        // what is drawn at random depends on when, in the seed's stream, and that does not change
        expect(heard).toEqual([...whole]);
      }),
      { numRuns: 12 },
    );
  });

  it('lets time stand still while it says nothing', () => {
    const crossing = cross();
    const before = world.engine.now;
    expect(crossing.say(new Uint8Array(0))).toEqual({ bytes: new Uint8Array(0), over: null });
    expect(world.engine.now).toBe(before);
    crossing.say(TALK);
    expect(world.engine.now).toBeGreaterThan(before);
  });

  it('[P6] is not let in without a registered certificate', () => {
    const crossing = cross('spy');
    expect(crossing.refused).toBe('the module hung up');
    expect(crossing.say(TALK)).toEqual({ bytes: new Uint8Array(0), over: 'the module hung up' });
  });

  it('[P7] is known by the certificate and not by the machine', () => {
    expect(cross('spy', 'acme/app-310').refused).toBe(null);
    expect(cross('app-310', 'acme/spy').refused).toBe('the module hung up');
  });

  it('reaches nobody where there is no way', () => {
    expect(cross('app-310', null, '10.0.9.9').refused).not.toBe(null);
    const nowhere = crossBridge(world, { from: 'app-310', to: 'nobody', port: 1792, as: null });
    expect(nowhere.ok).toBe(false);
    expect(crossBridge(world, { from: 'nobody', to: '10.0.0.201', port: 1792, as: null }).ok).toBe(false);
  });

  it('is hung up on where it makes no sense, and leaves nothing behind', () => {
    const machine = world.machines.get('acme/app-310');
    const heard = machine?.events.length;
    const crossing = cross();
    const { over } = crossing.say(Uint8Array.of(0, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0));
    expect(over).toBe('the module hung up');
    expect(machine?.events.length).toBe(heard);
    expect(machine?.hearers.size).toBe(0);
    const second = cross();
    second.close();
    second.close();
    expect(machine?.hearers.size).toBe(0);
  });

  describe('of a module whose work takes time', () => {
    const TIMES =
      'endpoint: { kind: module, speed: { engines: 1, waiting: 1, times: { CKM_SHA256: 50 ms } } }';
    const digest = (session: number): Uint8Array =>
      Uint8Array.from([
        ...message({ kind: 'C_DigestInit', session, mechanism: SHA256 }),
        ...message({ kind: 'C_Digest', session, data: Uint8Array.of(1, 2, 3) }),
      ]);
    const OPEN = Uint8Array.from([
      RPC_VERSION,
      ...[{ kind: 'C_Initialize' }, { kind: 'C_OpenSession', slot: 1, flags: 6 }].flatMap((command) => [
        ...message(command as Command<ClientCommandKind>),
      ]),
    ]);
    const outcomes = (bytes: Uint8Array): readonly string[] =>
      cutFrames(bytes).frames.map(({ body }) => {
        const answer = decodeResponse('C_Digest', body);
        if (answer.ok) return answer.value.kind === 'refused' ? answer.value.code : answer.value.kind;
        return 'another call';
      });

    beforeEach(() => {
      const { scenario: slow } = loadScenario(
        readFileSync(FILE, 'utf8').replace('endpoint: module', TIMES),
        FILE,
      );
      const prepared = slow === null ? null : prepareWorld(slow, { kind: 'end' });
      if (prepared?.ok !== true) throw new Error('it is a module with engines');
      world = prepared.value;
    });

    it('[U-05] [P27] waits for the answer in simulated time, and hears every one, in order', () => {
      const crossing = cross();
      crossing.say(OPEN);
      const before = world.engine.now;
      const { bytes, over } = crossing.say(Uint8Array.from([...digest(1), ...digest(1)]));
      expect(over).toBe(null);
      expect(outcomes(bytes)).toEqual(['another call', 'done', 'another call', 'done']);
      expect(world.engine.now - before).toBeGreaterThanOrEqual(100_000_000);
      expect(world.engine.now - before).toBeLessThan(110_000_000);
    });

    it('[U-04] hears that the module is overloaded, and goes on', () => {
      const crossing = cross();
      crossing.say(OPEN);
      const { bytes, over } = crossing.say(
        Uint8Array.from([1, 1, 1].flatMap((session) => [...digest(session)])),
      );
      expect(over).toBe(null);
      expect(outcomes(bytes).filter((outcome) => outcome !== 'another call')).toEqual([
        'done',
        'done',
        'OVERLOADED',
      ]);
      expect(outcomes(crossing.say(digest(1)).bytes)).toEqual(['another call', 'done']);
    });
  });
});
