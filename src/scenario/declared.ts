import type { Cidr, Family, Ip, Ipv4, Port, PortRange } from '../address/index.ts';
import type { Nanos } from '../base/index.ts';
import type { MessageSink } from '../model/index.ts';
import type { Acl } from './acls.ts';
import type { EndpointChoice } from './endpoint-choice.ts';
import type { DeviceReference } from './expected.ts';
import type { Said } from './said.ts';

/* Who exists, as a scenario says it. */

export interface Provider extends Said {
  readonly zones: readonly Zone[];
  /** the family of the addresses between which the provider wraps */
  readonly underlay: Family;
  readonly distances: Distances | null;
  /** As declared; when none is, one a zone: `server-a`, `server-b`, … said where the zone is said. */
  readonly servers: readonly Server[];
  readonly hsms: readonly Hsm[];
  readonly service: Service | null;
}

/** What the file says of a link; `null`: as all links of its sort. */
export interface Link extends Said {
  readonly ends: readonly [DeviceReference, DeviceReference];
  readonly mtu: number | null;
  /** how long a frame takes from one end to the other */
  readonly latency: Nanos | null;
}

export interface Zone extends Said {
  readonly name: string;
  readonly kind: 'data-center' | 'room' | 'group';
  readonly power: readonly string[];
  /** `null`: the provider */
  readonly operator: string | null;
}

/** `null`: as the provider has it. */
export interface Distances extends Said {
  readonly inside: Nanos | null;
  readonly between: Nanos | null;
  readonly pairs: readonly ZonePair[];
}

export interface ZonePair extends Said {
  readonly zones: readonly [string, string];
  readonly distance: Nanos;
}

export interface Server extends Said {
  readonly name: string;
  readonly zone: string;
  /** `null`: what its zone has */
  readonly power: readonly string[] | null;
}

/** How the provider looks after its HSMs (FIG. 2, 226 to 232). */
export interface Service extends Said {
  readonly crp: Cidr;
  readonly public: Cidr<Ipv4>;
  readonly sink: MessageSink;
  /** name of a host on the Internet */
  readonly management: string;
  /** `null`: nobody notices by itself what fails */
  readonly watch: Watch | null;
}

/** How often devices give a sign of life, and what comes of it when they do not. */
export interface Watch {
  readonly every: Nanos;
  readonly missed: number;
  readonly repairs: boolean;
}

/** A security module in the provider's rack (FIG. 3, 326). */
export interface Hsm extends Said {
  readonly name: string;
  readonly model: string;
  /** level of FIPS 140-2; `null`: none is known */
  readonly fips: number | null;
  readonly zone: string;
  /** `null`: the rack of its zone */
  readonly rack: string | null;
  /** `null`: what its zone has */
  readonly power: readonly string[] | null;
  /** the computer that it is a card in; `null`: an appliance of its own */
  readonly host: string | null;
  readonly address: Ip;
  readonly endpoint: EndpointChoice;
  /** where its application listens, over TCP */
  readonly port: Port;
}

export interface Customer extends Said {
  readonly name: string;
  /** a part of the provider itself, such as a business unit */
  readonly ownedByProvider: boolean;
  readonly network: CustomerNetwork;
  /** what it hosts itself, and how that is joined to the network; `null`: nothing */
  readonly premises: Premises | null;
  readonly channel: Channel | null;
  readonly roles: readonly Role[];
}

/** Somebody on the Internet. */
export interface InternetHost extends Said {
  readonly name: string;
  readonly address: Ip;
  readonly listen: readonly Listener[];
}

/** The customer's virtual network (FIG. 3, 302). */
export interface CustomerNetwork extends Said {
  readonly cidr: Cidr;
  readonly subnets: readonly Subnet[];
  readonly gateways: readonly Gateway[];
  readonly firewalls: readonly Firewall[];
  readonly acls: readonly Acl[];
  readonly instances: readonly Instance[];
}

export interface Subnet extends Said {
  readonly name: string;
  readonly cidr: Cidr;
  readonly zone: string;
  /** name of an ACL of the same customer, or `null` */
  readonly acl: string | null;
  readonly routes: readonly Route[];
}

/** `via`: the name of a gateway, an instance or a peering; `null`: a black hole. */
export interface Route extends Said {
  readonly to: Cidr;
  readonly via: string | null;
}

export interface Gateway extends Said {
  readonly name: string;
  readonly kind: 'internet' | 'egress-only' | 'vpn';
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
  readonly address: Ip;
  /** on the Internet */
  readonly public: Ipv4 | null;
  readonly sourceCheck: boolean;
  readonly kind: 'vm' | 'storage' | 'load-balancer';
  /** what a load balancer does; `null` for everybody else */
  readonly balancer: Balancer | null;
  /** whether it has client software for HSMs */
  readonly hsmClient: boolean;
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

/** What a rule or a claim matches. `ports` is every port unless the protocol is TCP or UDP. */
export interface Traffic {
  readonly protocol: 'any' | 'tcp' | 'udp' | 'icmp';
  readonly ports: PortRange;
}

/** How a load balancer shares requests out (FIG. 5, 508). */
export interface Balancer {
  readonly port: Port;
  readonly targets: readonly Ip[];
  readonly policy: 'round-robin' | 'least-connections' | 'source-hash' | 'zone-affinity';
  readonly mode: 'active-active' | 'active-standby';
  /** how long a target that is back has to stay so before it is preferred to a standby again */
  readonly fallback: Nanos;
  readonly health: {
    readonly every: Nanos;
    readonly timeout: Nanos;
    readonly healthy: number;
    readonly unhealthy: number;
  };
  /** name of the instance that takes over; `null`: none does */
  readonly standby: string | null;
}

/** What a customer hosts itself (FIG. 2, 206). */
export interface Premises extends Said {
  readonly cidr: Cidr;
  /** name of the gateway (FIG. 2, 210) */
  readonly gateway: string;
  /** the gateway's address on the Internet */
  readonly public: Ip;
  /** name of the switch */
  readonly lan: string;
  readonly machines: readonly SiteMachine[];
}

/** Somebody on the LAN of the premises: a client, an HSM of the customer's own, a PIN entry device. */
export interface SiteMachine extends Said {
  readonly name: string;
  readonly customer: string;
  readonly kind: 'host' | 'hsm' | 'rped';
  /** `null` for a host */
  readonly model: string | null;
  /** whether it has client software for HSMs */
  readonly hsmClient: boolean;
  readonly address: Ip;
  readonly listen: readonly Listener[];
}

/** What joins the premises and the virtual network (FIG. 1, 110). */
export interface Channel extends Said {
  readonly kind: 'ipsec' | 'wireguard' | 'direct';
  /** `null`: the provider chooses */
  readonly public: Ip | null;
  /** whether the tables of the virtual network learn of the premises by themselves */
  readonly propagates: boolean;
}
