import { aclRules } from './acl-rules.ts';
import { addressRules } from './address-rules.ts';
import { borderRules } from './border-rules.ts';
import type { Directory } from './directory.ts';
import { familyRules } from './family-rules.ts';
import { idleLinkRules } from './idle-link-rules.ts';
import { lineRules } from './line-rules.ts';
import { linkRules } from './link-rules.ts';
import { moduleRules } from './module-rules.ts';
import { nameRules } from './name-rules.ts';
import { premisesRules } from './premises-rules.ts';
import type { Customer, InternetHost, Link, Path, Provider, Step } from './scenario.ts';
import { serviceRules } from './service-rules.ts';
import type { Fault } from './shape.ts';
import { stepRules } from './step-rules.ts';

/** What the rules look at: a scenario that may still lack whatever has a mistake of its own. */
export interface Draft {
  readonly directory: Directory;
  readonly provider: Provider;
  readonly links: readonly Link[];
  readonly internetHosts: readonly InternetHost[];
  readonly customers: readonly Customer[];
  /** `null`: has a mistake of its own */
  readonly steps: readonly (Step | null)[];
  lineOf(where: Path): number;
}

/** One thing that must hold in a scenario as a whole. */
export type Rule = (draft: Draft) => readonly Fault[];

/** Everything that must hold beyond the shape of the file and the existence of names. */
export function check(draft: Draft): readonly Fault[] {
  const rules = [
    ...nameRules,
    ...addressRules,
    ...familyRules,
    ...linkRules,
    ...idleLinkRules,
    ...aclRules,
    ...serviceRules,
    ...stepRules,
    ...lineRules,
    ...moduleRules,
    ...borderRules,
    ...premisesRules,
  ];
  return rules.flatMap((rule) => rule(draft));
}
