import type { Ip, Port } from '../address/index.ts';
import { type Nanos, seconds } from '../base/index.ts';
import { chooseTarget } from '../host/index.ts';
import type { RunningMachine } from './machines.ts';
import type { World } from './world.ts';

/** What a client that balances for itself remembers: whose turn it is, and who has failed it lately. */
export interface ClientBalance {
  turn: number;
  /** until when a target is left alone */
  readonly restUntil: Map<Ip, Nanos>;
}

/** A target that does not answer in this time is given up, and left alone for a while. */
const PATIENCE = seconds(2);
const REST = seconds(30);

/** The connection that serves a request; it changes while targets fail. */
export interface Line {
  connection: number | null;
  /** numbers of the journeys with which its attempts after the first began */
  readonly again: number[];
}

/**
 * A client that does the work of load balancer 508 itself (H-10): it calls each HSM in turn, and the next one when the
 * one whose turn it is refuses or does not answer.
 */
export function callInTurn(
  { engine, trace }: Pick<World, 'engine' | 'trace'>,
  machine: RunningMachine,
  memory: ClientBalance,
  targets: readonly Ip[],
  port: Port,
  payload: Uint8Array | null,
): Line {
  const line: Line = { connection: null, again: [] };
  const tried = new Set<Ip>();

  const attempt = (now: Nanos): void => {
    const index = nextTarget(memory, targets, tried, machine.address, now);
    const target = targets[index];
    const journey = trace.count;
    const opened = target === undefined ? null : machine.stack.connect({ target, port }, now);
    if (target === undefined || opened === null || !opened.ok) return;
    memory.turn = (index + 1) % targets.length;
    tried.add(target);
    const connection = opened.value;
    if (line.connection !== null) line.again.push(journey);
    line.connection = connection;
    if (payload !== null) machine.stack.write(connection, payload, now);
    const over = () => {
      engine.reminders.callOff(reminder);
      machine.hearers.delete(hear);
    };
    const giveUp = (later: Nanos) => {
      over();
      memory.restUntil.set(target, (later + REST) as Nanos);
      attempt(later);
    };
    const hear: Parameters<typeof machine.hearers.add>[0] = (event) => {
      if (!('connection' in event) || event.connection !== connection) return;
      if (event.kind === 'connected') over();
      else if (event.kind === 'reset' || (event.kind === 'unreachable' && event.ended)) giveUp(engine.now);
    };
    const reminder = engine.reminders.add(PATIENCE, true, (later) => {
      machine.stack.abort(connection, later);
      giveUp(later);
    });
    machine.hearers.add(hear);
  };

  attempt(engine.now);
  return line;
}

/** The next one in turn that has not failed lately; failing that, the next one at all. */
function nextTarget(
  { turn, restUntil }: ClientBalance,
  targets: readonly Ip[],
  tried: ReadonlySet<Ip>,
  client: Ip,
  now: Nanos,
): number {
  const choose = (mayServe: (index: number) => boolean) =>
    chooseTarget(
      {
        policy: 'round-robin',
        mode: 'active-active',
        zone: null,
        targets: targets.map((address) => ({ address, zone: null })),
        mayServe,
        load: () => 0,
        turn,
      },
      client,
    );
  const fresh = (index: number) => !tried.has(targets[index] as Ip);
  const rested = choose((index) => fresh(index) && (restUntil.get(targets[index] as Ip) ?? 0) <= now);
  return rested >= 0 ? rested : choose(fresh);
}
