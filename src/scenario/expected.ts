import type { Cidr, Port } from '../address/index.ts';
import type { Nanos } from '../base/index.ts';
import type { DropReason } from '../dataplane/index.ts';
import type { RecordDrop } from '../host/index.ts';
import type { RefusalCode } from '../provider/index.ts';
import type { Bound } from './bounds.ts';
import type { ConversationOutcome } from './ending.ts';
import type { Said } from './scenario.ts';
import type { NoticeKind } from './watch.ts';

// ------------------------------------------------------------------------------------------ references

export type DeviceKind =
  | 'instance'
  | 'interface'
  | 'nat-instance'
  | 'server'
  | 'fabric'
  | 'overlay-device'
  | 'dx-router'
  | 'tor-switch'
  | 'hsm'
  | 'hsm-host'
  | 'internet'
  | 'internet-gateway'
  | 'internet-host'
  | 'vpn-gateway'
  | 'site-gateway'
  | 'lan-switch'
  | 'site-machine';

/** A device that exists at that moment of the scenario. */
export interface DeviceReference extends Said {
  readonly kind: DeviceKind;
  /** `null`: the provider's own */
  readonly customer: string | null;
  readonly name: string;
  /** unique in the scenario: `acme/app-310`, or the bare name where the device is the provider's own */
  readonly id: string;
}

/** Where something is or is not seen. */
export type Observer =
  | { readonly kind: 'device'; readonly device: DeviceReference }
  /** any device in the customer's network */
  | { readonly kind: 'customer'; readonly customer: string }
  | { readonly kind: 'anywhere' };

// ---------------------------------------------------------------------------------------- expectations

/** What must be true of a step. Every field that is not `null` (or empty) is one check. */
export interface Expectation extends Said {
  readonly delivered: DeviceReference | null;
  /** the devices on the way, in order */
  readonly path: readonly Waypoint[] | null;
  readonly seen: readonly Sighting[];
  readonly unseen: readonly Sighting[];
  readonly reply: ReplyExpectation | null;
  readonly answer: AnswerExpectation | null;
  /** how each answer of a security module begins, in order */
  readonly answers: readonly string[] | null;
  /** who answered: one device each of the packets, or so many of them as said */
  readonly answeredBy: AnsweredBy | null;
  /** what the application that sent sees come of it */
  readonly outcome: ConversationOutcome | null;
  /** how long that may take */
  readonly within: Nanos | null;
  readonly dropped: DropReason | null;
  /** where it was dropped; only beside `dropped` */
  readonly at: DeviceReference | null;
  /** what the provider says instead of doing the step */
  readonly refused: RefusalCode | null;
  /** what management notices during the step, in this order; an empty list: nothing; `null`: whatever it is */
  readonly noticed: readonly NoticeExpectation[] | null;
  /** a datagram that a machine hears and does not open */
  readonly unopened: { readonly at: DeviceReference; readonly because: RecordDrop } | null;
  /** what a load comes to */
  readonly load: readonly Bound[];
  /** texts that teach, printed when the expectation is met or not */
  readonly pass: string | null;
  readonly fail: string | null;
}

/** `about` is a device, a channel or a zone, under the id by which it fails. */
export interface NoticeExpectation {
  readonly about: { readonly id: string; readonly name: string };
  readonly what: NoticeKind;
}

export type AnsweredBy =
  | { readonly kind: 'device'; readonly device: DeviceReference }
  | {
      readonly kind: 'counts';
      readonly counts: readonly { readonly device: DeviceReference; readonly count: number }[];
    };

export type Waypoint =
  | { readonly kind: 'device'; readonly device: DeviceReference }
  /** `...`: any hops, also none */
  | { readonly kind: 'any' };

/** A packet at a place. A field that is `null` may be anything; single addresses are blocks of one (/32). */
export interface Sighting extends Said {
  readonly at: Observer;
  readonly sourceBlock: Cidr | null;
  readonly targetBlock: Cidr | null;
  readonly ttl: number | null;
  readonly sourcePort: Port | null;
  readonly targetPort: Port | null;
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'esp' | null;
}

export type ReplyExpectation =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'some';
      readonly sourceBlock: Cidr | null;
      readonly targetBlock: Cidr | null;
      /** `reversed`: the request's path backwards */
      readonly path: 'reversed' | readonly Waypoint[] | null;
    };

/** What the application that sent the payload got back. */
export type AnswerExpectation =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'valid-signature' };
