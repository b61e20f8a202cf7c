import type { Cidr, Ip, Mac, PortRange } from '../address/index.ts';
import type { Program, Stage } from '../program/index.ts';
import type { Witness } from './witness.ts';

/**
 * What can be claimed of a network, for all packets that any machine at its edge could send.
 *
 * Machines are indexes into `Program.hosts`. A packet *reaches* a machine when it is delivered to the machine's own
 * stack; a flooded copy that the machine's interface ignores has not reached it.
 */
export type Claim = Isolated | Separate | SeesOnly | Reaches | OnlyVia | Answered | Hidden | NoLoop;

/** Which packets a claim is about, by what they are where they arrive. Ports are the target's, of TCP and UDP. */
export interface Carried {
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly ports: PortRange;
}

/**
 * Nothing that a machine of `from` sends reaches a machine of `to`, whatever it forges. This includes answers:
 * if `to` can open a connection to `from` through a translator, the answers reach it and the claim is refuted.
 */
export interface Isolated {
  readonly kind: 'isolated';
  readonly from: readonly number[];
  readonly to: readonly number[];
  /** leaves out what passes only as part of a connection that another machine has opened */
  readonly unasked?: boolean;
  /** `null`: whatever it is */
  readonly carried?: Carried | null;
}

/** Whatever a machine of `from` sends and reaches a machine of `to` has been at `device`, an index into `Program.devices`. */
export interface OnlyVia {
  readonly kind: 'only-via';
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly device: number;
}

/**
 * Every packet that `from` sends honestly to `target`, to one of these ports, arrives at some machine, and what that machine
 * answers comes back to `from`, from the address `source` and from nowhere else.
 */
export interface Answered {
  readonly kind: 'answered';
  readonly from: number;
  readonly target: Ip;
  readonly source: Ip;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly ports: PortRange;
}

/**
 * What a machine of `from` sends bears no address of `blocks`, and none of `marks`, once it has gone out through the NAT instance
 * `device`, on any device, in whatever wrapper, until the instance has turned it back.
 */
export interface Hidden {
  readonly kind: 'hidden';
  readonly from: readonly number[];
  /** index into `Program.devices` */
  readonly device: number;
  readonly blocks: readonly Cidr[];
  readonly marks?: Marks | null;
}

/** What tells a customer's frames besides IP addresses. */
export interface Marks {
  /** link addresses of the interfaces in its network */
  readonly macs: ReadonlySet<Mac>;
  /** VXLAN segments of its network */
  readonly segments: ReadonlySet<number>;
}

/**
 * No packet that any machine could send goes round from device to device for ever, if no TTL ended it. What machines make each
 * other say, one answer after the other, is no loop: each of these packets arrives.
 */
export interface NoLoop {
  readonly kind: 'no-loop';
}

/** No machine of a group reaches one of another group: {@link Isolated} for every pair, in one pass. */
export interface Separate {
  readonly kind: 'separate';
  readonly groups: readonly (readonly number[])[];
}

/**
 * Whatever another machine sends and reaches `host` bears one of these source addresses. What the machine sends to
 * itself by way of a router is not counted: it may forge anything, and learns nothing from it.
 */
export interface SeesOnly {
  readonly kind: 'sees-only';
  readonly host: number;
  /** addresses, and blocks that mean each address in them */
  readonly sources: readonly (Ip | Cidr)[];
}

/**
 * A packet that `from` sends honestly, from its own address through its own stack and unasked, can reach `to`, for
 * each target port of `ports` as `from` writes it. Ports count for TCP and UDP only.
 */
export interface Reaches {
  readonly kind: 'reaches';
  readonly from: number;
  readonly to: number;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly ports: PortRange;
}

export type Verdict = Proved | Refuted | Vacuous | Undecided;

export interface Proved {
  readonly verdict: 'proved';
  /** what the proof takes for granted */
  readonly assumptions: readonly string[];
  /** for `reaches`: a packet that does, for the engine to confirm; `null` where it needs no wire, to oneself */
  readonly sample: Witness | null;
}

export interface Refuted {
  readonly verdict: 'refuted';
  /** a packet that breaks the claim; `null` for `reaches`, which no packet breaks */
  readonly witness: Witness | null;
  /** the machine that the witness reaches, index into `Program.hosts` */
  readonly reached: number | null;
  /** what the engine shows when it replays the witness */
  readonly shows: Shows;
  /** for `reaches`: where the packets stop, nearest to the goal first */
  readonly stops: readonly Stop[];
}

/** What is seen of a witness. Devices are indexes into `Program.devices`. */
export type Shows =
  /** it is delivered to the machine that the refutation names */
  | { readonly kind: 'arrival' }
  /** the same, and it was never at this device */
  | { readonly kind: 'detour'; readonly around: number }
  /** it is at this device, with an address of one of these blocks or with one of these marks */
  | {
      readonly kind: 'exposure';
      readonly at: number;
      readonly blocks: readonly Cidr[];
      readonly marks: Marks | null;
    }
  /** it comes to this place, an index into `Program.places`, again and again, until its TTL or the engine ends it */
  | { readonly kind: 'circle'; readonly at: number }
  /** it is delivered to nobody */
  | { readonly kind: 'loss' };

/** The claim speaks of packets that nobody can send, so there is nothing to prove. */
export interface Vacuous {
  readonly verdict: 'vacuous';
  readonly why: string;
}

/** Neither proved nor refuted, within what a claim may cost. */
export interface Undecided {
  readonly verdict: 'undecided';
  readonly why: string;
}

/** A stage that drops all that gets to it, and a packet to show it with. */
export interface Stop {
  readonly stage: Stage;
  /** `null` where the sender's own stack stops it */
  readonly packet: Witness | null;
}

interface Assumption {
  readonly text: string;
  /** whether it matters for this Program */
  readonly applies: (program: Program) => boolean;
}

const always = (): boolean => true;

function has(kind: Stage['kind']): (program: Program) => boolean {
  return (program) => program.stages.some((stage) => stage.kind === kind);
}

function tracks(program: Program): boolean {
  return program.stages.some((stage) => stage.kind === 'filter' && stage.tracking !== null);
}

const ASSUMPTIONS: readonly Assumption[] = [
  { text: 'the engine does what the Program says', applies: always },
  {
    text: 'ARP, neighbour discovery and frames that are no packets carry nothing from machine to machine',
    applies: always,
  },
  {
    text: 'only what machines send is counted, not what devices say themselves (ICMP errors, ARP)',
    applies: always,
  },
  { text: 'the TTL is large enough for the path, and packets fit every link', applies: always },
  {
    text: 'ARP finds the owners that the Program names; nobody claims another’s address',
    applies: has('neighbour'),
  },
  {
    text: 'connections do not expire and ports do not run out',
    applies: (program) => has('translate')(program) || tracks(program),
  },
  { text: 'nobody forges what the gateways of a channel authenticate', applies: has('open') },
  { text: 'no firewall still tracks a connection that only former rules allowed', applies: tracks },
  {
    text: 'a bridge may flood any frame, whatever it has learned',
    applies: (program) => program.stages.some((stage) => stage.kind === 'switch' && stage.fixed === null),
  },
];

/** What a proof about this Program takes for granted, in words. */
export function assumptionsOf(program: Program): readonly string[] {
  return ASSUMPTIONS.filter(({ applies }) => applies(program)).map(({ text }) => text);
}
