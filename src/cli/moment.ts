import type { Moment, Scenario } from '../scenario/index.ts';
import { complaint } from './complaint.ts';

/** When a question is asked: after all that sets up the network, or after as many steps as `--after` says. */
export function momentAfter(scenario: Scenario, count: number | undefined): Moment {
  if (count === undefined) return { kind: 'built' };
  const { length } = scenario.steps;
  if (count > length) {
    throw complaint('usage/argument', `--after ${count} is too much`, `the scenario has ${length} steps`);
  }
  return { kind: 'after', count };
}
