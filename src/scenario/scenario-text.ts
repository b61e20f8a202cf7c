import type { CareText } from './care-text.ts';
import type { ExpectationText } from './expectation-text.ts';
import type { AclText, ReplaceNatText, ServiceText, SetAclText, SetFirewallText } from './guard-text.ts';

export type * from './care-text.ts';
export type * from './expectation-text.ts';
export type * from './guard-text.ts';

import type { ReplicateText } from './copies-text.ts';
import type { EndpointText, ModuleEndpointText } from './endpoint-text.ts';
import type { ChannelText, OpenChannelText, PremisesText } from './premises-text.ts';
import type { LoadText } from './speed-text.ts';

export type * from './copies-text.ts';
export type * from './endpoint-text.ts';
export type * from './premises-text.ts';
export type * from './speed-text.ts';

/**
 * A scenario as its file says it: plain text, numbers and lists, in the shape of the schema, nothing resolved.
 *
 * This is what `printScenario` prints and what a file parses to; {@link scenarioSchema} accepts exactly this.
 * What each field means stands with the schema, where editors show it.
 */
export interface ScenarioText {
  readonly title: string;
  readonly about?: string;
  readonly seed?: number;
  readonly provider: ProviderText;
  readonly internet?: InternetText;
  readonly customers?: Named<CustomerText>;
  readonly steps?: readonly StepText[];
  readonly prove?: readonly string[];
}

/** Entries by name, in the order of the file. */
export type Named<Value> = { readonly [name: string]: Value };

export interface ProviderText {
  readonly zones: readonly string[] | Named<ZoneText>;
  readonly underlay?: 'ipv4' | 'ipv6';
  readonly distances?: DistancesText;
  readonly servers?: Named<ServerText>;
  readonly hsms?: Named<HsmText>;
  readonly links?: readonly LinkText[];
  readonly service?: ServiceText;
}

/** Two devices, and what the cable between them is like. */
export interface LinkText {
  readonly between: readonly [string, string];
  readonly mtu?: number;
  readonly latency?: string;
}

export interface ZoneText {
  readonly kind?: 'data-center' | 'room' | 'group';
  readonly power?: readonly string[];
  readonly operator?: string;
}

/** How far apart things are, as times. */
export interface DistancesText {
  readonly inside?: string;
  readonly between?: string;
  readonly pairs?: readonly { readonly zones: readonly string[]; readonly distance: string }[];
}

export interface ServerText {
  readonly zone: string;
  readonly power?: readonly string[];
}

export interface HsmText {
  readonly model?: string;
  readonly fips?: number;
  readonly zone: string;
  readonly rack?: string;
  readonly power?: readonly string[];
  readonly host?: string;
  readonly address: string;
  readonly endpoint?: ModuleEndpointText;
  readonly port?: number;
}

export interface InternetText {
  readonly hosts?: Named<{ readonly address: string; readonly listen?: Named<EndpointText> }>;
}

export interface CustomerText {
  readonly owner?: 'provider';
  readonly vn: VirtualNetworkText;
  readonly premises?: PremisesText;
  readonly channel?: ChannelText;
  readonly roles?: Named<{ readonly allow: readonly ('create-vni' | 'attach-vni')[] }>;
}

export interface VirtualNetworkText {
  readonly cidr: string;
  readonly subnets?: Named<SubnetText>;
  readonly gateways?: Named<'internet' | 'egress-only' | 'vpn'>;
  readonly firewalls?: Named<FirewallText>;
  readonly acls?: Named<AclText>;
  readonly instances?: Named<InstanceText>;
  readonly 'load-balancers'?: Named<LoadBalancerText>;
}

export interface LoadBalancerText {
  readonly standby?: { readonly name: string; readonly address: string; readonly server?: string };
  readonly subnet: string;
  readonly address: string;
  readonly server?: string;
  readonly listen: string;
  readonly targets: readonly string[];
  readonly policy?: 'round-robin' | 'least-connections' | 'source-hash' | 'zone-affinity';
  readonly mode?: 'active-active' | 'active-standby';
  readonly fallback?: string;
  readonly health?: {
    readonly every?: string;
    readonly timeout?: string;
    readonly healthy?: number;
    readonly unhealthy?: number;
  };
}

export interface SubnetText {
  readonly cidr: string;
  readonly zone: string;
  readonly acl?: string;
  readonly routes?: readonly RouteText[];
}

/** Exactly one of `via` and `blackhole` is there. */
export interface RouteText {
  readonly to: string;
  readonly via?: string;
  readonly blackhole?: true;
}

export interface FirewallText {
  readonly in?: readonly { readonly allow: string; readonly from: string }[];
  readonly out?: readonly { readonly allow: string; readonly to: string }[];
}

export interface InstanceText {
  readonly subnet: string;
  readonly address: string;
  readonly public?: string;
  readonly 'source-check'?: boolean;
  readonly kind?: 'vm' | 'storage';
  readonly 'hsm-client'?: boolean;
  readonly server?: string;
  readonly firewalls?: readonly string[];
  /** by port */
  readonly listen?: Named<EndpointText>;
}

/** Exactly one of the verbs is there: the checks see to it, because the complaint is clearer than a union's. */
export interface StepText extends CareText {
  readonly name?: string;
  readonly at?: string;
  readonly 'request-hsm'?: RequestHsmText;
  readonly 'add-route'?: AddRouteText;
  readonly 'remove-route'?: RemoveRouteText;
  readonly 'attach-gateway'?: NamedGatewayText;
  readonly 'detach-gateway'?: NamedGatewayText;
  readonly peer?: PeerText;
  readonly 'accept-peering'?: AcceptPeeringText;
  readonly 'set-acl'?: SetAclText;
  readonly 'set-firewall'?: SetFirewallText;
  readonly 'replace-nat'?: ReplaceNatText;
  readonly 'open-channel'?: OpenChannelText;
  readonly send?: StimulusText | readonly StimulusText[];
  readonly load?: LoadText;
  readonly replicate?: ReplicateText;
  readonly fail?: BreakableText;
  readonly heal?: BreakableText;
  readonly move?: { readonly instance: string; readonly to: string };
  readonly impair?: ImpairText;
  readonly wait?: string;
  readonly expect?: ExpectationText;
}

/** How the NAT instance of a request translates. */
export interface NatText {
  readonly timers?: 'rfc' | 'linux' | 'aws';
  readonly mapping?: 'address-and-port-dependent' | 'endpoint-independent';
  readonly hairpin?: boolean;
  readonly exhausted?: 'drop' | 'icmp';
  readonly ports?: string;
  readonly reverse?: readonly { readonly udp?: number; readonly tcp?: number; readonly to: string }[];
}

export interface AddRouteText extends RouteText {
  readonly customer: string;
  readonly subnet: string;
}

export interface RemoveRouteText {
  readonly customer: string;
  readonly subnet: string;
  readonly to: string;
}

export interface PeerText {
  readonly customer: string;
  readonly with: string;
  readonly name?: string;
}

export interface AcceptPeeringText {
  readonly customer: string;
  readonly peering: string;
}

export interface NamedGatewayText {
  readonly customer: string;
  readonly gateway: string;
}

export interface RequestHsmText {
  readonly customer: string;
  readonly subnet: string;
  readonly address: string;
  readonly hsm?: string;
  readonly model?: string;
  readonly fips?: number;
  readonly 'overlay-nat'?: string;
  readonly service?: { readonly cidr: string; readonly address?: string };
  readonly attachment?: 'rack' | 'direct';
  readonly 'source-rewrite'?: 'on' | 'off';
  readonly nat?: NatText;
  readonly firewall?: readonly { readonly allow: string; readonly from: string }[];
  readonly names?: { readonly vni?: string; readonly nat?: string; readonly inward?: string };
}

/** Exactly one of `to` and `balance` is there, and exactly one of `tcp`, `udp` and `icmp`. */
export interface StimulusText {
  readonly from: string;
  readonly to?: string;
  readonly balance?: readonly string[];
  readonly tcp?: PortsText;
  readonly udp?: PortsText;
  readonly icmp?: 'echo';
  readonly frame?: string;
  readonly ttl?: number;
  readonly source?: string;
  readonly 'keep-open'?: boolean;
  readonly payload?: string;
  readonly timeout?: string;
  readonly size?: number;
  readonly df?: boolean;
  readonly fragments?: readonly string[];
  readonly console?: readonly string[];
  readonly pkcs11?: readonly string[];
  readonly store?: readonly string[];
  readonly rped?: readonly string[];
  readonly objects?: readonly string[];
  readonly as?: string;
}

export interface PortsText {
  readonly port: number;
  readonly 'source-port'?: number;
}

/** Exactly one of the five is there. */
export interface BreakableText {
  readonly link?: string;
  readonly device?: string;
  readonly zone?: string;
  readonly power?: string;
  /** the customer whose channel it is */
  readonly channel?: string;
}

/** Exactly one of the first three is there, and at least one of the misfortunes. */
export interface ImpairText {
  readonly link?: string;
  readonly device?: string;
  readonly zone?: string;
  readonly direction?: string;
  readonly loss?: string;
  readonly delay?: string;
  readonly jitter?: string;
  readonly duplicate?: string;
  readonly reorder?: string;
  readonly corrupt?: string;
}
