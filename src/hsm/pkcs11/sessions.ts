import type { Code } from '../codes/code.ts';
import { afterTry, isSecret, newCredential } from '../device/account.ts';
import type { Call } from '../device/commands.ts';
import type { ModuleState } from '../device/state.ts';
import { done, type Handlers, onlyWhere, refuse } from '../device/step.ts';
import { emptied, withPartition } from '../partitions/administration.ts';
import { MOST_SESSIONS, type UserType } from '../partitions/application.ts';
import { closeSessions } from '../partitions/connections.ts';
import type { Partition } from '../partitions/partition.ts';
import { usePresented } from '../rped/presented.ts';
import { isLocked, type Try, tryPin, withCredential } from './pin.ts';
import { applicationOf, type Desk, deskOf, numberOf, partitionAt, withApplication } from './session-door.ts';

/** `CKF_RW_SESSION`, `CKF_SERIAL_SESSION` */
export const SESSION_FLAG = { writable: 0x2, serial: 0x4 } as const;

/** `CKU_…`; the crypto user is Luna's. */
const USERS: Readonly<Record<number, UserType>> = {
  0: 'partition-officer',
  1: 'crypto-officer',
  2147483649: 'crypto-user',
};

/** Tokens, sessions and logins (PKCS#11 v3.1, 5.5 and 5.6). */
export const SESSIONS: Handlers<
  | 'C_InitToken'
  | 'C_InitPIN'
  | 'C_SetPIN'
  | 'C_OpenSession'
  | 'C_CloseSession'
  | 'C_CloseAllSessions'
  | 'C_GetSessionInfo'
  | 'C_Login'
  | 'C_Logout'
> = {
  C_InitToken: (state, call, random) => {
    const { slot, pin, label } = call.command;
    const partition = partitionAt(state, applicationOf(state, call), slot);
    if (partition === null) return refuse(state, 'CKR_TOKEN_NOT_PRESENT');
    if (hasSessions(state, partition)) return refuse(state, 'CKR_SESSION_EXISTS');
    if (!isSecret(pin)) return refuse(state, 'CKR_PIN_LEN_RANGE');
    if (partition.officer === null) {
      const officer = newCredential(pin, random);
      return done(withPartition(state, { ...emptied(partition), officer, label: label.trimEnd() }), {});
    }
    // An initialised token needs its officer's PIN, and keeps it.
    const tried = tryPin(state, partition, 'partition-officer', pin);
    if (tried.code !== null) return refuse(tried.state, tried.code);
    const officer = afterTry(partition.officer, true);
    return done(withPartition(state, { ...emptied(partition), officer, label: label.trimEnd() }), {});
  },
  C_InitPIN: (state, call, random) => {
    const desk = deskOf(state, call, call.command.session);
    if (desk === null) return refuse(state, 'CKR_SESSION_HANDLE_INVALID');
    if (!desk.session.writable) return refuse(state, 'CKR_SESSION_READ_ONLY');
    if (!isSecret(call.command.pin)) return refuse(state, 'CKR_PIN_LEN_RANGE');
    if (
      desk.partition.user !== null &&
      state.policies['reset-pin'] === 0 &&
      isLocked(state, desk.partition)
    ) {
      return refuse(state, 'CKR_PIN_LOCKED');
    }
    const user = newCredential(call.command.pin, random);
    return done(withPartition(state, { ...desk.partition, user }), {});
  },
  C_SetPIN: (state, call, random) => {
    const desk = deskOf(state, call, call.command.session);
    if (desk === null) return refuse(state, 'CKR_SESSION_HANDLE_INVALID');
    const user = desk.application.logins[desk.session.slot];
    if (user === undefined) return refuse(state, 'CKR_USER_NOT_LOGGED_IN');
    if (!desk.session.writable) return refuse(state, 'CKR_SESSION_READ_ONLY');
    const tried = tryPin(state, desk.partition, user, call.command.old);
    if (tried.code !== null) return refuse(tried.state, tried.code);
    if (!isSecret(call.command.fresh)) return refuse(tried.state, 'CKR_PIN_LEN_RANGE');
    const fresh = newCredential(call.command.fresh, random);
    return done(withPartition(tried.state, withCredential(tried.partition, user, fresh)), {});
  },

  C_OpenSession: (state, call) => {
    const { slot, flags } = call.command;
    const application = applicationOf(state, call);
    if ((flags & SESSION_FLAG.serial) === 0) return refuse(state, 'CKR_SESSION_PARALLEL_NOT_SUPPORTED');
    const writable = (flags & SESSION_FLAG.writable) !== 0;
    if (!writable && application.logins[slot] === 'partition-officer') {
      return refuse(state, 'CKR_SESSION_READ_WRITE_SO_EXISTS');
    }
    if (Object.keys(application.sessions).length >= MOST_SESSIONS) return refuse(state, 'CKR_SESSION_COUNT');
    const session = application.nextSession;
    const sessions = {
      ...application.sessions,
      [session]: { slot, writable, operations: {}, found: null },
    };
    return done(
      withApplication(state, numberOf(call), { ...application, sessions, nextSession: session + 1 }),
      { session },
    );
  },
  C_CloseSession: (state, call) =>
    done(
      closeSessions(state, numberOf(call), (_, handle) => handle === call.command.session),
      {},
    ),
  C_CloseAllSessions: (state, call) =>
    done(
      closeSessions(state, numberOf(call), ({ slot }) => slot === call.command.slot),
      {},
    ),
  C_GetSessionInfo: (state, call) => {
    const desk = deskOf(state, call, call.command.session);
    if (desk === null) return refuse(state, 'CKR_SESSION_HANDLE_INVALID');
    const { slot, writable } = desk.session;
    return done(state, {
      slot,
      state: sessionState(desk.application.logins[slot], writable),
      flags: SESSION_FLAG.serial | (writable ? SESSION_FLAG.writable : 0),
    });
  },

  C_Login: (state, call) => {
    const { session, user: number, pin } = call.command;
    const desk = deskOf(state, call, session);
    if (desk === null) return refuse(state, 'CKR_SESSION_HANDLE_INVALID');
    const user = Object.hasOwn(USERS, number) ? USERS[number] : undefined;
    if (user === undefined) return refuse(state, 'CKR_USER_TYPE_INVALID');
    const fault = loginFault(desk, user);
    if (fault !== null) return refuse(state, fault);
    if (isWrongPath(state, user, pin)) return refuse(state, 'CKR_ARGUMENTS_BAD');
    const tried = pin === null ? byDevice(state, call, desk, user) : tryPin(state, desk.partition, user, pin);
    if (tried.code !== null) return refuse(tried.state, tried.code);
    const application = tried.state.applications[desk.number] ?? desk.application;
    const logins = { ...application.logins, [desk.session.slot]: user };
    return done(withApplication(tried.state, desk.number, { ...application, logins }), {});
  },
  C_Logout: (state, call) => {
    const desk = deskOf(state, call, call.command.session);
    if (desk === null) return refuse(state, 'CKR_SESSION_HANDLE_INVALID');
    const { slot } = desk.session;
    const { application, partition } = desk;
    return done(
      withApplication(state, desk.number, {
        ...application,
        logins: onlyWhere(application.logins, (_, at) => Number(at) !== slot),
        // Handles of private objects are gone for good, "even if a user is later logged back" (5.6.9).
        handles: onlyWhere(
          application.handles,
          (handle) =>
            handle.slot !== slot || partition.objects[handle.object]?.attributes.CKA_PRIVATE !== true,
        ),
        sessions: Object.fromEntries(
          Object.entries(application.sessions).map(([at, session]) => [
            at,
            session.slot === slot ? { ...session, operations: {}, found: null } : session,
          ]),
        ),
      }),
      {},
    );
  },
};

function loginFault({ application, session }: Desk, user: UserType): Code | null {
  const current = application.logins[session.slot];
  if (current !== undefined) {
    return current === user ? 'CKR_USER_ALREADY_LOGGED_IN' : 'CKR_USER_ANOTHER_ALREADY_LOGGED_IN';
  }
  const readers = Object.values(application.sessions).some(
    ({ slot, writable }) => slot === session.slot && !writable,
  );
  return user === 'partition-officer' && readers ? 'CKR_SESSION_READ_ONLY_EXISTS' : null;
}

/**
 * With `CKF_PROTECTED_AUTHENTICATION_PATH` the PINs of those who use keys come by a PIN entry device, and none is taken from an
 * application (PKCS#11 v3.1, 5.6.8). The officer, who prepares the partition, may go either way.
 */
function isWrongPath(state: ModuleState, user: UserType, pin: string | null): boolean {
  const trusted = state.policies['trusted-path'] === 1;
  return pin === null ? !trusted : trusted && user !== 'partition-officer';
}

/** What a PIN entry device has brought in time. */
function byDevice(state: ModuleState, call: Call, desk: Desk, user: UserType): Try {
  const used = usePresented(state, call, desk.partition, user);
  return {
    state: used ?? state,
    partition: desk.partition,
    code: used === null ? 'CKR_FUNCTION_CANCELED' : null,
  };
}

/** Whether anybody has a session open with a partition, in whatever application. */
function hasSessions(state: ModuleState, { serial }: Partition): boolean {
  return Object.values(state.applications).some(({ certificate, sessions }) =>
    Object.values(sessions).some(({ slot }) => state.clients[certificate]?.slots[slot] === serial),
  );
}

/** `CKS_…` */
function sessionState(user: UserType | undefined, writable: boolean): number {
  if (user === 'partition-officer') return 4;
  if (user === undefined) return writable ? 2 : 0;
  return writable ? 3 : 1;
}
