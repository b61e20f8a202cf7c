import type { Cidr, Ip, Port } from '../address/index.ts';
import type { Nanos } from '../base/index.ts';
import type { Direction, Misfortune, TranslationPolicy } from '../model/index.ts';
import type { Frame, Stretch } from '../packet/index.ts';
import type { Traffic } from './declared.ts';
import type { DeviceReference, Expectation } from './expected.ts';
import type { Said } from './said.ts';
import type { CareStep, LogStep, PanelStep } from './steps-of-care.ts';
import type { ReplicateStep } from './steps-of-copies.ts';
import type { GuardStep } from './steps-of-guards.ts';
import type { LoadStep } from './steps-of-load.ts';
import type { NetworkStep } from './steps-of-networks.ts';

/* What happens, as a scenario says it. */

export type * from './steps-of-care.ts';
export type * from './steps-of-copies.ts';
export type * from './steps-of-guards.ts';
export type * from './steps-of-load.ts';
export type * from './steps-of-networks.ts';

export type Step =
  | RequestHsm
  | NetworkStep
  | GuardStep
  | CareStep
  | LogStep
  | PanelStep
  | Send
  | LoadStep
  | ReplicateStep
  | Fail
  | Heal
  | Impair
  | Move
  | Wait;

/** What all steps have. */
export interface Stepped extends Said {
  /** `null`: right after the step before */
  readonly at: Nanos | null;
  readonly name: string | null;
  readonly expect: Expectation | null;
}

/** The customer asks the provider for an HSM in its network (FIG. 6). */
export interface RequestHsm extends Stepped {
  readonly kind: 'request-hsm';
  readonly customer: string;
  readonly subnet: string;
  /** the address at which the customer will reach the HSM: VNI 314 */
  readonly address: Ip;
  /** a certain HSM; `null`: any free one that fits */
  readonly hsm: string | null;
  /** `null`: any model */
  readonly model: string | null;
  /** the least level of FIPS 140-2; `null`: any */
  readonly fips: number | null;
  /** `null`: the provider chooses a block that is disjoint from the customer's network */
  readonly service: ServiceChoice | null;
  readonly attachment: 'rack' | 'direct';
  /** as what the service network knows the HSM; `null`: by its own address */
  readonly alias: Ip | null;
  readonly sourceRewrite: boolean;
  readonly translation: TranslationPolicy;
  readonly hairpin: boolean;
  /** Allow only. `null`: any protocol from the customer's network, as the provider makes it */
  readonly firewall: readonly FirewallRule[] | null;
  /** As given; else `vni-314`, `nat-322`, `vni-324`, from a customer's second request on with `-2`, `-3`, … behind. */
  readonly names: RequestNames;
}

export interface ServiceChoice extends Said {
  /** subnet 318 */
  readonly cidr: Cidr;
  /** VNI 324: what the HSM sees; `null`: the first free address */
  readonly address: Ip | null;
}

export interface FirewallRule extends Said {
  readonly allow: Traffic;
  readonly from: Cidr;
}

export interface RequestNames {
  /** VNI 314: the interface in the customer's subnet */
  readonly vni: string;
  /** NAT instance 322 */
  readonly nat: string;
  /** VNI 324: the interface in the service network */
  readonly inward: string;
}

/** Packets that leave at the same instant. */
export interface Send extends Stepped {
  readonly kind: 'send';
  readonly packets: readonly Stimulus[];
}

export interface Stimulus extends Said {
  readonly from: DeviceReference;
  readonly to: Target;
  /** instead of one target, those that the client’s own application shares its requests out to; `null`: one */
  readonly balance: readonly Ip[] | null;
  readonly carry: Carry;
  /** 1 … 255; `null`: what the sender's own stack uses */
  readonly ttl: number | null;
  /** a source address that is not the sender's own; `null`: honest */
  readonly forgedSource: Ip | null;
  /** whether its connection stays open when all is said */
  readonly keepsOpen: boolean;
  readonly payload: string | null;
  /** after how long without an acknowledgement a connection is given up; `null`: as the sender’s stack does */
  readonly timeout: Nanos | null;
  /** bytes of the packet, or for TCP of what the connection carries; `null`: as the payload makes it */
  readonly size: number | null;
  /** `null`: as its sender’s stack does */
  readonly dontFragment: boolean | null;
  /** the pieces that are sent; `null`: what the sender’s stack makes of it */
  readonly fragments: readonly Stretch[] | null;
  /** what is said on the connection to the security module at its other end; `null`: the payload, or nothing */
  readonly talk: Talk | null;
}

/** Lines for the console of a security module, for an application that uses its keys, a PIN entry device, an external keystore, or a storage service. */
export interface Talk {
  readonly kind: 'console' | 'pkcs11' | 'rped' | 'store' | 'objects';
  readonly lines: readonly string[];
  /** whose certificate is shown; `null`: the sender's own */
  readonly as: string | null;
}

export interface Target {
  readonly address: Ip;
  /** the device whose name stands in the file; `null` where an address stands there */
  readonly named: DeviceReference | null;
}

export type Carry =
  | { readonly kind: 'tcp'; readonly port: Port; readonly sourcePort: Port | null }
  | { readonly kind: 'udp'; readonly port: Port; readonly sourcePort: Port | null }
  | { readonly kind: 'icmp-echo' }
  /** put on the link as it is */
  | { readonly kind: 'frame'; readonly frame: Frame };

export interface Fail extends Stepped {
  readonly kind: 'fail';
  readonly what: Breakable;
}

export interface Heal extends Stepped {
  readonly kind: 'heal';
  readonly what: Breakable;
}

/** A link that works, and does not do so well. */
export interface Impair extends Stepped {
  readonly kind: 'impair';
  readonly what: Impairable;
  readonly direction: Direction;
  readonly misfortune: Misfortune;
}

export type Impairable = Exclude<Breakable, { readonly kind: 'power' | 'channel' }>;

export type Breakable =
  | { readonly kind: 'link'; readonly ends: readonly [DeviceReference, DeviceReference] }
  | { readonly kind: 'device'; readonly device: DeviceReference }
  | { readonly kind: 'zone'; readonly name: string }
  | { readonly kind: 'power'; readonly name: string }
  /** between the premises and the virtual network of a customer */
  | { readonly kind: 'channel'; readonly customer: string };

/** An instance goes on on another server. */
export interface Move extends Stepped {
  readonly kind: 'move';
  readonly instance: DeviceReference;
  readonly server: DeviceReference;
}

export interface Wait extends Stepped {
  readonly kind: 'wait';
  readonly duration: Nanos;
}
