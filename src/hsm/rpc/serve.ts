import type { Nanos, Random } from '../../base/index.ts';
import type { Backend } from '../backend/backend.ts';
import { EMBEDDED } from '../backend/embedded.ts';
import type { Code } from '../codes/code.ts';
import { actorOf, conditionOf, roleOf } from '../device/asker.ts';
import type { Principal } from '../device/commands.ts';
import type { Deed } from '../device/deed.ts';
import { dispatch } from '../device/dispatch.ts';
import type { ModuleState } from '../device/state.ts';
import type { ClientCommandKind } from './calls.ts';
import { decodeRequest, type Request, type RequestFault } from './request.ts';
import { encodeDone, encodeRefusal, excess } from './response.ts';

/** What a message came to: the next state, and the answer; `null`: nobody answers. */
export interface Served {
  readonly state: ModuleState;
  readonly answer: Uint8Array | null;
  /** the function that was called, for whoever tells what happened */
  readonly call: ClientCommandKind | null;
  readonly outcome: string;
  readonly deed: Deed;
}

const CODE_OF: Readonly<Record<RequestFault, Code>> = {
  malformed: 'CKR_GENERAL_ERROR',
  unsupported: 'CKR_FUNCTION_NOT_SUPPORTED',
  mechanism: 'CKR_MECHANISM_INVALID',
};

/**
 * One message of a client: reads it, gives the command, writes the answer.
 *
 * An answer that does not fit into the client's room is only measured: the state stays as it was, so that the client can ask
 * again with more room (PKCS#11 v3.1, 5.2). What makes no sense is `CKR_GENERAL_ERROR`, and changes nothing.
 */
export function serve(
  state: ModuleState,
  principal: Principal,
  message: Uint8Array,
  random: Random,
  now: Nanos,
  backend: Backend = EMBEDDED,
): Served {
  const request = decodeRequest(message);
  if (!request.ok) {
    const code = CODE_OF[request.fault];
    const deed = deedOfNonsense(state, principal, code, now);
    return { state, answer: encodeRefusal(code), call: null, outcome: code, deed };
  }
  const call = request.value.command.kind;
  const {
    state: next,
    result,
    deed,
  } = dispatch<ClientCommandKind>(state, principal, request.value.command, random, now, backend);
  switch (result.kind) {
    case 'silent':
      return { state: next, answer: null, call, outcome: 'silent', deed };
    case 'refused':
      return { state: next, answer: encodeRefusal(result.code), call, outcome: result.code, deed };
    case 'done': {
      const asked: Request = request.value;
      const measured = excess(asked, result.value) !== null;
      return {
        state: measured ? state : next,
        answer: encodeDone(asked, result.value),
        call,
        outcome: measured ? 'CKR_BUFFER_TOO_SMALL' : 'CKR_OK',
        deed,
      };
    }
  }
}

/** Bytes that are no command, or none of this module. */
function deedOfNonsense(state: ModuleState, principal: Principal, code: Code, now: Nanos): Deed {
  return {
    command: null,
    actor: actorOf(state, principal),
    role: roleOf(state, principal, { kind: 'C_Initialize' }, now),
    partition: null,
    life: state.life,
    condition: conditionOf(state),
    outcome: code,
    decidedBy: 'command',
    why: '',
  };
}
