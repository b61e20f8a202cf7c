import type { Source } from '../base/index.ts';
import type { Channel, Open, Seal } from './stages-of-channels.ts';
import type { Global, OneToOne } from './stages-of-gateways.ts';
import type { Impair, Switch, Tag, Transmit, VlanSelect } from './stages-of-links.ts';
import type {
  Accept,
  Answer,
  Deliver,
  Fit,
  Gather,
  Neighbour,
  Route,
  Translate,
} from './stages-of-machines.ts';
import type { Acl, Filter } from './stages-of-rules.ts';
import type { Guard, Locate, Unwrap, Wrap } from './stages-of-virtual-networks.ts';

export type * from './stages-of-channels.ts';
export type * from './stages-of-gateways.ts';
export type * from './stages-of-links.ts';
export type * from './stages-of-machines.ts';
export type * from './stages-of-rules.ts';
export type * from './stages-of-virtual-networks.ts';

/**
 * The vocabulary of a Program: what a place can do with a frame, as data.
 *
 * One line a kind. Four tables must have an entry for each: the engine's steps, the prover's set transfers and
 * crossings, and the explanations. A kind that lacks one does not compile.
 */
export interface Stages {
  /** Anti-spoof at a virtual port: a guest sends only as itself. */
  guard: Guard;
  /** The firewall of a virtual network interface. */
  filter: Filter;
  /** The ACL of a subnet, at its boundary. */
  acl: Acl;
  /** The virtual switch: which interface of this virtual network, and behind which server. */
  locate: Locate;
  /** Put the frame into VXLAN (RFC 7348) towards another tunnel end. */
  wrap: Wrap;
  /** Take a frame out of VXLAN and find the port of its virtual network. */
  unwrap: Unwrap;
  /** Link and network layer checks of an IP interface, and its side of ARP. */
  accept: Accept;
  /** Puts pieces of a datagram together, where somebody must see it whole. */
  gather: Gather;
  /** Network address translation of FIG. 3. */
  translate: Translate;
  /** A private address for a public one and back, at a gateway to the Internet: no state, no ports. */
  'one-to-one': OneToOne;
  /** What the Internet does not carry: private and other special addresses. */
  global: Global;
  /** Longest-prefix match. */
  route: Route;
  /** Cuts what is too long for the next link, or says so to its sender. */
  fit: Fit;
  /** Next hop to link address, by ARP. */
  neighbour: Neighbour;
  /** Into the channel to another site, if it is up. */
  channel: Channel;
  /** Make the packet the secret of another one, towards the far gateway. */
  seal: Seal;
  /** Take a packet out again. */
  open: Open;
  /** Which subinterface a tagged frame belongs to. */
  vlan: VlanSelect;
  /** IEEE 802.1Q bridge: learn, look up, flood. */
  switch: Switch;
  /** What a bridge port does to the tag on the way out. */
  tag: Tag;
  /** Loss, delay, duplication, reordering and damage of an impaired link; not there where nothing is impaired. */
  impair: Impair;
  /** Onto the wire. */
  transmit: Transmit;
  /** What is for a router itself. */
  answer: Answer;
  /** To the machine itself. */
  deliver: Deliver;
}

export type Kind = keyof Stages;

/** A stage of one kind, or of any. `id` is its index in {@link Program.stages}. */
export type Stage<K extends Kind = Kind> = {
  [P in K]: { readonly kind: P; readonly id: number; readonly from: Origin } & Readonly<Stages[P]>;
}[K];

/** Which record of the model a stage was compiled from, in words, and where the file says so. */
export interface Origin {
  readonly record: string;
  readonly source: Source | null;
}
