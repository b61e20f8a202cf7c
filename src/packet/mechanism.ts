import type { Family } from '../address/index.ts';
import { deriveEspKey } from './esp-key.ts';
import {
  espMark,
  type Mark,
  type Opened,
  openPacket,
  sealableLength,
  sealPacket,
  type TunnelEnds,
} from './sealing.ts';
import type { SealingKey } from './sealing-key.ts';
import type { IpPacket } from './values.ts';
import {
  deriveWireguardKey,
  openWireguard,
  sealWireguard,
  wireguardMark,
  wireguardRoom,
} from './wireguard.ts';

/** What a channel asks of whatever keeps its packets secret on their way over the Internet (row S-03). */
export interface Mechanism {
  /** the key of the direction that its receiver knows by `number` */
  readonly deriveKey: (secret: string, number: number) => SealingKey;
  /** how long a packet may be so that it fits into `mtu` bytes once it is sealed, in an outer packet of a family */
  readonly room: (mtu: number, outer: Family) => number;
  /** the packet for the far gateway, the `sequence`th under its key, which is used once */
  readonly seal: (inner: IpPacket, ends: TunnelEnds, sequence: number, ttl: number) => IpPacket;
  /** what anybody can read of a sealed packet, or `null` where it is none of this mechanism */
  readonly markOf: (packet: IpPacket) => Mark | null;
  /** only for what has a mark */
  readonly open: (outer: IpPacket, key: SealingKey) => Opened;
  /** how many packets a key is good for */
  readonly lastSequence: number;
}

export type MechanismKind = 'ipsec' | 'wireguard';

export const MECHANISMS: { readonly [Kind in MechanismKind]: Mechanism } = {
  ipsec: {
    deriveKey: deriveEspKey,
    room: sealableLength,
    seal: sealPacket,
    markOf: espMark,
    open: openPacket,
    // RFC 4303 2.2: 32 bits, and it never wraps
    lastSequence: 0xffffffff,
  },
  wireguard: {
    deriveKey: deriveWireguardKey,
    room: wireguardRoom,
    seal: sealWireguard,
    markOf: wireguardMark,
    open: openWireguard,
    // 64 bits, of which WireGuard uses all but the last 2^13; here as far as numbers are exact
    lastSequence: Number.MAX_SAFE_INTEGER,
  },
};

/** The mark of a packet that some mechanism has sealed, or `null` for any other. */
export function markOf(packet: IpPacket): Mark | null {
  for (const { markOf: read } of Object.values(MECHANISMS)) {
    const mark = read(packet);
    if (mark !== null) return mark;
  }
  return null;
}
