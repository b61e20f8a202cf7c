import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nanos } from '../../src/base/index.ts';
import type { StorageOptions } from '../../src/hsm/index.ts';
import {
  connect,
  destroyKey,
  disconnect,
  erase,
  makeKey,
  RIGHT_SERVICE,
  type Service,
  type StorageRig,
  storageRig,
} from './storage-rig.ts';

const FORGETFUL: StorageOptions = { key: 'vault', remembers: nanos(0) };
const REMEMBERING: StorageOptions = { key: 'vault', remembers: nanos(3) };

interface Put {
  readonly do: 'put';
  readonly name: string;
  readonly key: 'vault' | 'archive';
}

type Act =
  | Put
  | { readonly do: 'get'; readonly name: string }
  | { readonly do: 'destroy'; readonly key: 'vault' | 'archive' }
  | { readonly do: 'make'; readonly key: 'vault' | 'archive' }
  | { readonly do: 'erase' | 'connect' | 'disconnect' | 'wait' };

const name = fc.constantFrom('a', 'b');
const key = fc.constantFrom('vault', 'archive');
const put: fc.Arbitrary<Act> = fc.record({ do: fc.constant('put'), name, key });
const get: fc.Arbitrary<Act> = fc.record({ do: fc.constant('get'), name });
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: put },
  { weight: 6, arbitrary: get },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('destroy', 'make'), key }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('erase', 'connect', 'disconnect', 'wait') }) },
);
const acts = fc.array(act, { minLength: 3, maxLength: 14 });

/** What ought to be readable: which key of the module an object hangs on, and since when its data key is open. */
interface Expected {
  connected: boolean;
  /** which of the keys of a label the module has now; `null`: none */
  readonly alive: Record<'vault' | 'archive', number | null>;
  made: number;
  readonly objects: Record<
    string,
    { text: string; label: 'vault' | 'archive'; hangsOn: number; openUntil: number }
  >;
}

const reach = (expected: Expected, label: 'vault' | 'archive'): number | null =>
  expected.connected ? expected.alive[label] : null;

/** Does one thing and says what is wrong with what came of it; `null`: nothing. */
function wrongIn(storage: StorageRig, expected: Expected, options: StorageOptions, one: Act): string | null {
  switch (one.do) {
    case 'put':
      return wrongPut(storage, expected, one);
    case 'get':
      return wrongGet(storage, expected, options, one.name);
    default:
      change(storage, expected, one);
      return null;
  }
}

function wrongPut(storage: StorageRig, expected: Expected, one: Put): string | null {
  const text = `plain ${one.name} ${storage.now}`;
  const heard = storage.say(`put-under ${one.key} ${one.name} ${text}`);
  const hangsOn = reach(expected, one.key);
  if (heard.startsWith('OK') !== (hangsOn !== null)) return `put: ${heard}`;
  if (hangsOn !== null) expected.objects[one.name] = { text, label: one.key, hangsOn, openUntil: -1 };
  return null;
}

function wrongGet(
  storage: StorageRig,
  expected: Expected,
  options: StorageOptions,
  name: string,
): string | null {
  const object = expected.objects[name];
  const heard = storage.say(`get ${name}`);
  if (object === undefined) return heard.startsWith('NO_SUCH') ? null : `get of nothing: ${heard}`;
  const open = storage.now < object.openUntil;
  const readable = open || reach(expected, object.label) === object.hangsOn;
  if (readable !== heard.startsWith('OK')) return `get, ${readable ? '' : 'not '}readable: ${heard}`;
  if (readable && heard !== `OK ${JSON.stringify({ text: object.text })}`) return `get: ${heard}`;
  if (readable && !open) object.openUntil = storage.now + options.remembers;
  return null;
}

/** What happens to the module and its keys meanwhile. */
function change(
  storage: StorageRig,
  expected: Expected,
  one: Exclude<Act, { do: 'put' } | { do: 'get' }>,
): void {
  switch (one.do) {
    case 'destroy':
      destroyKey(storage.rig, one.key);
      expected.alive[one.key] = null;
      break;
    case 'make':
      if (expected.alive[one.key] !== null) break;
      makeKey(storage.rig, one.key);
      expected.made += 1;
      expected.alive[one.key] = expected.made;
      break;
    case 'erase':
      erase(storage.rig);
      expected.made += 2;
      expected.alive.vault = expected.made - 1;
      expected.alive.archive = expected.made;
      expected.connected = true;
      break;
    case 'connect':
      connect(storage.rig);
      expected.connected = true;
      break;
    case 'disconnect':
      disconnect(storage.rig);
      expected.connected = false;
      break;
    case 'wait':
      storage.now += 4;
  }
}

/** What lies at rest gives away; `null`: nothing. */
function toldAtRest({ state, dataKeys }: StorageRig): string | null {
  const rest = JSON.stringify(state.objects);
  if (dataKeys.some((each) => rest.includes(each) || rest.includes(btoa(each))))
    return 'a data key lies at rest';
  return rest.includes('plain') ? 'a plaintext lies at rest' : null;
}

function broken(service: Service, options: StorageOptions, path: readonly Act[]): string | null {
  const storage = storageRig(options, service);
  const expected: Expected = { connected: true, alive: { vault: 1, archive: 2 }, made: 2, objects: {} };
  for (const one of path) {
    storage.now += 1;
    const wrong = wrongIn(storage, expected, options, one) ?? toldAtRest(storage);
    if (wrong !== null) return wrong;
  }
  return null;
}

/** Each does what the service does and then something that it should not. */
const FAULTS: readonly (readonly [string, Service, string])[] = [
  [
    'the data key lies beside the object, in case the module is gone',
    {
      ...RIGHT_SERVICE,
      hearModule: (state, options, request, given, now) => {
        const object = state.waiting[request]?.object;
        const step = RIGHT_SERVICE.hearModule(state, options, request, given, now);
        if (step === null || object === undefined || !('data' in given)) return step;
        const objects = Object.fromEntries(
          Object.entries(step.state.objects).map(([at, kept]) => [at, { ...kept, spare: KEYS.at(-1) ?? '' }]),
        );
        return { ...step, state: { ...step.state, objects } };
      },
      hearClient: (...given) => {
        const step = RIGHT_SERVICE.hearClient(...given);
        const [verb, , data = ''] = step.effect.kind === 'ask' ? step.effect.line.split(' ') : [];
        if (verb === 'seal') KEYS.push(data);
        return step;
      },
    },
    'a data key lies at rest',
  ],
  [
    'an opened data key is never forgotten',
    {
      ...RIGHT_SERVICE,
      hearClient: (state, options, connection, line, random) =>
        RIGHT_SERVICE.hearClient(state, options, connection, line, random, nanos(0)),
    },
    'get, not readable',
  ],
  [
    'what cannot be wrapped is kept all the same',
    {
      ...RIGHT_SERVICE,
      hearModule: (state, options, request, given, now) =>
        RIGHT_SERVICE.hearModule(state, options, request, 'data' in given ? given : { data: '00' }, now),
    },
    'put: OK',
  ],
  [
    'every object is under the usual key',
    {
      ...RIGHT_SERVICE,
      hearClient: (state, options, connection, line, random, now) =>
        RIGHT_SERVICE.hearClient(
          state,
          options,
          connection,
          line.replace(/^put-under \S+/, 'put'),
          random,
          now,
        ),
    },
    '',
  ],
];
const KEYS: string[] = [];

describe('a storage service that seals what it keeps', () => {
  it.each([
    ['asks the module for every read', FORGETFUL],
    ['remembers opened data keys for a while', REMEMBERING],
  ] as const)(
    '[P29] [G-04] [G-05] [G-06] reads an object exactly as long as the module answers for its data key: %s',
    (_, options) => {
      fc.assert(
        fc.property(acts, (path) => {
          expect(broken(RIGHT_SERVICE, options, path)).toBeNull();
        }),
        { numRuns: 60 },
      );
    },
  );

  it.each(FAULTS)('[P29] a fault is noticed: %s', (_, service, words) => {
    const found = fc.check(
      fc.property(acts, (path) => {
        const wrong = broken(service, REMEMBERING, path);
        if (wrong !== null) throw new Error(wrong);
      }),
      { numRuns: 300 },
    );
    expect(found.failed).toBe(true);
    expect(String(found.errorInstance)).toContain(words);
  });

  it('[P29] [P13] what is in memory while the module is asked is what is not at rest: the scanner finds it there', () => {
    const storage = storageRig(FORGETFUL);
    const { state, effect } = RIGHT_SERVICE.hearClient(
      storage.state,
      FORGETFUL,
      1,
      'put letter plain words',
      storage.rig.random,
      nanos(0),
    );
    const [, , dataKey = ''] = effect.kind === 'ask' ? effect.line.split(' ') : [];
    expect(dataKey).toMatch(/^[0-9a-f]{64}$/);
    expect(toldAtRest({ ...storage, state, dataKeys: [dataKey] })).toBeNull();
    const careless = { ...storage, dataKeys: [dataKey], state: { ...state, objects: { letter: effect } } };
    expect(toldAtRest(careless as unknown as StorageRig)).toBe('a data key lies at rest');
  });

  it('[G-05] an object put in place of another, or changed by a bit, is not read as that', () => {
    const storage = storageRig(FORGETFUL);
    storage.say('put a the first');
    storage.say('put b the second');
    const { a, b } = storage.state.objects;
    if (a === undefined || b === undefined) throw new Error('both are there');
    const get = (objects: typeof storage.state.objects) => {
      storage.state = { ...storage.state, objects };
      return storage.say('get a');
    };
    expect(get({ a: b })).toMatch(/^DAMAGED/);
    expect(get({ a: { ...a, sealed: flipped(a.sealed) } })).toMatch(/^DAMAGED/);
    expect(get({ a: { ...a, wrapped: b.wrapped } })).toMatch(/^DAMAGED/);
    expect(get({ a: { ...a, wrapped: flipped(a.wrapped) } })).toMatch(
      /^KEY_UNAVAILABLE CKR_AEAD_DECRYPT_FAILED/,
    );
    expect(get({ a })).toBe('OK {"text":"the first"}');
  });

  it('says how requests are written, and takes no name that is none', () => {
    const storage = storageRig(FORGETFUL);
    for (const line of [
      '',
      'put',
      'put a',
      'put ../a text',
      'put-under vault a',
      'fetch a',
      `put ${'x'.repeat(65)} y`,
    ]) {
      expect(storage.say(line)).toMatch(/^BAD_VALUE write: put NAME TEXT/);
    }
    expect(storage.say('get __proto__')).toMatch(/^NO_SUCH/);
    expect(storage.say('delete toString')).toMatch(/^NO_SUCH/);
  });
});

/** The last bit of hexadecimal digits turned. */
function flipped(digits: string): string {
  const last = Number.parseInt(digits.slice(-1), 16) ^ 1;
  return digits.slice(0, -1) + last.toString(16);
}
