import type { Nanos } from '../base/index.ts';
import type { Journey } from '../dataplane/index.ts';
import type { Program } from '../program/index.ts';
import type { LoadReport } from './load-report.ts';

/** What came of running scenario files: everything that a report is made of. Counts are of checks. */
export interface RunReport {
  readonly passed: number;
  readonly failed: number;
  readonly scenarios: readonly ScenarioReport[];
}

export interface ScenarioReport {
  readonly file: string;
  readonly title: string;
  readonly about: string | null;
  readonly seed: number;
  /** all checks of the scenario, those of its steps included */
  readonly checks: readonly Check[];
  readonly steps: readonly StepReport[];
  /** who keeps the backup keys of the modules at the end, and what follows from that */
  readonly custody: readonly Custody[];
}

export interface Custody {
  /** name of the module */
  readonly hsm: string;
  /** whose backup key it is; `null`: that of the whole module */
  readonly partition: string | null;
  readonly custodian: 'customer' | 'provider';
  readonly guarantee: string;
}

/** One thing that was expected or claimed. */
export interface Check {
  readonly name: string;
  /** whose packet it is about, where a step sends several; the name begins with it */
  readonly sender: string | null;
  readonly passed: boolean;
  /** what was expected and what was got */
  readonly message: string;
  /** in the scenario file */
  readonly line: number;
  /** index of the step it belongs to; `null` for a claim */
  readonly step: number | null;
  readonly kind: 'expectation' | 'claim';
  /** the scenario's own `pass:` or `fail:` text */
  readonly teach: string | null;
}

export interface StepReport {
  readonly index: number;
  readonly at: Nanos;
  /** `send app-310 → 10.0.0.201 tcp/1792` */
  readonly title: string;
  readonly line: number;
  /** what the devices did at this step; journeys refer to it by index */
  readonly program: Program;
  readonly request: Journey | null;
  readonly reply: Journey | null;
  readonly checks: readonly Check[];
  readonly answer: Answer | null;
  /** how the step's requests were answered; `null` where none was, or a single one by whom it reached */
  readonly service: ServiceReport | null;
  /** what a load came to */
  readonly load: LoadReport | null;
}

/** Who answered how many of a step's requests, and how quickly. */
export interface ServiceReport {
  readonly asked: number;
  readonly answered: number;
  /** names of those who did, and how many */
  readonly shares: readonly (readonly [string, number])[];
  /** from a request to the first octet of its answer */
  readonly quickest: Nanos;
  readonly slowest: Nanos;
  readonly mean: Nanos;
}

/** What the application at the other end said. */
export interface Answer {
  readonly bytes: Uint8Array;
  readonly text: string;
  /** `null` where nothing was signed */
  readonly verified: {
    readonly algorithm: string;
    readonly publicKey: string;
    readonly valid: boolean;
  } | null;
}
