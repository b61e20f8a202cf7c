import type { ModuleState } from '../device/state.ts';
import { done, type Handlers, refuse } from '../device/step.ts';
import { MECHANISMS, type MechanismUse, mechanismName } from '../objects/mechanism.ts';
import { MOST_SESSIONS } from '../partitions/application.ts';
import { closeApplication } from '../partitions/connections.ts';
import type { Partition } from '../partitions/partition.ts';
import { applicationOf, numberOf, partitionAt, withApplication } from './session-door.ts';

/** `CKF_…` of `CK_TOKEN_INFO`. */
export const TOKEN_FLAG = {
  rng: 0x1,
  loginRequired: 0x4,
  userPinInitialised: 0x8,
  protectedPath: 0x100,
  tokenInitialised: 0x400,
  userPinCountLow: 0x10000,
  userPinFinalTry: 0x20000,
  userPinLocked: 0x40000,
} as const;

/** `CKF_…` of `CK_MECHANISM_INFO`. */
const USE_FLAG: Readonly<Record<MechanismUse, number>> = {
  encrypt: 0x100,
  decrypt: 0x200,
  digest: 0x400,
  sign: 0x800,
  verify: 0x2000,
  generate: 0x8000,
  'generate-pair': 0x10000,
  wrap: 0x20000,
  unwrap: 0x40000,
  derive: 0x80000,
};
const HARDWARE = 0x1;
const MANUFACTURER = 'vnsim';

/** What a client asks before it opens a session: slots are the partitions assigned to it, and it sees no others. */
export const LIBRARY: Handlers<
  | 'C_Initialize'
  | 'C_Finalize'
  | 'C_GetInfo'
  | 'C_GetSlotList'
  | 'C_GetSlotInfo'
  | 'C_GetTokenInfo'
  | 'C_GetMechanismList'
  | 'C_GetMechanismInfo'
> = {
  C_Initialize: (state, call) => {
    const application = applicationOf(state, call);
    if (application.initialised) return refuse(state, 'CKR_CRYPTOKI_ALREADY_INITIALIZED');
    return done(withApplication(state, numberOf(call), { ...application, initialised: true }), {});
  },
  C_Finalize: (state, call) => done(closeApplication(state, numberOf(call)), {}),
  C_GetInfo: (state) => done(state, { manufacturer: MANUFACTURER, description: state.firmware }),
  C_GetSlotList: (state, call) => {
    const application = applicationOf(state, call);
    const slots = Object.keys(state.clients[application.certificate]?.slots ?? {}).map(Number);
    const wanted = call.command.tokenPresent
      ? slots.filter((slot) => partitionAt(state, application, slot) !== null)
      : slots;
    return done(state, { slots: wanted });
  },
  C_GetSlotInfo: (state, call) =>
    done(state, {
      description: `partition slot ${call.command.slot}`,
      manufacturer: MANUFACTURER,
      tokenPresent: true,
    }),
  C_GetTokenInfo: (state, call) => {
    const { slot } = call.command;
    const application = applicationOf(state, call);
    const partition = partitionAt(state, application, slot);
    if (partition === null) return refuse(state, 'CKR_TOKEN_NOT_PRESENT');
    const sessions = Object.values(application.sessions).filter((session) => session.slot === slot);
    return done(state, {
      label: partition.label,
      manufacturer: MANUFACTURER,
      serial: partition.serial,
      model: 'vnsim-hsm',
      flags: tokenFlags(state, partition),
      sessions: sessions.length,
      writableSessions: sessions.filter(({ writable }) => writable).length,
    });
  },
  C_GetMechanismList: (state, { backend }) =>
    done(state, { mechanisms: [...backend.mechanisms].map((name) => MECHANISMS[name].number) }),
  C_GetMechanismInfo: (state, { command: { type }, backend }) => {
    const name = mechanismName(type);
    if (name === null || !backend.mechanisms.has(name)) return refuse(state, 'CKR_MECHANISM_INVALID');
    const { smallest, largest, uses } = MECHANISMS[name];
    return done(state, {
      smallest,
      largest,
      flags: uses.reduce((sum, use) => sum | USE_FLAG[use], HARDWARE),
    });
  },
};

/** Sessions that an application may have, as `CK_TOKEN_INFO` says it. */
export const SESSION_LIMIT: number = MOST_SESSIONS;

function tokenFlags(state: ModuleState, { officer, user }: Partition): number {
  const most = state.policies['user-failures'];
  const failures = user?.failures ?? 0;
  return [
    TOKEN_FLAG.rng | TOKEN_FLAG.loginRequired,
    state.policies['trusted-path'] === 0 ? 0 : TOKEN_FLAG.protectedPath,
    officer === null ? 0 : TOKEN_FLAG.tokenInitialised,
    user === null ? 0 : TOKEN_FLAG.userPinInitialised,
    failures > 0 ? TOKEN_FLAG.userPinCountLow : 0,
    failures === most - 1 ? TOKEN_FLAG.userPinFinalTry : 0,
    failures >= most ? TOKEN_FLAG.userPinLocked : 0,
  ].reduce((sum, flag) => sum | flag, 0);
}
