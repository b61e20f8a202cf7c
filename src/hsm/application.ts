import type { Nanos, Random } from '../base/index.ts';

/**
 * What a device at the edge runs, seen as bytes: the seam between the network and whatever answers behind it.
 *
 * An application is a pure transition function. It never hears of packets, addresses or clocks; whoever carries
 * its bytes calls `step` once for each event and does what the reaction says. The carrier declares the
 * same shape on its own side, so neither room depends on the other.
 */
export interface Application<State> {
  readonly name: string;
  /** The state before the first event. Randomness taken here decides everything that is secret. */
  initial(context: Context): State;
  /** Must not change `state` or `event`: the same arguments give the same reaction. */
  step(state: State, event: StreamEvent, context: Context): Reaction<State>;
}

/** Time and chance, handed in: an application has no other source of either. */
export interface Context {
  readonly now: Nanos;
  readonly random: Random;
}

/**
 * What happens to one byte stream. `stream` is a number that the carrier never uses twice. `closed` comes at
 * most once, when the other side has finished or is gone; nothing follows it, nor a reaction with `close`.
 */
export type StreamEvent =
  | { readonly kind: 'opened'; readonly stream: number; readonly port: number }
  | { readonly kind: 'received'; readonly stream: number; readonly bytes: Uint8Array }
  | { readonly kind: 'closed'; readonly stream: number };

/** The next state, and what to do to the stream of the event. */
export interface Reaction<State> {
  /** Plain data: survives JSON and `structuredClone`, and continues exactly from there. */
  readonly state: State;
  /** Bytes for the other side, possibly none. */
  readonly send: Uint8Array;
  /** Finish the stream after `send` and `later`. */
  readonly close: boolean;
  /** What the other side is to hear later, in order of time: how long after the event, and bytes. */
  readonly later?: readonly Later[];
}

/** Bytes that are ready only after a while. */
export interface Later {
  readonly after: Nanos;
  readonly send: Uint8Array;
}

export const NOTHING: Uint8Array = new Uint8Array(0);
