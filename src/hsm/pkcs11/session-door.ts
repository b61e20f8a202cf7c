import type { Code } from '../codes/code.ts';
import type { Call, Command, CommandKind } from '../device/commands.ts';
import type { ModuleState } from '../device/state.ts';
import { type Application, freshApplication, type Session } from '../partitions/application.ts';
import type { Partition } from '../partitions/partition.ts';

/** What a client's command works on. */
export interface Desk {
  /** number of the application */
  readonly number: number;
  readonly application: Application;
  readonly handle: number;
  readonly session: Session;
  readonly partition: Partition;
}

/** What is wrong with the connection itself, before any question of roles: codes that only depend on handles and slots. */
export function connectionFault(
  state: ModuleState,
  certificate: string,
  number: number,
  command: Command,
): Code | null {
  const application = state.applications[number];
  if (application !== undefined && application.certificate !== certificate) return 'CKR_GENERAL_ERROR';
  if (command.kind === 'C_Initialize') return null;
  if (application === undefined || !application.initialised) return 'CKR_CRYPTOKI_NOT_INITIALIZED';
  if ('session' in command) return sessionFault(state, application, command.session);
  if ('slot' in command) return slotFault(state, certificate, command.slot);
  return null;
}

function sessionFault(state: ModuleState, application: Application, handle: number): Code | null {
  const session = Object.hasOwn(application.sessions, handle) ? application.sessions[handle] : undefined;
  if (session !== undefined) return slotFault(state, application.certificate, session.slot);
  return application.removed.includes(handle) ? 'CKR_DEVICE_REMOVED' : 'CKR_SESSION_HANDLE_INVALID';
}

function slotFault(state: ModuleState, certificate: string, slot: number): Code | null {
  const slots = state.clients[certificate]?.slots ?? {};
  const serial = Object.hasOwn(slots, slot) ? slots[slot] : undefined;
  if (serial === undefined) return 'CKR_SLOT_ID_INVALID';
  return Object.hasOwn(state.partitions, serial) ? null : 'CKR_TOKEN_NOT_PRESENT';
}

/** The state after a session was told that its partition is gone: it is told once. */
export function afterFault(state: ModuleState, number: number, command: Command, code: Code): ModuleState {
  const application = state.applications[number];
  if (code !== 'CKR_DEVICE_REMOVED' || application === undefined || !('session' in command)) return state;
  const removed = application.removed.filter((handle) => handle !== command.session);
  return withApplication(state, number, { ...application, removed });
}

/** The application of a call; a fresh one before its first command. */
export function applicationOf(state: ModuleState, { principal }: Pick<Call, 'principal'>): Application {
  if (principal.kind !== 'client') return freshApplication('');
  return state.applications[principal.application] ?? freshApplication(principal.certificate);
}

export function numberOf({ principal }: Pick<Call, 'principal'>): number {
  return principal.kind === 'client' ? principal.application : -1;
}

/** What a command in a session works on. Only after {@link connectionFault} found nothing. */
export function deskOf<K extends CommandKind>(
  state: ModuleState,
  call: Call<K>,
  handle: number,
): Desk | null {
  const application = applicationOf(state, call);
  const session = application.sessions[handle];
  if (session === undefined) return null;
  const partition = partitionAt(state, application, session.slot);
  if (partition === null) return null;
  return { number: numberOf(call), application, handle, session, partition };
}

export function partitionAt(state: ModuleState, application: Application, slot: number): Partition | null {
  const serial = state.clients[application.certificate]?.slots[slot];
  return serial === undefined ? null : (state.partitions[serial] ?? null);
}

export function withApplication(state: ModuleState, number: number, application: Application): ModuleState {
  return { ...state, applications: { ...state.applications, [number]: application } };
}

export function withSession(state: ModuleState, desk: Desk, session: Session): ModuleState {
  const application = state.applications[desk.number] ?? desk.application;
  const sessions = { ...application.sessions, [desk.handle]: session };
  return withApplication(state, desk.number, { ...application, sessions });
}
