import { nanos, seededRandom } from '../../src/base/index.ts';
import {
  type Command,
  EMPTY_STORAGE,
  hearClient,
  hearModule,
  type Principal,
  performLine,
  type Response,
  type StorageOptions,
  type StorageState,
} from '../../src/hsm/index.ts';
import { clientOf, OFFICER, openSession, PASSWORDS, PINS, type Rig } from './rig.ts';
import { place } from './zone-rig.ts';

/** What a storage service does: faults are planted by other ones. */
export interface Service {
  readonly hearClient: typeof hearClient;
  readonly hearModule: typeof hearModule;
}

export const RIGHT_SERVICE: Service = { hearClient, hearModule };

/** A storage service and its module, without a network between. */
export interface StorageRig {
  readonly rig: Rig;
  state: StorageState;
  now: number;
  /** data keys that were ever made, in hex: what must be nowhere at rest */
  readonly dataKeys: string[];
  /** Says a line, and goes on until it is answered. */
  say(line: string): string;
}

/** The service as a client of its own on the partition. */
const SERVICE: Principal = clientOf('5', 50);
/** Whoever owns the keys, on connections of its own. */
const OWNER: Principal = clientOf('a', 51);
const SERVICE_NAME = 'client-5';

export function storageRig(options: StorageOptions, service: Service = RIGHT_SERVICE, seed = 71): StorageRig {
  const { rig } = place(seed);
  const random = seededRandom(seed, 'storage');
  connect(rig);
  for (const label of ['vault', 'archive']) makeKey(rig, label);
  const storage: StorageRig = {
    rig,
    state: EMPTY_STORAGE,
    now: 0,
    dataKeys: [],
    say: (line) => {
      let step = service.hearClient(storage.state, options, 1, line, random, nanos(storage.now));
      for (;;) {
        storage.state = step.state;
        const { effect } = step;
        if (effect.kind === 'answer') return effect.text;
        const [verb, , data = ''] = effect.line.split(' ');
        if (verb === 'seal') storage.dataKeys.push(data);
        const given = askModule(rig, effect.line);
        const next = service.hearModule(storage.state, options, effect.request, given, nanos(storage.now));
        if (next === null) throw new Error('somebody waits for it');
        step = next;
      }
    },
  };
  return storage;
}

/** Registers the service, as an officer would. */
export function connect(rig: Rig): void {
  const { certificate } = SERVICE as Extract<Principal, { kind: 'client' }>;
  rig.give(OFFICER, { kind: 'register-client', name: SERVICE_NAME, certificate, expires: null });
  rig.give(OFFICER, { kind: 'assign-client', client: SERVICE_NAME, partition: 'payments' });
}

export function disconnect(rig: Rig): void {
  rig.give(OFFICER, { kind: 'delete-client', name: SERVICE_NAME });
}

/** Makes the key of this name, or destroys it. */
export function makeKey(rig: Rig, label: string): void {
  sayTo(rig, OWNER, [`make aes ${label}`]);
}
export function destroyKey(rig: Rig, label: string): void {
  sayTo(rig, OWNER, [`destroy ${label}`]);
}

/** Erased, and set up again with keys of the same names. */
export function erase(rig: Rig): void {
  rig.give({ kind: 'console', channel: 1 }, { kind: 'zeroise' });
  expectDone(rig, { kind: 'initialise', label: 'again', officers: [OFFICERS], quorum: 1, policies: {} });
  rig.give(OFFICER, { kind: 'login', name: 'sam', secret: PASSWORDS.sam });
  rig.give(OFFICER, { kind: 'create-partition', name: 'payments', quota: null });
  const { certificate } = OWNER as Extract<Principal, { kind: 'client' }>;
  rig.give(OFFICER, { kind: 'register-client', name: 'client-a', certificate, expires: null });
  rig.give(OFFICER, { kind: 'assign-client', client: 'client-a', partition: 'payments' });
  rig.give(OWNER, { kind: 'C_Initialize' });
  rig.must(OWNER, { kind: 'C_InitToken', slot: 1, pin: PINS.officer, label: 'payments' });
  const session = openSession(rig, OWNER, 1);
  rig.must(OWNER, { kind: 'C_Login', session, user: 0, pin: PINS.officer });
  rig.must(OWNER, { kind: 'C_InitPIN', session, pin: PINS.user });
  rig.must(OWNER, { kind: 'C_Finalize' });
  connect(rig);
  for (const label of ['vault', 'archive']) makeKey(rig, label);
}

const OFFICERS = { name: 'sam', secret: PASSWORDS.sam };

function expectDone(rig: Rig, command: Command): void {
  rig.must({ kind: 'console', channel: 2 }, command);
}

function askModule(rig: Rig, line: string): { readonly data: string } | { readonly refused: string } {
  const last = sayTo(rig, SERVICE, [line]);
  return last.startsWith('OK {') ? { data: String(JSON.parse(last.slice(3)).data) } : { refused: last };
}

/** Says lines to the module as an application does, without a network, and gives the last answer. */
function sayTo(rig: Rig, who: Principal, lines: readonly string[]): string {
  const memory = { session: 0, begun: true };
  rig.give(who, { kind: 'C_Initialize' });
  let last = '';
  for (const line of [`login 1 ${PINS.user}`, ...lines]) {
    const program = performLine(memory, line);
    let asked = program.next();
    while (asked.done !== true) asked = program.next(answered(rig, who, asked.value.command));
    last = asked.value;
    if (!last.startsWith('OK')) break;
  }
  rig.give(who, { kind: 'C_Finalize' });
  return last;
}

function answered(rig: Rig, who: Principal, command: Command): Response | 'malformed' {
  const result = rig.give(who, command);
  if (result.kind === 'done')
    return { kind: 'done', values: result.value as Readonly<Record<string, unknown>> };
  return result.kind === 'refused' ? { kind: 'refused', code: result.code, number: 0 } : 'malformed';
}
