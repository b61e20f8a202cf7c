import { type Command, type Dispatched, dispatch, type ModuleState } from '../../../src/hsm/index.ts';
import { openValue } from '../../../src/hsm/keystore/vault.ts';
import { APP, PINS } from '../rig.ts';
import { type Law, lawNamed } from './laws.ts';
import { type Module, RIGHT } from './walk.ts';

/** Something that somebody could have got wrong in the module, and the law that must not let it pass. */
export interface Fault {
  readonly name: string;
  readonly module: Module;
  readonly caughtBy: Law;
}

const given = <Value>(done: Dispatched, value: Value): Dispatched =>
  ({ ...done, result: { kind: 'done', value } }) as Dispatched;

/** Changes what a module does after it has done it. */
const after =
  (change: (done: Dispatched, before: ModuleState, command: Command) => Dispatched): Module =>
  (state, who, command, random, now) =>
    change(RIGHT(state, who, command, random, now), state, command);

/** Runs a changed state, and puts back what was changed. */
const pretending =
  (
    pretend: (state: ModuleState) => ModuleState,
    restore: (state: ModuleState, was: ModuleState) => ModuleState,
  ): Module =>
  (state, who, command, random, now) => {
    const done = dispatch(pretend(state), who, command, random, now);
    return { ...done, state: restore(done.state, state) } as Dispatched;
  };

const onAttributes = (
  state: ModuleState,
  change: (attributes: ModuleState['partitions'][string]['objects'][number]['attributes']) => object,
): ModuleState => ({
  ...state,
  partitions: Object.fromEntries(
    Object.entries(state.partitions).map(([serial, partition]) => [
      serial,
      {
        ...partition,
        objects: Object.fromEntries(
          Object.entries(partition.objects).map(([number, object]) => [
            number,
            { ...object, attributes: { ...object.attributes, ...change(object.attributes) } },
          ]),
        ),
      },
    ]),
  ),
});

/** Counts up over the whole test run: what no pure function has. */
let calls = 0;

export const FAULTS: readonly Fault[] = [
  {
    name: 'CKA_VALUE is read whatever the key says',
    module: pretending(
      (state) => onAttributes(state, () => ({ CKA_SENSITIVE: false, CKA_EXTRACTABLE: true })),
      (_, was) => was,
    ),
    caughtBy: lawNamed('no answer and no entry'),
  },
  {
    name: 'a wrapped key is its value',
    module: after((done, before, command) => {
      if (command.kind !== 'C_WrapKey' || done.result.kind !== 'done') return done;
      const sealed = Object.values(before.partitions)
        .flatMap(({ objects }) => Object.values(objects))
        .map((object) => (object.sealed === null ? null : openValue(before, object.sealed)));
      return given(done, { data: sealed[0] });
    }),
    caughtBy: lawNamed('no answer and no entry'),
  },
  {
    name: 'the PIN is kept as it was typed',
    module: after((done, _, command) =>
      command.kind === 'C_Login' ? { ...done, state: { ...done.state, label: command.pin ?? '' } } : done,
    ),
    caughtBy: lawNamed('the saved module holds'),
  },
  {
    name: 'a key may be given another use later',
    module: after((done, before, command) => {
      if (command.kind !== 'C_SetAttributeValue' || before.kek === null || done.result.kind === 'silent')
        return done;
      return { ...done, state: onAttributes(done.state, () => ({ CKA_DECRYPT: true })) };
    }),
    caughtBy: lawNamed('only ever become stricter'),
  },
  {
    name: 'the console has the commands of clients, too',
    module: (state, who, command, random, now) =>
      who.kind === 'console' && command.kind === 'C_DestroyObject'
        ? RIGHT(state, APP, command, random, now)
        : RIGHT(state, who, command, random, now),
    caughtBy: lawNamed('keys are used by clients'),
  },
  {
    name: 'whoever has a session need not log in',
    module: (state, who, command, random, now) => {
      const application = who.kind === 'client' ? state.applications[who.application] : undefined;
      if (who.kind !== 'client' || application === undefined || command.kind !== 'C_GenerateKey') {
        return RIGHT(state, who, command, random, now);
      }
      const slots = Object.values(application.sessions).map(({ slot }) => [slot, 'crypto-officer'] as const);
      const logins = Object.fromEntries(slots);
      const opened = {
        ...state,
        applications: { ...state.applications, [who.application]: { ...application, logins } },
      };
      return RIGHT(opened, who, command, random, now);
    },
    caughtBy: lawNamed('keys are used by clients'),
  },
  {
    name: 'a deleted client keeps what it has open',
    module: after((done, before, command) =>
      command.kind === 'delete-client' && done.result.kind === 'done'
        ? { ...done, state: { ...done.state, clients: before.clients, applications: before.applications } }
        : done,
    ),
    caughtBy: lawNamed('a client that is not registered'),
  },
  {
    name: 'certificates never expire',
    module: (state, who, command, random) => RIGHT(state, who, command, random, 0 as Parameters<Module>[4]),
    caughtBy: lawNamed('a client that is not registered'),
  },
  {
    name: 'wrong PINs count while the module is suspended',
    module: (state, who, command, random, now) =>
      command.kind === 'C_Login' && state.suspended !== null
        ? { ...RIGHT(state, who, command, random, now), state: { ...state, logged: state.logged + 1 } }
        : RIGHT(state, who, command, random, now),
    caughtBy: lawNamed('nothing answers and nothing changes'),
  },
  {
    name: 'a suspended module answers the provider',
    module: (state, who, command, random, now) =>
      who.kind === 'console'
        ? RIGHT({ ...state, suspended: null }, who, command, random, now)
        : RIGHT(state, who, command, random, now),
    caughtBy: lawNamed('nothing answers and nothing changes'),
  },
  {
    name: 'registering a client leaves no entry',
    module: after((done, _, command) =>
      command.kind === 'register-client' ? { ...done, entry: null } : done,
    ),
    caughtBy: lawNamed('whatever changes what lasts'),
  },
  {
    name: 'zeroising forgets the tables and keeps the key-encryption key',
    module: after((done, before) =>
      done.state.kek === null && before.kek !== null
        ? { ...done, state: { ...done.state, kek: before.kek } }
        : done,
    ),
    caughtBy: lawNamed('an erased module has no'),
  },
  {
    name: 'InitializeHSM takes the key-encryption key that it had destroyed',
    module: (() => {
      let old: string | null = null;
      return (state, who, command, random, now) => {
        const done = RIGHT(state, who, command, random, now);
        old = state.kek ?? old;
        const again = command.kind === 'initialise' && done.result.kind === 'done';
        return again ? { ...done, state: { ...done.state, kek: old } } : done;
      };
    })(),
    caughtBy: lawNamed('is never opened after it'),
  },
  {
    name: 'a handle comes from a counter outside the state',
    module: after((done, _, command) => {
      calls += 1;
      return command.kind === 'C_OpenSession' && done.result.kind === 'done'
        ? given(done, { session: calls })
        : done;
    }),
    caughtBy: lawNamed('the same state, asker'),
  },
  {
    name: 'a wrong PIN counts in every partition',
    module: after((done, before, command) =>
      command.kind === 'C_Login' && done.result.kind === 'refused' && command.pin !== PINS.user
        ? {
            ...done,
            state: {
              ...done.state,
              partitions: Object.fromEntries(
                Object.entries(before.partitions).map(([serial, partition]) => [
                  serial,
                  { ...partition, version: partition.version + 1 },
                ]),
              ),
            },
          }
        : done,
    ),
    caughtBy: lawNamed('no client touches a partition'),
  },
  {
    name: 'a backup has its objects in the clear',
    module: after((done, before, command) => {
      if (command.kind !== 'backup' || done.result.kind !== 'done') return done;
      const values = Object.values(before.partitions)
        .flatMap(({ objects }) => Object.values(objects))
        .map((object) => (object.sealed === null ? null : openValue(before, object.sealed)));
      return given(done, { values });
    }),
    caughtBy: lawNamed('no answer and no entry'),
  },
  {
    name: 'the provider backs up whatever the zone',
    module: (state, who, command, random, now) => {
      const provider = who.kind === 'console' && state.logins[who.channel]?.kind === 'provider';
      if (!provider || command.kind !== 'backup') return RIGHT(state, who, command, random, now);
      return RIGHT({ ...state, zone: { ...state.zone, custodian: 'provider' } }, who, command, random, now);
    },
    caughtBy: lawNamed('whoever has custody of the zone'),
  },
  {
    name: 'a refused deletion deletes',
    module: after((done, before, command) =>
      command.kind === 'delete-partition' && done.result.kind === 'refused'
        ? { ...done, state: { ...before, partitions: {} } }
        : done,
    ),
    caughtBy: lawNamed('every refusal has a code'),
  },
];
