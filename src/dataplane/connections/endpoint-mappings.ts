import type { Ip, Port } from '../../address/index.ts';
import type { Nanos } from '../../base/index.ts';
import type { ConnectionView, Slot } from './connection-view.ts';
import { ORIGINAL, REPLY } from './records.ts';

/**
 * Which outer port each client's port has, for a translator whose mapping does not depend on the destination (RFC 4787
 * REQ-1): all connections of one client's port leave by one port, and no other client's do (REQ-3).
 *
 * A mapping lives as long as any of its connections, and its port rests as long as that of the last one. So nothing but
 * the connections has a time; this is an index of them, empty for every other translator.
 */
export class EndpointMappings {
  private readonly byClient: Map<string, Slot[]> = new Map();
  private readonly byPort: Map<number, Slot[]> = new Map();

  /** A connection was opened, or has got another place. */
  add(view: ConnectionView, slot: Slot, now: Nanos): void {
    const protocol = view.protocolOf(slot);
    const client = clientKey(protocol, view.sourceOf(slot, ORIGINAL), view.sourcePortOf(slot, ORIGINAL));
    const outer = portKey(protocol, view.targetPortOf(slot, REPLY));
    const isHeld = (other: Slot): boolean => now < view.heldUntil(other);
    this.byClient.set(client, [...(this.byClient.get(client) ?? []).filter(isHeld), slot]);
    this.byPort.set(outer, [...(this.byPort.get(outer) ?? []).filter(isHeld), slot]);
  }

  /** The outer port that a client's port has at `now`, or `null`. */
  portOf(view: ConnectionView, protocol: number, client: Ip, port: Port, now: Nanos): Port | null {
    const slots = this.byClient.get(clientKey(protocol, client, port)) ?? [];
    const live = slots.find((slot) => now < view.expiresAt(slot));
    return live === undefined ? null : view.targetPortOf(live, REPLY);
  }

  /** The connection that keeps an outer port longest, alive or at rest; or -1. */
  holderOf(view: ConnectionView, protocol: number, port: Port, now: Nanos): Slot {
    let holder: Slot = -1;
    for (const slot of this.byPort.get(portKey(protocol, port)) ?? []) {
      if (now >= view.heldUntil(slot)) continue;
      if (holder === -1 || view.expiresAt(slot) > view.expiresAt(holder)) holder = slot;
    }
    return holder;
  }

  clear(): void {
    this.byClient.clear();
    this.byPort.clear();
  }
}

function clientKey(protocol: number, client: Ip, port: Port): string {
  return `${protocol} ${client} ${port}`;
}

function portKey(protocol: number, port: Port): number {
  return (protocol << 16) | port;
}
