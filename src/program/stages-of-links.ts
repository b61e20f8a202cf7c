import type { Mac } from '../address/index.ts';
import type { Nanos } from '../base/index.ts';
import type { Misfortune } from '../model/index.ts';
import type { PlaceId } from './program.ts';

export interface VlanSelect {
  readonly subinterfaces: ReadonlyMap<number, { readonly name: string; readonly to: PlaceId }>;
}

export interface Switch {
  /** index into {@link Program.bridges} */
  readonly bridge: number;
  readonly port: string;
  /** the place through which frames leave by this port */
  readonly out: PlaceId;
  readonly mode: PortMode;
  /** per VLAN, every port that carries it, this one included; 0 where the bridge knows no VLANs */
  readonly members: ReadonlyMap<number, readonly BridgePort[]>;
  /** link addresses that were programmed instead of learned; `null`: learn and flood */
  readonly fixed: ReadonlyMap<Mac, BridgePort> | null;
}

export interface BridgePort {
  readonly name: string;
  readonly to: PlaceId;
}

export type PortMode =
  | { readonly kind: 'unaware' }
  | { readonly kind: 'access'; readonly vlan: number }
  | { readonly kind: 'trunk'; readonly vlans: ReadonlySet<number> };

export interface Tag {
  readonly port: string;
  readonly mode: PortMode;
}

/** Misfortune on a link that works, before the frame is on it. */
export interface Impair {
  /** in words: `link tor--hsm-326 to hsm-326` */
  readonly name: string;
  readonly misfortune: Misfortune;
  /** index into {@link Program.impairments}: frames are counted there */
  readonly counter: number;
  /** whose draws these are: they depend on seed, stream and the number of the frame, and on nothing else */
  readonly seed: number;
  readonly stream: string;
  /** the place that puts the frame on the link, or the next misfortune */
  readonly to: PlaceId;
}

export interface Transmit {
  readonly link: string;
  /** indexes into {@link Program.interfaces} */
  readonly out: number;
  readonly into: number;
  readonly to: PlaceId;
  readonly latency: Nanos;
  /** bytes of the longest packet, without link header and tag */
  readonly mtu: number;
  readonly up: boolean;
  /** what is broken, as a sentence, when `up` is false: the link itself or a device at its end has failed, or nothing is attached */
  readonly broken: string | null;
}
