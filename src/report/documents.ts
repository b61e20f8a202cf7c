import type { DropReason, Journey } from '../dataplane/index.ts';
import { explainDeed } from '../hsm/index.ts';
import type { Program } from '../program/index.ts';
import type {
  Comparison,
  Decided,
  Done,
  LoadReport,
  PacketSet,
  PingMatrix,
  Reach,
  RunReport,
  ScenarioReport,
} from '../scenario/index.ts';
import { endOf, type Leg, legOf } from './legs.ts';

/** What was asked, and what came back. */
export interface Exchange {
  readonly program: Program;
  readonly request: Journey;
  readonly reply: Journey | null;
}

/** `vnsim trace --json`. Fields may be added under this name; a changed meaning takes a new one. */
export interface TraceDocument {
  readonly schema: 'vnsim.trace/1';
  /** `dropped` as soon as one of the two legs did not arrive */
  readonly outcome: 'delivered' | 'dropped';
  /** the reason of the leg that was dropped */
  readonly reason: DropReason | null;
  readonly request: Leg;
  readonly reply: Leg | null;
  /** what security modules did with what was said to them */
  readonly deeds: readonly DeedDocument[];
}

/** One request to a security module. */
export interface DeedDocument {
  readonly device: string;
  readonly command: string | null;
  readonly actor: string;
  readonly role: string;
  readonly partition: string | null;
  /** `done`, `silent` or a code */
  readonly outcome: string;
  readonly decidedBy: string;
  readonly why: string;
}

export function traceDocument(
  { program, request, reply }: Exchange,
  deeds: readonly Done[] = [],
): TraceDocument {
  const ends = [request, reply].flatMap((journey) => (journey === null ? [] : [endOf(program, journey)]));
  const failed = ends.find(({ outcome }) => outcome !== 'delivered');
  return {
    schema: 'vnsim.trace/1',
    outcome: failed === undefined ? 'delivered' : 'dropped',
    reason: failed?.reason ?? null,
    request: legOf(program, request),
    reply: reply === null ? null : legOf(program, reply),
    deeds: deeds.map(({ device, deed }) => ({
      device,
      command: deed.command,
      actor: deed.actor,
      role: deed.role,
      partition: deed.partition,
      outcome: deed.outcome,
      decidedBy: deed.decidedBy,
      why: explainDeed(deed),
    })),
  };
}

/** `vnsim run --json`. */
export interface RunDocument {
  readonly schema: 'vnsim.run/1';
  readonly passed: number;
  readonly failed: number;
  readonly scenarios: readonly {
    readonly file: string;
    readonly title: string;
    readonly seed: number;
    readonly checks: readonly {
      readonly name: string;
      readonly passed: boolean;
      readonly message: string;
      readonly line: number;
    }[];
    /** what loads came to, in order; absent where there is none. Times are nanoseconds, shares are counts. */
    readonly loads?: readonly LoadDocument[];
    /** who keeps backup keys, and what that guarantees; absent where there are none */
    readonly custody?: ScenarioReport['custody'];
  }[];
}

export interface LoadDocument extends Omit<LoadReport, 'missed'> {
  /** number of the step, from 1 */
  readonly step: number;
  readonly missed: readonly { readonly why: string; readonly count: number }[];
}

export function runDocument(report: RunReport): RunDocument {
  return {
    schema: 'vnsim.run/1',
    passed: report.passed,
    failed: report.failed,
    scenarios: report.scenarios.map(({ file, title, seed, checks, steps, custody }) => {
      const loads = steps.flatMap((step) =>
        step.load === null ? [] : [loadDocument(step.index, step.load)],
      );
      return {
        file,
        title,
        seed,
        checks: checks.map(({ name, passed, message, line }) => ({ name, passed, message, line })),
        ...(loads.length === 0 ? {} : { loads }),
        ...(custody.length === 0 ? {} : { custody }),
      };
    }),
  };
}

function loadDocument(index: number, { missed, ...load }: LoadReport): LoadDocument {
  return { step: index + 1, ...load, missed: missed.map(([why, count]) => ({ why, count })) };
}

/** `vnsim prove --json`. */
export interface ProofDocument {
  readonly schema: 'vnsim.prove/1';
  readonly claims: readonly {
    readonly text: string;
    readonly verdict: Decided['verdict'];
    readonly message: string;
    /** what a proof takes for granted */
    readonly assumptions: readonly string[];
    readonly line: number;
  }[];
}

export function proofDocument(decided: readonly Decided[]): ProofDocument {
  return {
    schema: 'vnsim.prove/1',
    claims: decided.map(({ text, verdict, message, assumptions, line }) => ({
      text,
      verdict,
      message,
      assumptions,
      line,
    })),
  };
}

/** `vnsim reach --json`. */
export interface ReachDocument {
  readonly schema: 'vnsim.reach/1';
  readonly from: string;
  readonly to: string;
  readonly passes: readonly {
    readonly to: string;
    readonly sent: PacketSet;
    readonly arrives: PacketSet;
  }[];
  /** what is in the way, where some traffic was asked about and none of it passes */
  readonly blocked: {
    readonly target: string;
    readonly opens: boolean;
    readonly blockers: readonly {
      readonly stops: 'request' | 'answer';
      readonly message: string;
      readonly change: string | null;
    }[];
  } | null;
}

export function reachDocument({ from, to, passages, blocked }: Reach): ReachDocument {
  return {
    schema: 'vnsim.reach/1',
    from,
    to,
    passes: passages.map((passage) => ({ to: passage.to, sent: passage.sent, arrives: passage.arrives })),
    blocked:
      blocked === null
        ? null
        : {
            target: blocked.target,
            opens: blocked.opens,
            blockers: blocked.blockers.map(({ stops, message, change }) => ({ stops, message, change })),
          },
  };
}

/** `vnsim diff --json`. */
export interface ComparisonDocument {
  readonly schema: 'vnsim.diff/1';
  readonly same: boolean;
  readonly pairs: readonly {
    readonly from: string;
    readonly to: string;
    readonly opened: readonly PacketSet[];
    readonly closed: readonly PacketSet[];
    readonly arrives: { readonly before: readonly PacketSet[]; readonly after: readonly PacketSet[] } | null;
  }[];
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
}

export function comparisonDocument({ pairs, onlyBefore, onlyAfter }: Comparison): ComparisonDocument {
  return {
    schema: 'vnsim.diff/1',
    same: pairs.length + onlyBefore.length + onlyAfter.length === 0,
    pairs: pairs.map(({ from, to, opened, closed, arrives }) => ({
      from,
      to,
      opened: opened.map(({ sent }) => sent),
      closed: closed.map(({ sent }) => sent),
      arrives,
    })),
    onlyBefore,
    onlyAfter,
  };
}

/** `vnsim pingall --json`. */
export interface PingallDocument extends PingMatrix {
  readonly schema: 'vnsim.pingall/1';
}

export function pingallDocument(matrix: PingMatrix): PingallDocument {
  return { schema: 'vnsim.pingall/1', ...matrix };
}
