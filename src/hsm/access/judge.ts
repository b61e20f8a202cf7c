import type { Code } from '../codes/code.ts';
import type { CommandKind } from '../device/commands.ts';
import type { Policies } from '../device/policy.ts';
import type { Life } from '../device/state.ts';
import type { Condition } from './access.ts';
import { CLIENT_ROLES, CONSOLE_ROLES, type Role } from './role.ts';
import { ACCESS } from './table.ts';

/** What the table says to a request: it may be tried, it is refused with this code, or nobody answers. */
export type Verdict = 'allowed' | 'silent' | Code;

/** The table's word on a command, for whoever gives it and whatever the module is in. Everything else is the command's own. */
export function judge(
  kind: CommandKind,
  role: Role,
  life: Life,
  condition: Condition,
  policies: Policies,
): Verdict {
  const access = ACCESS[kind];
  if (!access.conditions.includes(condition) && (condition === 'off' || condition === 'suspended'))
    return role === 'hands' ? 'WRONG_STATE' : 'silent';
  const allowed =
    access.roles.includes(role) ||
    (access.under !== null && policies[access.under.policy] === 1 && access.under.roles.includes(role));
  if (!allowed) return refusalOf(kind, role);
  if (!access.conditions.includes(condition)) {
    if (condition !== 'tampered') return 'WRONG_STATE';
    return access.door === 'client' ? 'CKR_DEVICE_ERROR' : 'TAMPERED';
  }
  if (!access.lives.includes(life)) {
    return access.door === 'client' ? 'CKR_TOKEN_NOT_PRESENT' : 'WRONG_STATE';
  }
  return 'allowed';
}

function refusalOf(kind: CommandKind, role: Role): Code {
  if (CLIENT_ROLES.includes(role)) {
    if (role === 'stranger') return 'CKR_DEVICE_REMOVED';
    return ACCESS[kind].door === 'client' ? 'CKR_USER_NOT_LOGGED_IN' : 'CKR_FUNCTION_NOT_SUPPORTED';
  }
  if (role === 'strange-pin-device') return 'NOT_AUTHENTICATED';
  if (!CONSOLE_ROLES.includes(role)) return 'NOT_AUTHORIZED';
  if (role === 'nobody') return 'NOT_AUTHENTICATED';
  return role === 'unactivated-admin' ? 'PASSWORD_EXPIRED' : 'NOT_AUTHORIZED';
}
