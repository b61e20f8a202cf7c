import { type Nanos, nanos, type Random } from '../../base/index.ts';
import type { Hex } from '../cryptography/bytes.ts';
import { openObject, type SealedObject, sealObject } from './sealed-object.ts';

/** What a storage service has, and what it is waiting for. Plain data. */
export interface StorageState {
  /** what lies at rest, by name: all that is left when the machine is switched off */
  readonly objects: Readonly<Record<string, SealedObject>>;
  /** requests that the module has not answered yet, by number: in memory alone */
  readonly waiting: Readonly<Record<number, Waiting>>;
  readonly asked: number;
  /** data keys that were opened a short while ago, by name of the object: in memory alone */
  readonly opened: Readonly<Record<string, { readonly dataKey: Hex; readonly until: Nanos }>>;
}

interface Waiting {
  readonly connection: number;
  readonly kind: 'put' | 'get';
  readonly name: string;
  readonly object: SealedObject;
}

export interface StorageOptions {
  /** the key that data keys are wrapped under, unless a request names another one */
  readonly key: string;
  /** how long an opened data key may be used again; 0: never */
  readonly remembers: Nanos;
}

/** What a step comes to: something to tell a client, or a line for the module, whose answer is to be told by {@link hearModule}. */
export type StorageEffect =
  | { readonly kind: 'answer'; readonly connection: number; readonly text: string }
  | { readonly kind: 'ask'; readonly request: number; readonly line: string };

export interface StorageStep {
  readonly state: StorageState;
  readonly effect: StorageEffect;
}

export const EMPTY_STORAGE: StorageState = { objects: {}, waiting: {}, asked: 0, opened: {} };

/** How requests are written. */
export const STORAGE_LINES: readonly string[] = [
  'put NAME TEXT',
  'put-under KEY NAME TEXT',
  'get NAME',
  'delete NAME',
  'list',
];

/**
 * A request of a client to a storage service that seals what it keeps (G-04 to G-06). Every object has a data key of its own, made here;
 * a security module wraps it under a key that never leaves the module, and unwraps it for every read. At rest there are the
 * sealed object and the wrapped key.
 */
export function hearClient(
  state: StorageState,
  { key, remembers }: StorageOptions,
  connection: number,
  line: string,
  random: Random,
  now: Nanos,
): StorageStep {
  const [verb = '', ...words] = line.trim().split(' ');
  const answer = (text: string, next = state): StorageStep => ({
    state: next,
    effect: { kind: 'answer', connection, text },
  });
  switch (verb) {
    case 'put':
    case 'put-under': {
      const under = verb === 'put' ? key : (words.shift() ?? '');
      const [name = '', ...text] = words;
      if (![under, name].every(isName) || text.length === 0) return answer(USAGE);
      const { dataKey, ...sealed } = sealObject(name, text.join(' '), random);
      const object: SealedObject = { key: under, wrapped: '', ...sealed };
      const waiting = { connection, kind: 'put', name, object } as const;
      return ask(state, waiting, `seal ${under} ${dataKey}`);
    }
    case 'get': {
      const object = objectNamed(state, words[0] ?? '');
      const [name = ''] = words;
      if (object === undefined) return answer('NO_SUCH no object has this name');
      const known = remembers > 0 && Object.hasOwn(state.opened, name) ? state.opened[name] : undefined;
      if (known !== undefined && now < known.until) return answer(told(name, known.dataKey, object));
      return ask(forgetting(state, name), { connection, kind: 'get', name, object }, lineFor(object));
    }
    case 'delete': {
      const [name = ''] = words;
      if (objectNamed(state, name) === undefined) return answer('NO_SUCH no object has this name');
      const { [name]: _, ...objects } = state.objects;
      return answer('OK', { ...forgetting(state, name), objects });
    }
    case 'list':
      return answer(`OK ${JSON.stringify({ names: Object.keys(state.objects).sort() })}`);
    default:
      return answer(USAGE);
  }
}

/**
 * What the module answered to an `ask`: the data of its answer, or why there is none. `null` where nobody waits for it any more.
 */
export function hearModule(
  state: StorageState,
  { remembers }: StorageOptions,
  request: number,
  given: { readonly data: Hex } | { readonly refused: string },
  now: Nanos,
): StorageStep | null {
  const { [request]: pending, ...waiting } = state.waiting;
  if (pending === undefined) return null;
  const { connection, kind, name, object } = pending;
  const left: StorageState = { ...state, waiting };
  const answer = (text: string, next = left): StorageStep => ({
    state: next,
    effect: { kind: 'answer', connection, text },
  });
  if ('refused' in given) return answer(`KEY_UNAVAILABLE ${given.refused}`);
  if (kind === 'put') {
    const kept: SealedObject = { ...object, wrapped: given.data };
    const objects = { ...left.objects, [name]: kept };
    return answer(`OK ${JSON.stringify({ key: kept.key })}`, { ...forgetting(left, name), objects });
  }
  const until = nanos(now + remembers);
  const opened = remembers > 0 ? { ...left.opened, [name]: { dataKey: given.data, until } } : left.opened;
  return answer(told(name, given.data, object), { ...left, opened });
}

function ask(state: StorageState, pending: Waiting, line: string): StorageStep {
  const request = state.asked + 1;
  const waiting = { ...state.waiting, [request]: pending };
  return { state: { ...state, waiting, asked: request }, effect: { kind: 'ask', request, line } };
}

function lineFor({ key, wrapped }: SealedObject): string {
  return `unseal ${key} ${wrapped}`;
}

function told(name: string, dataKey: Hex, object: SealedObject): string {
  const text = openObject(name, dataKey, object);
  return text === null ? 'DAMAGED the object is not what was put' : `OK ${JSON.stringify({ text })}`;
}

function forgetting(state: StorageState, name: string): StorageState {
  if (!Object.hasOwn(state.opened, name)) return state;
  const { [name]: _, ...opened } = state.opened;
  return { ...state, opened };
}

function objectNamed({ objects }: StorageState, name: string): SealedObject | undefined {
  return Object.hasOwn(objects, name) ? objects[name] : undefined;
}

function isName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name);
}

const USAGE = `BAD_VALUE write: ${STORAGE_LINES.join(', ')}`;
