import { type Ip, inPortRange, type Port, type PortRange, port, portRange } from '../../address/index.ts';
import { LATEST, type Nanos, nanos } from '../../base/index.ts';
import { isIcmp } from '../../packet/index.ts';
import type { ConnectionView, Slot } from './connection-view.ts';
import { ORIGINAL } from './records.ts';

/** A new connection looks for the port, or the ICMP identifier, under which it leaves a translator. */
export interface PortRequest {
  readonly protocol: number;
  /** the client, as the translator sees it */
  readonly client: Ip;
  /** the client's own port, kept if it is free */
  readonly wanted: Port;
  /** the translator's address on the other side, to which replies come back */
  readonly inward: Ip;
  /** the responder */
  readonly target: Ip;
  /** of no meaning for ICMP */
  readonly targetPort: Port;
  /** whether the port must be the client's for every destination (RFC 4787 REQ-1) */
  readonly mapping: 'address-and-port-dependent' | 'endpoint-independent';
  /** given to nobody, if inside the range: ports of the translator with another meaning */
  readonly reserved: ReadonlySet<Port>;
}

export interface PortChoice {
  readonly port: Port;
  /** where the next search starts: belongs into the effect that opens the connection */
  readonly cursor: number;
}

/**
 * The port for a new connection, or null when all are taken: a connection that lives is never evicted for it
 * (RFC 6888 REQ-11 D).
 *
 * A mapping that is the same for all destinations is found first, if the client's port has one that lives (RFC 4787 REQ-1).
 * The client's port is kept where it can be; else the next free one of its class is taken, from the cursor on
 * (RFC 4787 REQ-3a). A port is taken when the same responder would reply to it: connections to other
 * responders may share it (port overlapping, RFC 7857 section 4). A port whose connection has ended rests as
 * long as the table says, for everybody but the client and port that had it (RFC 6888 REQ-8).
 *
 * The cursor counts the ports that were ever looked at, in all classes together, so that a flood of new
 * connections does not begin at the used ones again: with a share `u` of the ports in use a search looks at
 * about 1 / (1 - u) of them. The last free port of 64,512 can take one walk round; an exhausted range takes
 * one walk, and then none until the first of its connections ends.
 *
 * @param range the ports that the translator may use; for ICMP the identifiers
 * @param cursor 0 at first, then as the last choice returned it
 */
export function choosePort(
  view: ConnectionView,
  request: PortRequest,
  range: PortRange,
  cursor: number,
  now: Nanos,
): PortChoice | null {
  const { protocol, wanted, client } = request;
  const allowed = classOf(protocol, wanted, range);
  if (allowed === null) return null;
  if (request.mapping === 'endpoint-independent') {
    const mapped = view.mappedPort(protocol, client, wanted, now);
    if (mapped !== null) return { port: mapped, cursor };
  }
  if (inPortRange(allowed, wanted) && mayKeep(view, request, now)) return { port: wanted, cursor };
  return searchPort(view, request, allowed, cursor, now);
}

/** The next free port of a class, from the cursor on. */
function searchPort(
  view: ConnectionView,
  request: PortRequest,
  allowed: PortRange,
  cursor: number,
  now: Nanos,
): PortChoice | null {
  const { protocol, inward } = request;
  // a client's port that is the same for all destinations is free or taken for all of them
  const isShared = request.mapping === 'address-and-port-dependent';
  const target = isShared ? request.target : inward;
  const targetPort = isShared ? request.targetPort : port(0);
  if (view.refusals.stand(protocol, target, targetPort, inward, allowed, now)) return null;

  const { first, last } = allowed;
  const count = last - first + 1;
  let earliest = LATEST;
  for (let steps = 0; steps < count; steps += 1) {
    const candidate = port(first + ((cursor + steps) % count));
    if (request.reserved.has(candidate)) continue;
    const holder = holderOf(view, request, candidate, now);
    if (holder === -1) return { port: candidate, cursor: (cursor + steps + 1) % CURSOR_END };
    earliest = nanos(Math.min(earliest, view.heldUntil(holder)));
  }
  view.refusals.remember(protocol, target, targetPort, inward, allowed, earliest);
  return null;
}

/**
 * The ports of `range` that a client on port `wanted` may get.
 *
 * Ports stay below 1024 or above 1023; if the range has none below, a low port may become a high one, for
 * only the other way round is forbidden (RFC 4787 REQ-3a). Port 0 is reserved (RFC 6335 section 6) and never
 * given out. ICMP identifiers are one class, and 0 is one like any other.
 */
function classOf(protocol: number, wanted: Port, range: PortRange): PortRange | null {
  if (isIcmp(protocol)) return range;
  const low = overlap(range, LOW);
  const high = overlap(range, HIGH);
  return wanted < HIGH.first ? (low ?? high) : high;
}

function overlap(one: PortRange, other: PortRange): PortRange | null {
  const first = Math.max(one.first, other.first);
  const last = Math.min(one.last, other.last);
  return first <= last ? portRange(first, last) : null;
}

/** Free, or resting after a connection of the same client and port. */
function mayKeep(view: ConnectionView, request: PortRequest, now: Nanos): boolean {
  if (request.reserved.has(request.wanted)) return false;
  const holder = holderOf(view, request, request.wanted, now);
  if (holder === -1) return true;
  return (
    now >= view.expiresAt(holder) &&
    view.sourceOf(holder, ORIGINAL) === request.client &&
    view.sourcePortOf(holder, ORIGINAL) === request.wanted
  );
}

/** The connection that has this port, or -1. An echo carries its identifier in both ports. */
function holderOf(view: ConnectionView, request: PortRequest, candidate: Port, now: Nanos): Slot {
  const { protocol, inward, target, targetPort } = request;
  if (request.mapping === 'endpoint-independent') return view.holderOfPort(protocol, candidate, now);
  const replyPort = isIcmp(protocol) ? candidate : targetPort;
  return view.holderOfReply(protocol, target, replyPort, inward, candidate, now);
}

const LOW = portRange(1, 1023);
const HIGH = portRange(1024, 65535);

/** Keeps the cursor a small integer. */
const CURSOR_END = 2 ** 30;
