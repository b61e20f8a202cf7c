import type { Cidr, Ip, Mac } from '../address/index.ts';
import type { Source } from '../base/index.ts';
import type { Endpoint } from './hsms.ts';
import type { Records } from './records.ts';

/** The network that a customer hosts on hardware of its own (FIG. 1, 108; FIG. 2, 206): one LAN behind one gateway. */
export interface Premises {
  readonly customer: string;
  readonly block: Cidr;
  /** id and name of the switch that joins its machines */
  readonly lan: string;
  readonly gateway: SiteGateway;
  readonly from: Source | null;
}

/** VGW 210: the router of the premises, and their end of the channel. */
export interface SiteGateway {
  readonly id: string;
  readonly name: string;
  /** on the LAN: the first address of the block */
  readonly address: Ip;
  readonly mac: Mac;
  /** on the Internet */
  readonly public: Ip;
  readonly outsideMac: Mac;
}

/**
 * A machine on the premises.
 *
 * - `host`: client 218, or anything else
 * - `hsm`: a security module that the customer owns (HSM 216)
 * - `rped`: a remote PIN entry device (RPED 214)
 */
export interface SiteMachine {
  readonly id: string;
  readonly name: string;
  readonly customer: string;
  readonly kind: 'host' | 'hsm' | 'rped';
  /** of a module its model, of an RPED the model of the modules that it unlocks; `null` for a host */
  readonly model: string | null;
  readonly address: Ip;
  readonly mac: Mac;
  readonly listen: Records<Endpoint>;
  /** whether it has the software by which an application asks a security module (D-20) */
  readonly hsmClient: boolean;
  /** whether it was opened: a PIN entry device has erased then what it needs */
  readonly tampered: boolean;
  readonly from: Source | null;
}

/** What joins the premises and the virtual network of a customer (FIG. 1, 110). */
export interface Channel {
  readonly customer: string;
  /** id of the virtual network's gateway */
  readonly gateway: string;
  readonly kind: ChannelKind;
  /** link address of the gateway's side that looks at the channel */
  readonly mac: Mac;
  readonly from: Source | null;
}

export type ChannelKind = SealedChannel | DirectConnection;

/** Over the Internet: `ipsec` is ESP in tunnel mode, `wireguard` its transport data messages. */
export interface SealedChannel {
  readonly kind: 'ipsec' | 'wireguard';
  /** the gateway's address on the Internet */
  readonly public: Ip;
  /** what both gateways derive their keys from */
  readonly secret: string;
  /** what each receiver knows its key by: security parameters indexes (RFC 4301 4.1), or the indexes of WireGuard */
  readonly towardsNetwork: number;
  readonly towardsPremises: number;
}

/** A link of its own with a VLAN on it: nothing is sealed, and nobody else is there. */
export interface DirectConnection {
  readonly kind: 'direct';
  readonly vlan: number;
}

/** What failures of a channel are kept under. */
export function channelId(customer: string): string {
  return `channel:${customer}`;
}
