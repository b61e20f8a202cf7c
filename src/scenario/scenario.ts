import type { Source } from '../base/index.ts';
import type { Claim } from './claims.ts';
import type { Customer, InternetHost, Link, Provider } from './declared.ts';
import type { DiagnosticCode } from './diagnostic-codes.ts';
import type { Complaint, Diagnostic } from './diagnostics.ts';
import type { Path, Said } from './said.ts';
import type { ScenarioText } from './scenario-text.ts';
import type { Step } from './steps.ts';

export type * from './declared.ts';
export type * from './expected.ts';
export type * from './said.ts';
export type * from './steps.ts';

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
  /** without those whose ends are unknown; some of these may come into being with a step */
  readonly links: readonly Link[];
  readonly internetHosts: readonly InternetHost[];
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

/** Something that must hold for all packets that any device could send, after all steps. */
export interface StatedClaim extends Said {
  readonly text: string;
  readonly claim: Claim;
}
