import type { Command } from '../device/commands.ts';
import type { ModuleState } from '../device/state.ts';
import { type MechanismName, mechanismName } from '../objects/mechanism.ts';
import type { OperationKind } from '../partitions/application.ts';

/** The call that ends each kind of operation: the one that keeps an engine busy. */
const ENDS: { readonly [Kind in Command['kind']]?: OperationKind } = {
  C_Encrypt: 'encrypt',
  C_Decrypt: 'decrypt',
  C_Digest: 'digest',
  C_Sign: 'sign',
  C_Verify: 'verify',
};

/** The mechanism that a call sets to work; `null`: the call needs no engine. */
export function workOf(state: ModuleState, application: number, command: Command): MechanismName | null {
  switch (command.kind) {
    case 'C_GenerateKey':
    case 'C_GenerateKeyPair':
    case 'C_WrapKey':
    case 'C_UnwrapKey':
    case 'C_DeriveKey':
      return mechanismName(command.mechanism.type);
    default: {
      const kind = ENDS[command.kind];
      if (kind === undefined || !('session' in command)) return null;
      const session = state.applications[application]?.sessions[command.session];
      return session?.operations[kind]?.mechanism ?? null;
    }
  }
}

/** An error ends the operation that it is about (PKCS#11 v3.1, 5.2), so that the session can begin another. */
export function withoutOperation(state: ModuleState, number: number, command: Command): ModuleState {
  const kind = ENDS[command.kind];
  const application = state.applications[number];
  const session = 'session' in command ? application?.sessions[command.session] : undefined;
  if (kind === undefined || application === undefined || session === undefined || !('session' in command)) {
    return state;
  }
  const { [kind]: _, ...operations } = session.operations;
  const sessions = { ...application.sessions, [command.session]: { ...session, operations } };
  return { ...state, applications: { ...state.applications, [number]: { ...application, sessions } } };
}
