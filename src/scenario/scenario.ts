import type { Cidr, Ipv4, Port, PortRange } from '../address/index.ts';
import type { Nanos, Source } from '../base/index.ts';
import type { Claim } from './claims.ts';
import type { DiagnosticCode } from './diagnostic-codes.ts';
import type { Complaint, Diagnostic } from './diagnostics.ts';
import type { DeviceReference, Expectation } from './expected.ts';
import type { ScenarioText } from './scenario-text.ts';

export type * from './expected.ts';

/**
 * A scenario as it was checked: addresses are integers, names are resolved, defaults are filled in.
 *
 * Whoever holds one knows that every name in it exists, that no two devices of one network share an address, and
 * that time does not go back. What only performing can tell (a refusal of the provider, an HSM that is taken) is
 * said later, with {@link Scenario.sourceOf} or {@link Scenario.diagnose}.
 */
export interface Scenario {
  readonly file: string;
  readonly title: string;
  readonly about: string | null;
  readonly seed: number;
  readonly provider: Provider;
  readonly customers: readonly Customer[];
  readonly steps: readonly Step[];
  readonly claims: readonly StatedClaim[];
  /** What the file said, before anything was parsed: what `printScenario` prints. */
  readonly text: ScenarioText;
  /** Where the file says what stands at this path, or the nearest thing around it. */
  sourceOf(where: Path): Source;
  /** A complaint about what stands at this path, with its line of the file. */
  diagnose(code: DiagnosticCode, where: Path, complaint: Complaint): Diagnostic;
}

/** Keys and indexes from the top of the file: `['steps', 1, 'expect', 'reply']`. */
export type Path = readonly (string | number)[];

/** Something that the file says: where, as a path into it and as a place for people. */
export interface Said {
  readonly where: Path;
  readonly source: Source;
}

export interface Provider extends Said {
  readonly zones: readonly Zone[];
  /** As declared; when none is, one a zone: `server-a`, `server-b`, … said where the zone is said. */
  readonly servers: readonly Server[];
  readonly hsms: readonly Hsm[];
}

export interface Zone extends Said {
  readonly name: string;
}

export interface Server extends Said {
  readonly name: string;
  readonly zone: string;
}

/** A security module in the provider's rack (FIG. 3, 326). */
export interface Hsm extends Said {
  readonly name: string;
  readonly model: string;
  readonly zone: string;
  readonly address: Ipv4;
  readonly endpoint: EndpointChoice;
  /** where its application listens, over TCP */
  readonly port: Port;
}

/** What answers behind a port. */
export type EndpointChoice =
  | { readonly kind: 'echo' }
  | { readonly kind: 'hsm'; readonly key: 'ed25519' | 'p256' };

export interface Customer extends Said {
  readonly name: string;
  readonly network: CustomerNetwork;
  readonly roles: readonly Role[];
}

/** The customer's virtual network (FIG. 3, 302). */
export interface CustomerNetwork extends Said {
  readonly cidr: Cidr;
  readonly subnets: readonly Subnet[];
  readonly firewalls: readonly Firewall[];
  readonly instances: readonly Instance[];
}

export interface Subnet extends Said {
  readonly name: string;
  readonly cidr: Cidr;
  readonly zone: string;
}

/** Rules that interfaces carry; `null` where the file leaves a direction as the provider makes it. */
export interface Firewall extends Said {
  readonly name: string;
  readonly in: readonly PeerRule[] | null;
  readonly out: readonly PeerRule[] | null;
}

/** `peer` is a block, or the name of a firewall of the same customer. */
export interface PeerRule extends Said {
  readonly allow: Traffic;
  readonly peer: Cidr | string;
}

/** A device of the customer (FIG. 3, 310). */
export interface Instance extends Said {
  readonly name: string;
  readonly customer: string;
  /** name of a subnet of the same customer */
  readonly subnet: string;
  readonly address: Ipv4;
  readonly kind: 'vm' | 'storage';
  /** the server it must run on; `null`: the provider places it */
  readonly server: string | null;
  /** names of firewalls of the same customer */
  readonly firewalls: readonly string[];
  readonly listen: readonly Listener[];
}

export interface Listener extends Said {
  readonly port: Port;
  readonly endpoint: EndpointChoice;
}

/** What the customer lets the provider's HSM service do in its account (FIG. 7, 704). */
export interface Role extends Said {
  readonly name: string;
  readonly allow: readonly Permission[];
}

export type Permission = 'create-vni' | 'attach-vni';

// ---------------------------------------------------------------------------------------------- steps

export type Step = RequestHsm | Send | Fail | Heal | Wait;

interface Stepped extends Said {
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
  readonly address: Ipv4;
  /** a certain HSM; `null`: any free one that fits */
  readonly hsm: string | null;
  /** `null`: any model */
  readonly model: string | null;
  /** `null`: the provider chooses a block that is disjoint from the customer's network */
  readonly service: ServiceChoice | null;
  readonly attachment: 'rack' | 'direct';
  readonly sourceRewrite: boolean;
  /** Allow only. `null`: any protocol from the customer's network, as the provider makes it */
  readonly firewall: readonly FirewallRule[] | null;
  /** As given; else `vni-314`, `nat-322`, `vni-324`, from a customer's second request on with `-2`, `-3`, … behind. */
  readonly names: RequestNames;
}

export interface ServiceChoice extends Said {
  /** subnet 318 */
  readonly cidr: Cidr;
  /** VNI 324: what the HSM sees; `null`: the first free address */
  readonly address: Ipv4 | null;
}

export interface FirewallRule extends Said {
  readonly allow: Traffic;
  readonly from: Cidr;
}

/** What a rule or a claim matches. `ports` is every port unless the protocol is TCP or UDP. */
export interface Traffic {
  readonly protocol: 'any' | 'tcp' | 'udp' | 'icmp';
  readonly ports: PortRange;
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
  readonly carry: Carry;
  /** 1 … 255; `null`: what the sender's own stack uses */
  readonly ttl: number | null;
  /** a source address that is not the sender's own; `null`: honest */
  readonly forgedSource: Ipv4 | null;
  readonly payload: string | null;
}

export interface Target {
  readonly address: Ipv4;
  /** the device whose name stands in the file; `null` where an address stands there */
  readonly named: DeviceReference | null;
}

export type Carry =
  | { readonly kind: 'tcp'; readonly port: Port; readonly sourcePort: Port | null }
  | { readonly kind: 'udp'; readonly port: Port; readonly sourcePort: Port | null }
  | { readonly kind: 'icmp-echo' };

export interface Fail extends Stepped {
  readonly kind: 'fail';
  readonly what: Breakable;
}

export interface Heal extends Stepped {
  readonly kind: 'heal';
  readonly what: Breakable;
}

export type Breakable =
  | { readonly kind: 'link'; readonly ends: readonly [DeviceReference, DeviceReference] }
  | { readonly kind: 'device'; readonly device: DeviceReference };

export interface Wait extends Stepped {
  readonly kind: 'wait';
  readonly duration: Nanos;
}

// --------------------------------------------------------------------------------------------- claims

/** Something that must hold for all packets that any device could send, after all steps. */
export interface StatedClaim extends Said {
  readonly text: string;
  readonly claim: Claim;
}
