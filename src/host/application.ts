import type { Nanos, Random } from '../base/index.ts';

/**
 * What a machine can run behind its TCP ports: a pure transition function over bytes.
 *
 * The same shape is declared by the rooms that write applications. Nobody imports it from here: the compiler
 * compares the shapes where an application is handed to {@link HostStack.listen}.
 */
export interface Application<State> {
  readonly name: string;
  initial(context: Context): State;
  step(state: State, event: StreamEvent, context: Context): Reaction<State>;
}

export interface Context {
  readonly now: Nanos;
  readonly random: Random;
}

/** What the stack tells an application. `stream` is the number of the connection. */
export type StreamEvent =
  | { readonly kind: 'opened'; readonly stream: number; readonly port: number }
  | { readonly kind: 'received'; readonly stream: number; readonly bytes: Uint8Array }
  | { readonly kind: 'closed'; readonly stream: number };

export interface Reaction<State> {
  /** plain data */
  readonly state: State;
  readonly send: Uint8Array;
  /** once everything is said, also what is said later */
  readonly close: boolean;
  /** in order of time */
  readonly later?: readonly Later[];
}

/** Bytes that leave so long after the event. */
export interface Later {
  readonly after: Nanos;
  readonly send: Uint8Array;
}

/** One application at work: its state and its own stream of chance. */
export interface Service {
  readonly name: string;
  readonly ports: readonly number[];
  /** Steps the application; its new state stays inside. */
  react(event: StreamEvent, now: Nanos): Answer;
  /** Puts another state in the place of its own: what is done to the machine, and not said to it. */
  alter(change: (state: unknown, context: Context) => unknown, now: Nanos): void;
  save(): SavedService;
  restore(saved: SavedService): void;
}

export type Answer = Omit<Reaction<unknown>, 'state'>;

export interface SavedService {
  readonly name: string;
  readonly state: unknown;
  readonly random: readonly number[];
}
