import { type Nanos, nanos, type Result, success } from '../base/index.ts';
import type { Backend } from '../hsm/index.ts';
import { isNetworkStep } from './border-rules.ts';
import type { Diagnostic } from './diagnostics.ts';
import { performNoting } from './perform.ts';
import { pass } from './repair.ts';
import type { Scenario, Step } from './scenario.ts';
import { createWorld, refresh, type World } from './world.ts';

/** How far a scenario is performed before somebody looks at it. */
export type Moment =
  /** every step */
  | { readonly kind: 'end' }
  /** everything the scenario asks the provider to build; nothing is sent and nothing breaks */
  | { readonly kind: 'built' }
  /** the first `count` steps */
  | { readonly kind: 'after'; readonly count: number }
  /** everything up to this instant */
  | { readonly kind: 'instant'; readonly at: Nanos };

/**
 * The world of a scenario at some moment, no expectation looked at.
 *
 * @param backend who computes with the keys of security modules
 */
export function prepareWorld(
  scenario: Scenario,
  moment: Moment,
  backend?: Backend,
): Result<World, readonly Diagnostic[]> {
  const created = createWorld(scenario, undefined, backend);
  if (!created.ok) return created;
  const world = created.value;
  for (const [index, step] of scenario.steps.entries()) {
    if (isBeyond(moment, world, step)) break;
    if (!isWanted(moment, step, index)) continue;
    const performed = performNoting(world, withinMoment(moment, world, step), index);
    if (!performed.ok && (step.expect?.refused ?? null) === null) return performed;
  }
  refresh(world);
  if (moment.kind === 'instant') pass(world, moment.at);
  return success(world);
}

/** Whether the step is after the instant; so are all that come behind it. */
function isBeyond(moment: Moment, world: World, step: Step): boolean {
  return moment.kind === 'instant' && (step.at ?? world.engine.now) > moment.at;
}

/** A wait that would go past the instant ends at it. */
function withinMoment(moment: Moment, world: World, step: Step): Step {
  if (moment.kind !== 'instant' || step.kind !== 'wait') return step;
  const left = nanos(moment.at - world.engine.now);
  return step.duration > left ? { ...step, duration: left } : step;
}

function isWanted(moment: Moment, step: Step, index: number): boolean {
  switch (moment.kind) {
    case 'end':
    case 'instant':
      return true;
    case 'built':
      return isBuilding(step);
    case 'after':
      return index < moment.count;
  }
}

function isBuilding(step: Step): boolean {
  return step.kind === 'request-hsm' || step.kind === 'share-hsm' || isNetworkStep(step);
}

/** A scenario with the first `part` of its steps alone, or with those alone that build the network. */
export function partOf(scenario: Scenario, part: 'building' | number): Scenario {
  const isKept = (step: Step, index: number) => (part === 'building' ? isBuilding(step) : index < part);
  const texts = scenario.text.steps ?? [];
  const kept = scenario.steps.flatMap((step, index) => (isKept(step, index) ? [index] : []));
  return {
    ...scenario,
    steps: kept.flatMap((index) => scenario.steps[index] ?? []),
    text: { ...scenario.text, steps: kept.flatMap((index) => texts[index] ?? []) },
  };
}
