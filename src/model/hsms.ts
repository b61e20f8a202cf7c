import type { Cidr, Ip, Mac } from '../address/index.ts';
import type { Nanos, Source } from '../base/index.ts';
import type { Records } from './records.ts';
import type { LogTarget } from './service.ts';

/** A security module in the provider's rack (FIG. 2, 238; FIG. 3, 326). */
export interface Hsm {
  readonly name: string;
  readonly model: string;
  /** FIPS 140-2, 1 to 4: a label that a request can ask for, no claim (D-16); `null`: none is known */
  readonly fips: number | null;
  readonly zone: string;
  /** the rack it stands in, where that one has a name; `null`: the rack of its zone */
  readonly rack: string | null;
  /** feeds of its own; `null`: those of its zone */
  readonly power: readonly string[] | null;
  /** the computer that it is plugged into, as a card (N-27): address and link are that one's. `null`: an appliance of its own */
  readonly host: string | null;
  readonly address: Ip;
  readonly mac: Mac;
  readonly port: number;
  readonly endpoint: Endpoint;
  /** the service network it is given to, or `null` while it is free */
  readonly assignedTo: string | null;
  /** to whom it sends what it has to report */
  readonly logTargets: readonly LogTarget[];
  /** the customers it is shared with, by name (I-04): none, unless the one it is given to wants it */
  readonly shares: Records<Share>;
  readonly from: Source | null;
}

/**
 * A rack with a name: beside the rack of its zone, with a switch, a DX router and a direct connection of its own, and so with VLANs of
 * its own. The racks of zones share one connection.
 */
export interface NamedRack {
  readonly name: string;
  readonly zone: string;
  /** the next free VLAN on its connection */
  readonly vlan: number;
}

/** Leave for another customer to use a module, given by the one that has it (ruling Q-21). */
export interface Share {
  readonly customer: string;
  /** the service network by which that customer comes, of its own; `null`: it has not asked for one yet */
  readonly network: string | null;
  /** whether the leave was taken back: the network stays, and leads nowhere */
  readonly revoked: boolean;
  /** where it was given, or taken back */
  readonly from: Source | null;
}

/** Which program answers on a port. */
export type Endpoint =
  | { readonly kind: 'echo' }
  /** an external keystore */
  | { readonly kind: 'keystore' }
  | StorageEndpoint
  | { readonly kind: 'module'; readonly speed: Speed | null }
  | { readonly kind: 'hsm'; readonly key: 'ed25519' | 'p256' };

/** A storage service that has the keys of its objects wrapped by a security module (G-01 to G-06). */
export interface StorageEndpoint {
  readonly kind: 'storage';
  /** where it calls the module */
  readonly hsm: Ip;
  readonly slot: number;
  readonly pin: string;
  /** label of the key that is taken where a request names none */
  readonly key: string;
  /** who may ask for objects, by the text of the block; nobody else is answered */
  readonly allow: Records<Cidr>;
  /** how long an opened data key may be used again */
  readonly remembers: Nanos;
}

/** How quickly a module works; `null` where it takes no time. */
export interface Speed {
  /** operations side by side */
  readonly engines: number;
  /** operations that may wait */
  readonly waiting: number;
  /** how long each takes, by mechanism */
  readonly times: Records<Nanos>;
}
