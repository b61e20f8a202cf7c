import { foldIp, type Ip, type Port, type PortRange } from '../../address/index.ts';
import type { Nanos } from '../../base/index.ts';
import { isIcmp } from '../../packet/index.ts';
import type { ConnectionView, Slot } from './connection-view.ts';
import { hashFlow } from './hash.ts';
import { REPLY } from './records.ts';

/**
 * What it cost to find a range of ports exhausted, remembered: "none of these is free before that instant".
 *
 * Without it each refused packet would look at every port of the range again, and a client could make the
 * translator walk 64,512 ports a packet. With it the next refusals are one comparison. It is a memory of
 * answers, not a state: an answer is corrected as soon as it might have become wrong.
 */
export class PortRefusals {
  private known: Map<number, Refusal[]> | null = null;

  /** No port of `range` is free before `until` for replies of `source`, from `sourcePort`, to `target`. */
  remember(protocol: number, source: Ip, sourcePort: Port, target: Ip, range: PortRange, until: Nanos): void {
    this.known ??= new Map();
    const responder = numberOf(protocol, source, sourcePort, target);
    const others = (this.known.get(responder) ?? []).filter((refusal) => !isFor(refusal, range));
    this.known.set(responder, [...others, { protocol, source, sourcePort, target, range, until }]);
  }

  /** Is it known that no port of `range` is free at `now`? */
  stand(protocol: number, source: Ip, sourcePort: Port, target: Ip, range: PortRange, now: Nanos): boolean {
    if (this.known === null) return false;
    const refusals = this.known.get(numberOf(protocol, source, sourcePort, target)) ?? [];
    return refusals.some(
      (refusal) =>
        now < refusal.until &&
        isFor(refusal, range) &&
        concerns(refusal, protocol, source, sourcePort, target),
    );
  }

  /** A connection gives its port back at `until`, sooner than known. */
  reconsider(view: ConnectionView, slot: Slot, until: Nanos): void {
    if (this.known === null) return;
    const protocol = view.protocolOf(slot);
    const source = view.sourceOf(slot, REPLY);
    const sourcePort = view.sourcePortOf(slot, REPLY);
    const target = view.targetOf(slot, REPLY);
    for (const refusal of this.known.get(numberOf(protocol, source, sourcePort, target)) ?? []) {
      if (until < refusal.until && concerns(refusal, protocol, source, sourcePort, target)) {
        refusal.until = until;
      }
    }
  }

  clear(): void {
    this.known = null;
  }
}

interface Refusal {
  readonly protocol: number;
  readonly source: Ip;
  readonly sourcePort: Port;
  readonly target: Ip;
  readonly range: PortRange;
  until: Nanos;
}

function isFor(refusal: Refusal, range: PortRange): boolean {
  return refusal.range.first === range.first && refusal.range.last === range.last;
}

/** Two responders may share a number. */
function concerns(refusal: Refusal, protocol: number, source: Ip, sourcePort: Port, target: Ip): boolean {
  return (
    refusal.protocol === protocol &&
    refusal.source === source &&
    refusal.target === target &&
    (refusal.sourcePort === sourcePort || isIcmp(protocol))
  );
}

/** ICMP echoes of one responder share its identifiers, whatever stands in the port of its side. */
function numberOf(protocol: number, source: Ip, sourcePort: Port, target: Ip): number {
  return hashFlow(protocol, foldIp(source), foldIp(target), isIcmp(protocol) ? 0 : sourcePort);
}
