import type { Cidr, Ip, Ipv4 } from '../address/index.ts';
import type { Nanos, Source } from '../base/index.ts';

/**
 * How the provider looks after its HSMs (FIG. 2, 226 to 232): every service network gets a public subnet with a bastion and a gateway,
 * and what the HSM reports goes through that bastion to two services on the Internet.
 */
export interface Service {
  /** the provider's own firewalls on the Internet: the service team manages from there, over SSH (I-06, I-10) */
  readonly crp: Cidr;
  /** addresses on the Internet that bastions get, one each */
  readonly public: Cidr<Ipv4>;
  readonly sink: MessageSink;
  /** name of a host on the Internet */
  readonly management: string;
  /** `null`: nobody notices by itself what fails */
  readonly watch: Watch | null;
  readonly from: Source | null;
}

/** A host on the Internet that gets every message beside management: `storage` keeps them (B-04), a `queue` hands each on (B-09). */
export interface MessageSink {
  readonly kind: 'storage' | 'queue';
  readonly host: string;
}

/** How management notices that something has failed (B-07), and what it does about it (B-08). */
export interface Watch {
  /** HSMs, NAT instances and bastions give a sign of life so often */
  readonly every: Nanos;
  /** so many in a row must be missed before it counts as silent */
  readonly missed: number;
  /** whether a NAT instance that is silent is replaced at once */
  readonly repairs: boolean;
}

/** A bastion at work: what it hears from `hsm`, or from the NAT instances of its network, it passes on. */
export interface Bastion {
  /** the instance that it is */
  readonly id: string;
  readonly network: string;
  readonly gateway: string;
  readonly hsm: Ip;
}

/** Where an HSM sends its messages (B-10, B-11). */
export interface LogTarget {
  readonly sort: MessageSort;
  readonly address: Ip;
  /** who set it, and who alone may take it away */
  readonly whose: 'provider' | 'customer';
}

export type MessageSort = keyof typeof MESSAGE_PORTS;

/** Messages that pass through a bastion, by UDP port: syslog (RFC 5426) and SNMP traps (RFC 3418). */
export const MESSAGE_PORTS = { syslog: 514, traps: 162 } as const;

/**
 * UDP ports of the same over the Internet, where every datagram is a record of DTLS: syslog (RFC 6012), SNMP traps (RFC 6353). The time
 * is asked at a port of the server's own, as RFC 8915 has it, and a queue at that of AMQP under TLS.
 */
export const SEALED_PORTS = { syslog: 6514, traps: 10_162, time: 4460, queue: 5671 } as const;

/** RFC 5905. */
export const TIME_PORT = 123;

/** RFC 4253. */
export const SSH_PORT = 22;
