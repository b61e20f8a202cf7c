import type { Result } from '../base/index.ts';
import { type Diagnostic, loadScenario, type Scenario } from '../scenario/index.ts';
import { type AnyComplaint, Complaints } from './complaint.ts';
import { readInput } from './files.ts';
import { tell } from './report-complaints.ts';

/** A file as far as it could be read: the scenario, or what is wrong with it, or warnings beside it. */
export interface Read {
  readonly path: string;
  readonly scenario: Scenario | null;
  readonly complaints: readonly AnyComplaint[];
}

/** Reads and checks a file; never throws for what is in it, or for its not being there. */
export function readScenario(path: string): Read {
  try {
    const { scenario, diagnostics } = loadScenario(readInput(path), path);
    return { path, scenario, complaints: diagnostics };
  } catch (error) {
    if (!(error instanceof Complaints)) throw error;
    return { path, scenario: null, complaints: error.all };
  }
}

export function openScenario(path: string): Scenario {
  const { scenario, complaints } = readScenario(path);
  if (scenario === null) throw new Complaints(complaints);
  tell(complaints);
  return scenario;
}

/** The value, or its complaints thrown. */
export function orComplain<Value>(result: Result<Value, readonly Diagnostic[]>): Value {
  if (!result.ok) throw new Complaints(result.fault);
  return result.value;
}
