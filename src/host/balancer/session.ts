import type { Ip } from '../../address/index.ts';

/** One client's connection, and the one that is opened for it. */
export interface Session {
  readonly client: Ip;
  /** the client's connection to the balancer */
  readonly front: number;
  /** the balancer's connection to a target; `null` between two attempts */
  back: number | null;
  target: Ip | null;
  /** the target has answered */
  connected: boolean;
  /** stops waiting for the target's answer */
  callOff: () => void;
  /** what the client said before that */
  readonly early: Uint8Array[];
  readonly tried: Set<Ip>;
  frontClosed: boolean;
  backClosed: boolean;
}

const NOTHING = (): void => undefined;

/** Open sessions, found by either connection, counted by target. */
export class Sessions {
  readonly #byFront = new Map<number, Session>();
  readonly #byBack = new Map<number, Session>();
  readonly #byTarget = new Map<Ip, Set<Session>>();

  begin(front: number, client: Ip): Session {
    const session: Session = {
      client,
      front,
      back: null,
      target: null,
      connected: false,
      callOff: NOTHING,
      early: [],
      tried: new Set(),
      frontClosed: false,
      backClosed: false,
    };
    this.#byFront.set(front, session);
    return session;
  }

  /** The session is with this target now, by this connection. */
  assign(session: Session, target: Ip, back: number, callOff: () => void): void {
    session.back = back;
    session.target = target;
    session.callOff = callOff;
    this.#byBack.set(back, session);
    const others = this.#byTarget.get(target);
    if (others === undefined) this.#byTarget.set(target, new Set([session]));
    else others.add(session);
  }

  unassign(session: Session): void {
    session.callOff();
    session.callOff = NOTHING;
    if (session.back !== null) this.#byBack.delete(session.back);
    if (session.target !== null) this.#byTarget.get(session.target)?.delete(session);
    session.target = null;
  }

  /** Forgets it; `back` is left, so that whoever ends it can end that too. */
  end(session: Session): void {
    this.unassign(session);
    this.#byFront.delete(session.front);
  }

  withFront(connection: number): Session | undefined {
    return this.#byFront.get(connection);
  }

  withBack(connection: number): Session | undefined {
    return this.#byBack.get(connection);
  }

  of(target: Ip): readonly Session[] {
    return [...(this.#byTarget.get(target) ?? [])];
  }

  countOf(target: Ip | undefined): number {
    return target === undefined ? 0 : (this.#byTarget.get(target)?.size ?? 0);
  }
}
