import { type Nanos, type Random, unreachable } from '../../base/index.ts';
import {
  ACCOUNT_FAILURES,
  type Account,
  afterTry,
  isSecret,
  LOCK_TIME,
  matches,
  newCredential,
  OFFICER_FAILURES,
} from './account.ts';
import { roleOfLogin } from './asker.ts';
import type { Call } from './commands.ts';
import { erase } from './erasure.ts';
import type { AccountKind, Login, ModuleState } from './state.ts';
import { done, type Handlers, onlyWhere, refuse, without } from './step.ts';

/** Logging in and out at the console, and changing one's own password: how the provider loses its access. */
export const CONSOLE_LOGIN: Handlers<'login' | 'logout' | 'change-password'> = {
  login: (state, call, random) => {
    const { name, secret } = call.command;
    const kind = kindOf(state, name);
    const account = kind === null ? undefined : accountsOf(state, kind)[name];
    // Whoever does not exist fails as a wrong password does.
    if (kind === null || account === undefined) return refuse(state, 'NOT_AUTHENTICATED');
    const tried = tryPassword(state, { kind, name }, account, secret, call, random);
    if (tried.refused !== null) return refuse(tried.state, tried.refused);
    const login: Login = { kind, name };
    const next = { ...tried.state, logins: { ...tried.state.logins, [channelOf(call)]: login } };
    return done(next, { role: roleOfLogin(next, login) });
  },

  logout: (state, call) => done({ ...state, logins: without(state.logins, channelOf(call)) }, {}),

  'change-password': (state, call, random) => {
    const login = state.logins[channelOf(call)];
    const account = login === undefined ? undefined : accountsOf(state, login.kind)[login.name];
    if (login === undefined || account === undefined) return refuse(state, 'NOT_AUTHENTICATED');
    const { old, fresh } = call.command;
    const tried = tryPassword(state, login, account, old, call, random);
    if (tried.refused !== null) return refuse(tried.state, tried.refused);
    if (!isSecret(fresh)) return refuse(tried.state, 'BAD_VALUE', 'a password has 4 to 64 characters');
    if (fresh === old) return refuse(tried.state, 'BAD_VALUE', 'the new password is the old one');
    return done(activate(tried.state, login, account, fresh, channelOf(call), random), {});
  },
};

/** The new password, every other login under the old one ended, and a module that has an owner from now on. */
function activate(
  state: ModuleState,
  login: Login,
  account: Account,
  fresh: string,
  channel: number,
  random: Random,
): ModuleState {
  const takesOver = login.kind === 'administrator' && state.life === 'handover-pending';
  const changed: Account = {
    ...account,
    credential: newCredential(fresh, random),
    unactivated: false,
    owner: account.owner || takesOver,
  };
  const others = onlyWhere(
    state.logins,
    ({ kind, name }, at) => Number(at) === channel || kind !== login.kind || name !== login.name,
  );
  const left = withAccount({ ...state, logins: others }, login.kind, login.name, changed);
  return takesOver ? { ...left, life: 'owned' } : left;
}

interface Try {
  readonly state: ModuleState;
  readonly refused: 'NOT_AUTHENTICATED' | 'LOCKED' | null;
}

/** Checks a password and counts: three wrong ones in a row of an officer destroy everything, ten of others lock the account. */
function tryPassword(
  state: ModuleState,
  { kind, name }: Login,
  account: Account,
  secret: string,
  { now }: { readonly now: Nanos },
  random: Random,
): Try {
  if (account.lockedUntil !== null && now < account.lockedUntil) return { state, refused: 'LOCKED' };
  const right = matches(account.credential, secret);
  const credential = afterTry(account.credential, right);
  if (kind === 'officer' && credential.failures >= OFFICER_FAILURES) {
    return { state: erase(state, 'zeroise', random, now), refused: 'NOT_AUTHENTICATED' };
  }
  const locks = kind !== 'officer' && credential.failures >= ACCOUNT_FAILURES;
  const after: Account = {
    ...account,
    credential: locks ? { ...credential, failures: 0 } : credential,
    lockedUntil: locks ? ((now + LOCK_TIME) as Nanos) : null,
  };
  return { state: withAccount(state, kind, name, after), refused: right ? null : 'NOT_AUTHENTICATED' };
}

export function accountsOf(state: ModuleState, kind: AccountKind): Readonly<Record<string, Account>> {
  switch (kind) {
    case 'provider':
      return state.providers;
    case 'administrator':
      return state.administrators;
    case 'officer':
      return state.officers;
    default:
      return unreachable(kind);
  }
}

export function withAccount(
  state: ModuleState,
  kind: AccountKind,
  name: string,
  account: Account,
): ModuleState {
  switch (kind) {
    case 'provider':
      return { ...state, providers: { ...state.providers, [name]: account } };
    case 'administrator':
      return { ...state, administrators: { ...state.administrators, [name]: account } };
    case 'officer':
      return { ...state, officers: { ...state.officers, [name]: account } };
    default:
      return unreachable(kind);
  }
}

/** Names are of one kind each: the console asks for a name, not for a role. */
export function kindOf(state: ModuleState, name: string): AccountKind | null {
  if (Object.hasOwn(state.providers, name)) return 'provider';
  if (Object.hasOwn(state.administrators, name)) return 'administrator';
  return Object.hasOwn(state.officers, name) ? 'officer' : null;
}

/** The channel that a command of the console came by. */
export function channelOf({ principal }: Pick<Call, 'principal'>): number {
  return principal.kind === 'console' ? principal.channel : -1;
}
