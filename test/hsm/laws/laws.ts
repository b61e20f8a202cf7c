import { CODES, type CommandKind, type ModuleState, type Role } from '../../../src/hsm/index.ts';
import { openValue } from '../../../src/hsm/keystore/vault.ts';
import { toHex } from '../rig.ts';
import type { Transition } from './walk.ts';

/** A sentence that holds for every transition of every walk. Breaking is a value, so that a crash is never taken for it. */
export interface Law {
  readonly name: string;
  /** what is wrong, or `null`; `earlier` are the transitions before */
  readonly broken: (transition: Transition, earlier: readonly Transition[]) => string | null;
}

const KEY_COMMANDS: readonly CommandKind[] = [
  'C_Encrypt',
  'C_Decrypt',
  'C_Sign',
  'C_GenerateKey',
  'C_GenerateKeyPair',
  'C_WrapKey',
  'C_UnwrapKey',
  'C_DeriveKey',
  'C_DestroyObject',
];

const ONLY_DOWN = [
  'CKA_EXTRACTABLE',
  'CKA_ENCRYPT',
  'CKA_DECRYPT',
  'CKA_WRAP',
  'CKA_UNWRAP',
  'CKA_SIGN',
] as const;
const ONLY_UP = ['CKA_SENSITIVE', 'CKA_WRAP_WITH_TRUSTED'] as const;
const FIXED = [
  'CKA_LOCAL',
  'CKA_ALWAYS_SENSITIVE',
  'CKA_NEVER_EXTRACTABLE',
  'CKA_KEY_TYPE',
  'CKA_CLASS',
] as const;

/** What somebody hears, as text in which bytes are hex. */
export function heard({ done }: Transition): string {
  return JSON.stringify([done.result, done.entry], (_, value: unknown) =>
    value instanceof Uint8Array ? toHex(value) : value,
  );
}

/** The values of all keys that must not be read, in hex. */
export function secretsIn(state: ModuleState): readonly string[] {
  return Object.values(state.partitions).flatMap(({ objects }) =>
    Object.values(objects).flatMap(({ sealed, attributes }) => {
      if (attributes.CKA_SENSITIVE !== true && attributes.CKA_EXTRACTABLE !== false) return [];
      const value = sealed === null ? null : openValue(state, sealed);
      return value === null ? [] : [toHex(value)];
    }),
  );
}

/** What outlives connections, failed tries and the log apart: what may not change without an entry. */
export function lasting(state: ModuleState): string {
  const { applications, logins, log, logged, partitions, ...rest } = state;
  const kept = Object.values(partitions).map((partition) => ({
    ...partition,
    objects: Object.entries(partition.objects).filter(([, { session }]) => session === null),
  }));
  return JSON.stringify([rest, kept]);
}

/** Whether the last word about a client was that it is struck off. */
function wasDeleted(certificate: string, earlier: readonly Transition[]): boolean {
  const name = `client-${certificate[0]}`;
  const last = [...earlier]
    .reverse()
    .find(
      ({ command, done }) =>
        done.result.kind === 'done' &&
        (command.kind === 'delete-client' || command.kind === 'register-client') &&
        command.name === name,
    );
  return last?.command.kind === 'delete-client';
}

export const LAWS: readonly Law[] = [
  {
    name: '[D-14] [P9] no answer and no entry holds the value of a sensitive key',
    broken: (transition) => {
      const text = heard(transition);
      const leaked = secretsIn(transition.before).some((secret) => text.includes(secret));
      return leaked ? `${transition.command.kind} tells a key` : null;
    },
  },
  {
    name: '[P13] the saved module holds no key, password or PIN in the clear',
    broken: ({ done, before }) => {
      const text = JSON.stringify(done.state);
      const values = [
        ...secretsIn(before),
        'user-pin-5678',
        'so-pin-1234',
        'alice-own-secret',
        'sam-officer-secret',
      ];
      return values.some((value) => text.includes(value)) ? 'a secret stands in the state' : null;
    },
  },
  {
    name: '[P9] attributes only ever become stricter',
    broken: ({ before, done, command }) => {
      for (const [serial, partition] of Object.entries(before.partitions)) {
        for (const [number, object] of Object.entries(partition.objects)) {
          const after = done.state.partitions[serial]?.objects[Number(number)];
          if (after === undefined) continue;
          const was = object.attributes;
          const is = after.attributes;
          const wrong =
            ONLY_DOWN.find((name) => was[name] === false && is[name] === true) ??
            ONLY_UP.find((name) => was[name] === true && is[name] === false) ??
            FIXED.find((name) => was[name] !== is[name]);
          if (wrong !== undefined) return `${command.kind} changed ${wrong}`;
        }
      }
      return null;
    },
  },
  {
    name: '[P1] [P5] [A-07] [A-16] [K-12] keys are used by clients of the partition who are logged in, and by nobody else',
    broken: ({ before, who, command, done }) => {
      if (done.result.kind !== 'done' || !KEY_COMMANDS.includes(command.kind)) return null;
      if (who.kind !== 'client' || !('session' in command)) return `${who.kind} did ${command.kind}`;
      const application = before.applications[who.application];
      const slot = application?.sessions[command.session]?.slot ?? -1;
      const role: Role | undefined = application?.logins[slot];
      const serial = before.clients[who.certificate]?.slots[slot];
      if (serial === undefined || before.partitions[serial] === undefined)
        return `${command.kind} without a partition`;
      const user = role === 'crypto-officer' || role === 'crypto-user';
      return user || before.policies['officer-uses-keys'] === 1
        ? null
        : `${role ?? 'nobody'} did ${command.kind}`;
    },
  },
  {
    name: '[P6] [A-12] [A-13] [C-16] a client that is not registered, or no longer, hears no answer that is no error',
    broken: ({ before, who, command, done, now }, earlier) => {
      if (who.kind !== 'client' || done.result.kind !== 'done') return null;
      if (wasDeleted(who.certificate, earlier)) return `a deleted client did ${command.kind}`;
      const client = before.clients[who.certificate];
      if (client === undefined) return `a stranger did ${command.kind}`;
      if (client.expires !== null && now >= client.expires)
        return `an expired certificate did ${command.kind}`;
      if ('slot' in command && client.slots[command.slot] === undefined)
        return `${command.kind} on a foreign slot`;
      return null;
    },
  },
  {
    name: '[P20] [L-10] nothing answers and nothing changes without power or while suspended',
    broken: ({ before, who, command, done }) => {
      const dead = before.power === 'off' || before.suspended !== null;
      if (!dead || who.kind === 'panel') return null;
      if (done.result.kind !== 'silent') return `${command.kind} was answered`;
      return done.state === before ? null : `${command.kind} changed the state`;
    },
  },
  {
    name: '[P31] whatever changes what lasts leaves exactly one entry that says who and what',
    broken: ({ before, command, done }) => {
      if (done.entry === null) {
        return lasting(before) === lasting(done.state) ? null : `${command.kind} left no entry`;
      }
      const { entry, result } = done;
      const outcome = result.kind === 'refused' ? result.code : result.kind;
      if (entry.command !== command.kind || entry.outcome !== outcome || entry.actor === '')
        return 'a wrong entry';
      const kept = done.state.log.filter(({ number }) => number === entry.number).length;
      return kept <= 1 ? null : 'more than one entry';
    },
  },
  {
    name: '[P15] [A-06] [D-15] what was sealed before an erasure is never opened after it',
    broken: ({ done }, earlier) => {
      const { state } = done;
      for (const { before } of earlier) {
        if (before.generation === state.generation || before.kek === null) continue;
        for (const partition of Object.values(before.partitions)) {
          for (const { sealed } of Object.values(partition.objects)) {
            if (sealed !== null && openValue(state, sealed) !== null) return 'an old key was opened';
          }
        }
      }
      return null;
    },
  },
  {
    name: '[P15] [P18] an erased module has no key-encryption key, partition, client or officer',
    broken: ({ done: { state } }) => {
      if (state.life === 'initialised' || state.erasing !== null) return null;
      const left = [state.partitions, state.clients, state.officers].some(
        (table) => Object.keys(table).length > 0,
      );
      return left || state.kek !== null ? `something is left in life ${state.life}` : null;
    },
  },
  {
    name: '[P30] [DC-07] the same state, asker, command, chance and time give the same answer',
    broken: ({ done, again, command }) =>
      JSON.stringify(done) === JSON.stringify(again) ? null : `${command.kind} differs`,
  },
  {
    name: '[P8] [U-31] [A-12] no client touches a partition that is not assigned to it',
    broken: ({ before, who, command, done }) => {
      if (who.kind !== 'client') return null;
      const own = Object.values(before.clients[who.certificate]?.slots ?? {});
      const touched = Object.entries(before.partitions).find(
        ([serial, partition]) => !own.includes(serial) && done.state.partitions[serial] !== partition,
      );
      return touched === undefined ? null : `${command.kind} touched ${touched[1].name}`;
    },
  },
  {
    name: '[U-16] [U-28] [U-30] [T8] backups and copies leave by the hands of whoever has custody of the zone',
    broken: ({ before, who, command, done }) => {
      if (done.result.kind !== 'done' || (command.kind !== 'backup' && command.kind !== 'copy-out'))
        return null;
      const login = who.kind === 'console' ? before.logins[who.channel]?.kind : undefined;
      const partition = Object.values(before.partitions).find(({ name }) => name === command.partition);
      const { custodian, sealed } = partition?.zone ?? before.zone;
      if (sealed === null) return `${command.kind} without the key of the zone`;
      const right = login === (custodian === 'provider' ? 'provider' : 'officer');
      return right ? null : `${login ?? 'nobody'} did ${command.kind} in the custody of the ${custodian}`;
    },
  },
  {
    name: 'every refusal has a code of the table, and leaves objects alone',
    broken: ({ before, command, done }) => {
      if (done.result.kind !== 'refused') return null;
      if (!Object.hasOwn(CODES, done.result.code)) return `${command.kind}: ${done.result.code}`;
      const erased = before.life !== done.state.life || done.result.code === 'CKR_PIN_INCORRECT';
      if (erased) return null;
      const objects = (state: ModuleState) =>
        Object.values(state.partitions).map((partition) => partition.objects);
      return JSON.stringify(objects(before)) === JSON.stringify(objects(done.state))
        ? null
        : `${command.kind} was refused and still did something`;
    },
  },
];

export const lawNamed = (words: string): Law => {
  const law = LAWS.find(({ name }) => name.includes(words));
  if (law === undefined) throw new Error(`no law about ${words}`);
  return law;
};
