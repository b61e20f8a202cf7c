import type { Nanos, Random } from '../../base/index.ts';
import { judge } from '../access/judge.ts';
import { ACCESS } from '../access/table.ts';
import type { Backend } from '../backend/backend.ts';
import { EMBEDDED } from '../backend/embedded.ts';
import { PARTITION_ADMINISTRATION } from '../partitions/administration.ts';
import { REGISTRY } from '../partitions/registry.ts';
import { CRYPTOGRAPHY } from '../pkcs11/cryptography.ts';
import { KEYS } from '../pkcs11/keys.ts';
import { LIBRARY } from '../pkcs11/library.ts';
import { OBJECTS } from '../pkcs11/objects.ts';
import { afterFault, connectionFault } from '../pkcs11/session-door.ts';
import { SESSIONS } from '../pkcs11/sessions.ts';
import { PIN_DEVICE } from '../rped/presented.ts';
import { custodyFault, ZONE_ADMINISTRATION } from '../zones/administration.ts';
import { backUpStale, MEDIUM } from '../zones/medium.ts';
import { MOVING } from '../zones/moving.ts';
import type { CustodyKind } from '../zones/zone-commands.ts';
import { ADMINISTRATION } from './administration.ts';
import { actorOf, conditionOf, roleOf, slotOf } from './asker.ts';
import type { Call, Command, CommandKind, Given, Principal, Result } from './commands.ts';
import type { QuorumKind } from './console-commands.ts';
import { CONSOLE_LOGIN } from './console-login.ts';
import type { DecidedBy, Deed } from './deed.ts';
import { PANEL } from './panel.ts';
import { QUORUM, useApproval } from './quorum.ts';
import { type AuditEntry, LOG_LENGTH, type ModuleState } from './state.ts';
import { type Handlers, refuse, type Step } from './step.ts';

/** What a command does, for every command: the table that the compiler holds complete. */
const HANDLERS: Handlers<CommandKind> = {
  ...PANEL,
  ...CONSOLE_LOGIN,
  ...ADMINISTRATION,
  ...QUORUM,
  ...PARTITION_ADMINISTRATION,
  ...REGISTRY,
  ...ZONE_ADMINISTRATION,
  ...MOVING,
  ...MEDIUM,
  ...LIBRARY,
  ...SESSIONS,
  ...OBJECTS,
  ...CRYPTOGRAPHY,
  ...KEYS,
  ...PIN_DEVICE,
};

/** What a command came to, and the entry that it leaves in a log: also where the module itself has forgotten it. */
export interface Dispatched<K extends CommandKind = CommandKind> {
  readonly state: ModuleState;
  readonly result: Result<K>;
  readonly entry: AuditEntry | null;
  readonly deed: Deed;
}

/**
 * The security module: a pure transition function, as long as nobody but the module itself computes with keys. The state and the arguments are left alone; the same state, asker,
 * command, randomness and time give the same answer. It never throws for anything that an asker says.
 *
 * First the table of access, then what depends on handles and slots, then the command itself.
 */
export function dispatch<K extends CommandKind>(
  state: ModuleState,
  principal: Principal,
  command: Command<K>,
  random: Random,
  now: Nanos,
  backend: Backend = EMBEDDED,
): Dispatched<K> {
  const role = roleOf(state, principal, anyOf(command), now);
  const { step, decidedBy } = attempt(state, { principal, role, command, now, backend }, random);
  const { result } = step;
  const deed: Deed = {
    command: command.kind,
    actor: actorOf(state, principal),
    role,
    partition: partitionMeant(state, principal, anyOf(command)),
    life: state.life,
    condition: conditionOf(state),
    outcome: outcomeOf(result),
    decidedBy,
    why: result.kind === 'refused' ? result.why : '',
  };
  if (!ACCESS[command.kind].logged || step.result.kind === 'silent') {
    return { state: step.state, result, entry: null, deed };
  }
  const entry: AuditEntry = {
    number: step.state.logged + 1,
    at: now,
    actor: deed.actor,
    role,
    command: command.kind,
    outcome: result.kind === 'refused' ? result.code : 'done',
  };
  return { state: withEntry(step.state, command.kind, entry), result, entry, deed };
}

function attempt<K extends CommandKind>(
  state: ModuleState,
  call: Call<K>,
  random: Random,
): Attempt<Given<K>> {
  const { principal, role, command } = call;
  const decided = (decidedBy: DecidedBy, step: Step<Given<K>>): Attempt<Given<K>> => ({ step, decidedBy });
  const verdict = judge(command.kind, role, state.life, conditionOf(state), state.policies);
  if (verdict === 'silent') return decided('access', { state, result: { kind: 'silent' } });
  if (principal.kind === 'client' && role !== 'stranger' && conditionOf(state) === 'ready') {
    const fault =
      ACCESS[command.kind].door === 'client'
        ? connectionFault(state, principal.certificate, principal.application, anyOf(command))
        : null;
    if (fault !== null) {
      const after = afterFault(state, principal.application, anyOf(command), fault);
      return decided('handles', refuse(after, fault));
    }
  }
  if (verdict !== 'allowed') return decided('access', refuse(state, verdict));
  if (ACCESS[command.kind].custody) {
    const { partition } = anyOf(command) as Command<CustodyKind>;
    const fault = custodyFault(state, partition, role);
    if (fault !== null) {
      return decided('custody', refuse(state, fault, 'the zone is in the custody of the other side'));
    }
  }
  const approved = ACCESS[command.kind].quorum
    ? useApproval(state, anyOf(command) as Command<QuorumKind>)
    : state;
  if (approved === null) {
    return decided('quorum', refuse(state, 'QUORUM', 'propose exactly this command and have it approved'));
  }
  const step = HANDLERS[command.kind](approved, call, random);
  return decided('command', { ...step, state: backUpStale(step.state, random, call.now) });
}

/** Attributes are refused one by one, within an answer. */
function outcomeOf(result: Result): Deed['outcome'] {
  if (result.kind === 'refused') return result.code;
  if (result.kind === 'silent' || !('attributes' in result.value)) return result.kind;
  return result.value.attributes.find(({ refused }) => refused !== null)?.refused ?? 'done';
}

interface Attempt<Value> {
  readonly step: Step<Value>;
  readonly decidedBy: DecidedBy;
}

/** The partition that a request is about, by its name: that of a client's slot, or the one that an officer names. */
function partitionMeant(state: ModuleState, principal: Principal, command: Command): string | null {
  if (principal.kind !== 'client') {
    return 'partition' in command && typeof command.partition === 'string' ? command.partition : null;
  }
  const slot = slotOf(state, principal.application, command);
  const client = Object.hasOwn(state.clients, principal.certificate)
    ? state.clients[principal.certificate]
    : undefined;
  return state.partitions[client?.slots[slot ?? -1] ?? '']?.name ?? null;
}

/** A command of some kind as one of any kind, which the compiler does not see by itself. */
function anyOf<K extends CommandKind>(command: Command<K>): Command {
  return command as unknown as Command;
}

/**
 * What the module itself keeps of it: nothing of what is done to it from outside, which it cannot know, and nothing at all
 * once it is a factory's again.
 */
function withEntry(state: ModuleState, kind: CommandKind, entry: AuditEntry): ModuleState {
  if (ACCESS[kind].door === 'panel' && kind !== 'tamper') return state;
  if (kind === 'factory-reset' && entry.outcome === 'done') return state;
  return { ...state, log: [...state.log, entry].slice(-LOG_LENGTH), logged: entry.number };
}
