import type { BackupContents } from '../../src/hsm/zones/backup.ts';
import type { News } from '../../src/hsm/zones/masked.ts';
import { type Mutant, mutantOf } from './mutant.ts';

type Account = typeof import('../../src/hsm/device/account.ts');
type Asker = typeof import('../../src/hsm/device/asker.ts');
type Backup = typeof import('../../src/hsm/zones/backup.ts');
type BytesIn = typeof import('../../src/hsm/rpc/bytes-in.ts');
type Cards = typeof import('../../src/hsm/zones/cards.ts');
type Certificate = typeof import('../../src/hsm/channel/certificate.ts');
type Change = typeof import('../../src/hsm/objects/change.ts');
type ConsoleAnswer = typeof import('../../src/hsm/appliance/console-answer.ts');
type Erasure = typeof import('../../src/hsm/device/erasure.ts');
type Frame = typeof import('../../src/hsm/rpc/frame.ts');
type Masked = typeof import('../../src/hsm/zones/masked.ts');
type ObjectStore = typeof import('../../src/hsm/pkcs11/object-store.ts');
type Partitions = typeof import('../../src/hsm/partitions/administration.ts');
type Quorum = typeof import('../../src/hsm/device/quorum.ts');
type RecordLayer = typeof import('../../src/hsm/channel/record.ts');
type SessionDoor = typeof import('../../src/hsm/pkcs11/session-door.ts');
type Table = typeof import('../../src/hsm/access/table.ts');
type ZoneRecord = typeof import('../../src/hsm/zones/record.ts');
type Policy = typeof import('../../src/hsm/device/policy.ts');

/** Further than any key is ever changed. */
const AHEAD = 1_000_000;

/** What was sealed, by its ciphertext: for a seal that opens for everybody. */
const sealed = new Map<string, unknown>();

/**
 * One for each property of docs/HSM.md that has no fault planted elsewhere: P6, P9, P15, P20 and P31 are in test/hsm/laws/faults.ts
 * as well, P29 is in test/hsm/storage.test.ts, and P26 takes two backends that nobody here wrote.
 */
export const MUTANTS: readonly Mutant[] = [
  mutantOf<Asker>('the provider is an officer, too', 'P1', 'hsm/stories', 'device/asker.ts', (right) => ({
    roleOf: (...asked) => {
      const role = right.roleOf(...asked);
      return role === 'provider-admin' ? 'security-officer' : role;
    },
  })),
  mutantOf<Erasure>('clients outlast InitializeHSM', 'P2', 'hsm/stories', 'device/erasure.ts', (right) => ({
    erase: (state, ...how) => ({ ...right.erase(state, ...how), clients: state.clients }),
  })),
  mutantOf<Asker>('whoever comes later owns it as well', 'P3', 'hsm/stories', 'device/asker.ts', (right) => ({
    roleOf: (...asked) => {
      const role = right.roleOf(...asked);
      return role === 'incoming-admin' ? 'customer-admin' : role;
    },
  })),
  mutantOf<Asker>(
    'the password that was handed over is as good as one’s own',
    'P4',
    'hsm/access',
    'device/asker.ts',
    (right) => ({
      roleOf: (...asked) => {
        const role = right.roleOf(...asked);
        return role === 'unactivated-admin' ? 'customer-admin' : role;
      },
    }),
  ),
  mutantOf<Asker>('who uses keys makes keys', 'P5', 'hsm/access', 'device/asker.ts', (right) => ({
    roleOf: (...asked) => {
      const role = right.roleOf(...asked);
      return role === 'crypto-user' ? 'crypto-officer' : role;
    },
  })),
  mutantOf<SessionDoor>(
    'handles outlive what they were for',
    'P6',
    'hsm/conditions',
    'pkcs11/session-door.ts',
    () => ({
      connectionFault: () => null,
    }),
  ),
  mutantOf<Certificate>(
    'all certificates are one',
    'P7',
    'scenario/security-module',
    'channel/certificate.ts',
    () => ({
      fingerprintOf: () => 'aa'.repeat(32),
    }),
  ),
  mutantOf<ObjectStore>(
    'handles are counted over all partitions',
    'P8',
    'hsm/attacks',
    'pkcs11/object-store.ts',
    (right) => ({
      withHandle: (state, desk, object) => {
        const made = right.withHandle(state, desk, object);
        const all = Object.values(state.partitions).reduce((sum, { nextObject }) => sum + nextObject, 0);
        return { ...made, handle: made.handle + 1000 * all };
      },
    }),
  ),
  mutantOf<Change>(
    'a key that is changed becomes readable',
    'P9',
    'hsm/conditions',
    'objects/change.ts',
    () => ({
      changedAttributes: (attributes) => ({
        ok: true,
        value: { ...attributes, CKA_SENSITIVE: false, CKA_EXTRACTABLE: true },
      }),
    }),
  ),
  mutantOf<Policy>(
    'safe-wrapping is off from the start',
    'P10',
    'hsm/attacks',
    'device/policy.ts',
    (right) => ({
      chosenPolicies: (chosen) => {
        const policies = right.chosenPolicies(chosen);
        return policies === null ? null : { ...policies, 'safe-wrapping': 0 };
      },
    }),
  ),
  mutantOf<Cards>('what shares give is never checked', 'P11', 'hsm/zones', 'zones/cards.ts', () => ({
    keyOfShares: ([first]) => first?.slice(0, 32) ?? null,
  })),
  mutantOf<Quorum>('nobody has to approve', 'P12', 'hsm/quorum-and-suspension', 'device/quorum.ts', () => ({
    useApproval: (state) => state,
  })),
  mutantOf<RecordLayer>(
    'the channel seals nothing',
    'P13',
    'hsm/appliance',
    'channel/record.ts',
    (right) => ({
      sealRecords: (direction, bytes) => ({ direction, sealed: right.prefixed(bytes) }),
      openRecords: (direction, bytes) => {
        const cut = right.cutPrefixed(bytes, 1 << 16);
        return cut === null || cut === 'too-long'
          ? { direction, bytes: new Uint8Array(0), rest: bytes }
          : { direction, bytes: cut.body, rest: cut.rest };
      },
    }),
  ),
  mutantOf<RecordLayer>(
    'what was changed on the way is passed over',
    'P14',
    'hsm/appliance',
    'channel/record.ts',
    (right) => ({
      openRecords: (direction, bytes) => {
        const opened = right.openRecords(direction, bytes);
        return opened.bytes === null ? { ...opened, bytes: new Uint8Array(0) } : opened;
      },
    }),
  ),
  mutantOf<Erasure>(
    'the key-encryption key outlasts the tables',
    'P15',
    'hsm/laws/laws',
    'device/erasure.ts',
    (right) => ({
      erase: (state, ...how) => ({
        ...right.erase(state, ...how),
        kek: state.kek,
        partitions: state.partitions,
      }),
    }),
  ),
  mutantOf<Erasure>(
    'the log goes to the next customer',
    'P16',
    'hsm/stories',
    'device/erasure.ts',
    (right) => ({
      erase: (state, ...how) => ({ ...right.erase(state, ...how), log: state.log, logged: state.logged }),
    }),
  ),
  mutantOf<Partitions>(
    'a partition made new keeps its keys',
    'P17',
    'hsm/stories',
    'partitions/administration.ts',
    () => ({
      emptied: (partition) => partition,
    }),
  ),
  mutantOf<Account>('wrong PINs are not counted', 'P18', 'hsm/stories', 'device/account.ts', () => ({
    afterTry: (credential) => credential,
  })),
  mutantOf<Erasure>('erasing begins with the tables', 'P19', 'hsm/stories', 'device/erasure.ts', (right) => ({
    erasureWrites: (...how) => [...right.erasureWrites(...how)].reverse(),
  })),
  mutantOf<Asker>(
    'suspended is as good as ready',
    'P20',
    'hsm/quorum-and-suspension',
    'device/asker.ts',
    (right) => ({
      conditionOf: (state) => right.conditionOf({ ...state, suspended: null }),
    }),
  ),
  mutantOf<Backup>('every key opens every backup', 'P21', 'hsm/zones', 'zones/backup.ts', (right) => ({
    sealBackup: (key, header, contents, random) => {
      const backup = right.sealBackup(key, header, contents, random);
      sealed.set(backup.sealed, contents);
      return backup;
    },
    openBackup: (key, backup) =>
      (sealed.get(backup.sealed) as BackupContents | undefined) ?? right.openBackup(key, backup),
  })),
  mutantOf<Masked>('a copy for one module opens in all', 'P22', 'hsm/copies', 'zones/masked.ts', (right) => ({
    maskObject: (news, ...how) => {
      const masked = right.maskObject(news, ...how);
      if (masked !== null) sealed.set(masked.sealed, { news });
      return masked;
    },
    unmaskObject: (masked, ...how) =>
      (sealed.get(masked.sealed) as { news: News } | undefined) ?? right.unmaskObject(masked, ...how),
  })),
  mutantOf<ObjectStore>(
    'one module is enough',
    'P23',
    'hsm/replication',
    'pkcs11/object-store.ts',
    (right) => ({
      isLonely: () => false,
      keyFor: (state, held, use) =>
        right.keyFor({ ...state, policies: { ...state.policies, 'key-copies': 1 } }, held, use),
    }),
  ),
  mutantOf<ConsoleAnswer>(
    'at home the console speaks otherwise',
    'P24',
    'scenario/several-modules',
    'appliance/console-answer.ts',
    (right) => ({
      answerLine: (module, ...said) => {
        const answered = right.answerLine(module, ...said);
        const home = module.serial.includes('/');
        return { ...answered, text: home ? (answered.text?.replace(/^OK/, 'FINE') ?? null) : answered.text };
      },
    }),
  ),
  mutantOf<ZoneRecord>(
    'every record is the newest',
    'P25',
    'hsm/external-keystore',
    'zones/record.ts',
    (right) => ({
      readRecord: (bytes) => {
        const record = right.readRecord(bytes);
        return record === null ? null : { ...record, version: record.version + AHEAD };
      },
      openRecord: (key, record) => right.openRecord(key, { ...record, version: record.version - AHEAD }),
    }),
  ),
  mutantOf<Frame>('half a message is thrown away', 'P27', 'hsm/rpc', 'rpc/frame.ts', (right) => ({
    cutFrames: (bytes) => ({ ...right.cutFrames(bytes), rest: new Uint8Array(0) }),
  })),
  mutantOf<BytesIn>(
    'a message that ends too early is an exception',
    'P28',
    'hsm/rpc',
    'rpc/bytes-in.ts',
    (right) => ({
      takeBytes: (input) => {
        const bytes = right.takeBytes(input);
        if (input.failed) throw new RangeError('past the end');
        return bytes;
      },
    }),
  ),
  mutantOf<Account>(
    'first passwords come from the machine’s own chance',
    'P30',
    'scenario/security-module',
    'device/account.ts',
    () => ({
      oneTimePassword: () => `${Math.random()}`.slice(2, 18).padEnd(16, '7'),
    }),
  ),
  mutantOf<Table>(
    'registering a client leaves no entry',
    'P31',
    'hsm/laws/laws',
    'access/table.ts',
    (right) => ({
      ACCESS: { ...right.ACCESS, 'register-client': { ...right.ACCESS['register-client'], logged: false } },
    }),
  ),
];
