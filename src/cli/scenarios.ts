import type { Result } from '../base/index.ts';
import {
  type Diagnostic,
  loadScenario,
  type OpenOther,
  prepareWorld,
  type Scenario,
} from '../scenario/index.ts';
import { type AnyComplaint, Complaints } from './complaint.ts';
import { besides, readInput } from './files.ts';
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

/** Every scenario, or the complaints about all of them thrown, so that none is run when one is broken. Pauses between files. */
export function* openScenarios(
  paths: readonly string[],
  seed?: number,
): Generator<undefined, readonly Scenario[]> {
  const read: Read[] = [];
  for (const path of paths) {
    read.push(readScenario(path));
    yield;
  }
  const scenarios = read.flatMap(({ scenario }) => scenario ?? []);
  const complaints = read.flatMap((one) => one.complaints);
  if (scenarios.length < paths.length) throw new Complaints(complaints);
  tell(complaints);
  return seed === undefined ? scenarios : scenarios.map((scenario) => ({ ...scenario, seed }));
}

export function openScenario(path: string): Scenario {
  const { scenario, complaints } = readScenario(path);
  if (scenario === null) throw new Complaints(complaints);
  tell(complaints);
  return scenario;
}

/** What claims of a scenario compare it with: files named as they are seen from its own. */
export function othersOf({ file }: Scenario): OpenOther {
  return (named) => {
    const { scenario, complaints } = readScenario(besides(file, named));
    if (scenario === null) throw new Complaints(complaints);
    return orComplain(prepareWorld(scenario, { kind: 'end' }));
  };
}

/** The value, or its complaints thrown. */
export function orComplain<Value>(result: Result<Value, readonly Diagnostic[]>): Value {
  if (!result.ok) throw new Complaints(result.fault);
  return result.value;
}
