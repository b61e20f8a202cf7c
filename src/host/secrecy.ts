import type { Ip } from '../address/index.ts';
import { advanced, isFresh, NEW_ASSOCIATION, type ReplayWindow } from '../dataplane/index.ts';
import { openRecord, recordMark, type SealingKey, sealRecord } from '../packet/index.ts';
import type { RecordDrop } from './record-drops.ts';

/** Somebody with whom a machine shares keys. Who is who the keys tell, and no address. */
export interface Peer {
  readonly name: string;
  /** where to call it; `null`: it calls */
  readonly address: Ip | null;
  /** by which both know the keys of the pair, one for each direction */
  readonly number: number;
  readonly seal: SealingKey;
  readonly open: SealingKey;
}

/**
 * What a machine says and hears in secret: on some UDP ports each datagram is one record of DTLS (RFC 6347). A machine without
 * peers has no such ports.
 */
export interface Secrecy {
  /** UDP ports on which peers listen, its own among them */
  ports: ReadonlySet<number>;
  byNumber: ReadonlyMap<number, Peer>;
  byAddress: ReadonlyMap<Ip, Peer>;
  /** what was used of the keys shared with a peer, by its name: kept while keys come and go */
  readonly used: Map<string, Used>;
  /** ports of its own from which it called a peer: only records are heard there */
  readonly callers: Set<number>;
}

export interface Used {
  readonly sent: number;
  readonly window: ReplayWindow;
}

export function noSecrecy(): Secrecy {
  return {
    ports: new Set(),
    byNumber: new Map(),
    byAddress: new Map(),
    used: new Map(),
    callers: new Set(),
  };
}

/** Other keys, and what was used of those of a peer stays. */
export function shareKeys(secrecy: Secrecy, ports: ReadonlySet<number>, peers: readonly Peer[]): void {
  secrecy.ports = ports;
  secrecy.byNumber = new Map(peers.map((peer) => [peer.number, peer]));
  secrecy.byAddress = new Map(
    peers.flatMap((peer) => (peer.address === null ? [] : [[peer.address, peer] as const])),
  );
}

/** Whether nothing but records is heard on a port. */
export function hearsRecords({ ports, byNumber, callers }: Secrecy, port: number): boolean {
  return byNumber.size > 0 && (ports.has(port) || callers.has(port));
}

/** Whom a datagram that is to be sent has to be sealed for; `null`: nobody. */
export function peerAt({ ports, byAddress }: Secrecy, target: Ip, port: number): Peer | null {
  return ports.has(port) ? (byAddress.get(target) ?? null) : null;
}

/** The next record for a peer. */
export function sealFor({ used }: Secrecy, { name, number, seal }: Peer, bytes: Uint8Array): Uint8Array {
  const before = used.get(name) ?? NEW_ASSOCIATION;
  const sent = before.sent + 1;
  used.set(name, { sent, window: before.window });
  return sealRecord(bytes, number, seal, sent);
}

/**
 * Opens what came in: its number names a key, it must be fresh, and authentic; only then does the replay window move
 * (RFC 6347 4.1.2.6, the order of RFC 4303 3.4.3).
 */
export function openFrom(
  secrecy: Secrecy,
  bytes: Uint8Array,
): RecordDrop | { readonly peer: Peer; readonly plain: Uint8Array } {
  const mark = recordMark(bytes);
  if (mark === null) return 'host.record-malformed';
  const peer = secrecy.byNumber.get(mark.number);
  if (peer === undefined) return 'host.record-unknown';
  const before = secrecy.used.get(peer.name) ?? NEW_ASSOCIATION;
  if (!isFresh(before.window, mark.sequence)) return 'host.record-replayed';
  const plain = openRecord(bytes, peer.open);
  if (plain === null) return 'host.record-forged';
  secrecy.used.set(peer.name, { sent: before.sent, window: advanced(before.window, mark.sequence) });
  return { peer, plain };
}
