import type { Ip, Port } from '../../address/index.ts';
import type { Nanos } from '../../base/index.ts';
import type { HostEvent } from '../event.ts';
import type { HostStack } from '../stack.ts';
import { chooseTarget, type Mode, type Policy, type Target } from './choice.ts';
import { afterCheck, HEALTHY, type Health, type HealthCheck } from './health.ts';
import { type Session, Sessions } from './session.ts';

export interface BalancerOptions {
  readonly stack: HostStack;
  /** where it listens, and where its targets do */
  readonly port: Port;
  readonly policy: Policy;
  readonly mode: Mode;
  /** how long a target that is healthy again stays behind those that never failed, where others stand by */
  readonly fallback: Nanos;
  readonly zone: string | null;
  readonly check: HealthCheck;
  /** Calls back after a time, unless called off; `awaited` where a client waits for what happens then. */
  readonly remind: (delay: Nanos, awaited: boolean, wake: (now: Nanos) => void) => () => void;
}

/** Load balancer 508 of FIG. 5 at work. */
export interface LoadBalancer {
  /** Whom it balances between; health of those that stay is kept. */
  retarget(targets: readonly Target[]): void;
  /** Begins to listen and to check. */
  start(): void;
  /** What its stack tells. */
  hear(event: HostEvent, now: Nanos): void;
  /** For whoever looks: each target, whether it counts as healthy, and its open connections. */
  status(): readonly TargetStatus[];
}

export interface TargetStatus {
  readonly address: Ip;
  readonly healthy: boolean;
  readonly connections: number;
}

/**
 * A proxy for TCP (ruling Q-19): it accepts a client's connection, opens one of its own to a target and carries bytes
 * both ways. The client only ever hears the balancer's address, the target only ever sees it.
 *
 * A target that does not answer in time, or refuses, is passed over for the next one; a client is reset when none is
 * left, or when its target is lost in mid-connection. While no target counts as healthy, the port is closed.
 */
export function loadBalancer(options: BalancerOptions): LoadBalancer {
  const { stack, port, policy, mode, fallback, zone, check, remind } = options;
  const sessions = new Sessions();
  const checks = new Map<number, { readonly address: Ip; readonly callOff: () => void }>();
  let health = new Map<Ip, Health>();
  /** since when a target is healthy that was not */
  const backSince = new Map<Ip, Nanos>();
  let targets: readonly Target[] = [];
  let turn = 0;

  const isHealthy = (address: Ip | undefined) =>
    address !== undefined && (health.get(address)?.healthy ?? false);

  /** Back, but not for long enough to be preferred. Better than nobody all the same. */
  const isReturning = (address: Ip | undefined, now: Nanos) => {
    const since = address === undefined ? undefined : backSince.get(address);
    return since !== undefined && now < since + fallback;
  };

  /** Sends a client's request to the next target that may serve it, or gives the client up. */
  const serve = (session: Session, now: Nanos): void => {
    const situation = {
      policy,
      mode,
      zone,
      targets,
      turn,
      mayServe: (index: number) =>
        isHealthy(targets[index]?.address) && !session.tried.has(targets[index]?.address as Ip),
      load: (index: number) => sessions.countOf(targets[index]?.address),
    };
    const isSettled = (index: number) => !isReturning(targets[index]?.address, now);
    const settled = chooseTarget(
      { ...situation, mayServe: (index) => situation.mayServe(index) && isSettled(index) },
      session.client,
    );
    const index = settled >= 0 ? settled : chooseTarget(situation, session.client);
    const target = targets[index]?.address;
    const opened = target === undefined ? null : stack.connect({ target, port }, now);
    if (target === undefined || opened === null || !opened.ok) {
      giveUp(session, now);
      return;
    }
    turn = (index + 1) % targets.length;
    session.tried.add(target);
    const callOff = remind(check.timeout, true, (later) => {
      stack.abort(opened.value, later);
      tryAnother(session, later);
    });
    sessions.assign(session, target, opened.value, callOff);
  };

  const tryAnother = (session: Session, now: Nanos): void => {
    sessions.unassign(session);
    serve(session, now);
  };

  /** Ends both connections with a reset. */
  const giveUp = (session: Session, now: Nanos): void => {
    sessions.end(session);
    stack.abort(session.front, now);
    if (session.back !== null) stack.abort(session.back, now);
  };

  const hearClient = (session: Session, event: HostEvent, now: Nanos): void => {
    switch (event.kind) {
      case 'received':
        if (session.connected && session.back !== null) stack.write(session.back, event.bytes, now);
        else session.early.push(event.bytes);
        return;
      case 'closed':
        session.frontClosed = true;
        if (session.connected && session.back !== null) stack.finish(session.back, now);
        endIfOver(session);
        return;
      case 'reset':
        giveUp(session, now);
        return;
      default:
    }
  };

  const hearTarget = (session: Session, event: HostEvent, now: Nanos): void => {
    switch (event.kind) {
      case 'connected':
        session.connected = true;
        session.callOff();
        for (const bytes of session.early.splice(0)) stack.write(event.connection, bytes, now);
        if (session.frontClosed) stack.finish(event.connection, now);
        return;
      case 'received':
        stack.write(session.front, event.bytes, now);
        return;
      case 'closed':
        session.backClosed = true;
        stack.finish(session.front, now);
        endIfOver(session);
        return;
      case 'reset':
      case 'unreachable':
        if (event.kind === 'unreachable' && !event.ended) return;
        if (session.connected) giveUp(session, now);
        else tryAnother(session, now);
        return;
      default:
    }
  };

  const endIfOver = (session: Session): void => {
    if (session.frontClosed && session.backClosed) sessions.end(session);
  };

  // ------------------------------------------------------------------------------------------- health

  const checkAll = (now: Nanos): void => {
    for (const { address } of targets) beginCheck(address, now);
    remind(check.every, false, checkAll);
  };

  const beginCheck = (address: Ip, now: Nanos): void => {
    const opened = stack.connect({ target: address, port }, now);
    if (!opened.ok) return;
    const callOff = remind(check.timeout, false, (later) => {
      stack.abort(opened.value, later);
      endCheck(opened.value, false, later);
    });
    checks.set(opened.value, { address, callOff });
  };

  const endCheck = (connection: number, answered: boolean, now: Nanos): void => {
    const ended = checks.get(connection);
    checks.delete(connection);
    ended?.callOff();
    const known = ended === undefined ? undefined : health.get(ended.address);
    if (ended === undefined || known === undefined) return;
    const next = afterCheck(known, answered, check);
    health.set(ended.address, next);
    if (!known.healthy && next.healthy) backSince.set(ended.address, now);
    if (known.healthy && !next.healthy) {
      for (const session of sessions.of(ended.address)) giveUp(session, now);
    }
    openOrClose();
  };

  /** Nobody is to wait for a balancer that has nobody to ask. */
  const openOrClose = (): void => {
    if (targets.some(({ address }) => isHealthy(address))) stack.accept(port);
    else stack.refuse(port);
  };

  return {
    retarget: (wanted) => {
      targets = wanted;
      health = new Map(wanted.map(({ address }) => [address, health.get(address) ?? HEALTHY]));
      turn %= Math.max(1, targets.length);
    },
    start: () => {
      openOrClose();
      remind(check.every, false, checkAll);
    },
    hear: (event, now) => {
      if (event.kind === 'accepted') {
        serve(sessions.begin(event.connection, event.remote), now);
        return;
      }
      if (!('connection' in event) || event.connection === null) return;
      const { connection } = event;
      if (checks.has(connection)) {
        const answered = event.kind === 'connected';
        if (answered) stack.abort(connection, now);
        endCheck(connection, answered, now);
        return;
      }
      const front = sessions.withFront(connection);
      const back = sessions.withBack(connection);
      if (front !== undefined) hearClient(front, event, now);
      else if (back !== undefined) hearTarget(back, event, now);
    },
    status: () =>
      targets.map(({ address }) => ({
        address,
        healthy: isHealthy(address),
        connections: sessions.countOf(address),
      })),
  };
}
