import type { Nanos } from '../../base/index.ts';
import type { Condition } from '../access/access.ts';
import type { Role } from '../access/role.ts';
import type { Command, Principal } from './commands.ts';
import type { Login, ModuleState } from './state.ts';

/** Who asks, as the table of access knows it: worked out anew for each request, so that what is revoked is revoked at once. */
export function roleOf(state: ModuleState, principal: Principal, command: Command, now: Nanos): Role {
  switch (principal.kind) {
    case 'panel':
      return 'hands';
    case 'console': {
      const login = state.logins[principal.channel];
      return login === undefined ? 'nobody' : roleOfLogin(state, login);
    }
    case 'pin-device':
      return principal.matching ? 'pin-device' : 'strange-pin-device';
    case 'client': {
      if (!isRegistered(state, principal.certificate, now)) return 'stranger';
      const application = state.applications[principal.application];
      const slot = slotOf(state, principal.application, command);
      if (application === undefined || slot === null) return 'client';
      return application.logins[slot] ?? 'client';
    }
  }
}

export function roleOfLogin(state: ModuleState, { kind, name }: Login): Role {
  if (kind === 'provider') return 'provider-admin';
  if (kind === 'officer') return 'security-officer';
  const account = state.administrators[name];
  if (account === undefined || account.unactivated) return 'unactivated-admin';
  return account.owner ? 'customer-admin' : 'incoming-admin';
}

/** Whether the module would talk to the owner of this certificate at all (T2: by certificate, never by address). */
export function isRegistered(state: ModuleState, certificate: string, now: Nanos): boolean {
  if (!Object.hasOwn(state.clients, certificate)) return false;
  const expires = state.clients[certificate]?.expires ?? null;
  return expires === null || now < expires;
}

/** The slot that a client's command is about, named or by its session; `null`: none. */
export function slotOf(state: ModuleState, application: number, command: Command): number | null {
  if ('slot' in command) return command.slot;
  if (!('session' in command)) return null;
  return state.applications[application]?.sessions[command.session]?.slot ?? null;
}

export function conditionOf(state: ModuleState): Condition {
  if (state.power === 'off') return 'off';
  if (state.suspended !== null) return 'suspended';
  return state.tampered ? 'tampered' : 'ready';
}

/** What the log calls somebody: a name, never a secret. */
export function actorOf(state: ModuleState, principal: Principal): string {
  switch (principal.kind) {
    case 'panel':
      return 'panel';
    case 'console':
      return state.logins[principal.channel]?.name ?? `console ${principal.channel}`;
    case 'pin-device':
      return `pin device ${principal.name}`;
    case 'client': {
      const name = Object.hasOwn(state.clients, principal.certificate)
        ? state.clients[principal.certificate]?.name
        : undefined;
      return `client ${name ?? principal.certificate.slice(0, 16)}`;
    }
  }
}
