import type { Outcome, Step } from '../../dataplane/index.ts';
import type { Frame } from '../../packet/index.ts';
import type { Kind, Stage } from '../../program/index.ts';
import { explainAcl } from './acl.ts';
import { explainAnswer } from './answer.ts';
import { explainChannel, explainOpen, explainSeal } from './channel.ts';
import { explainAccept, explainDeliver, explainGuard } from './edge.ts';
import type { StepExplanation } from './explanation.ts';
import { explainFilter } from './filter.ts';
import { explainGlobal, explainOneToOne } from './gateway.ts';
import { explainImpair } from './misfortune.ts';
import { explainLocate, explainUnwrap, explainWrap } from './overlay.ts';
import { explainSwitch, explainTag, explainTransmit, explainVlan } from './rack.ts';
import { explainNeighbour, explainRoute } from './routing.ts';
import { explainFit, explainGather } from './sizes.ts';
import { explainTranslate } from './translation.ts';

/**
 * Why a stage decided as it did: one explanation a kind, so that a new kind does not compile without one.
 *
 * What is not in the outcome is worked out again from the stage and the frame before it: stages are pure, so
 * nothing about rejected rules has to be recorded.
 */
export const explain: {
  readonly [K in Kind]: (stage: Stage<K>, before: Frame, outcome: Outcome) => StepExplanation;
} = {
  guard: explainGuard,
  filter: explainFilter,
  acl: explainAcl,
  locate: explainLocate,
  wrap: explainWrap,
  unwrap: explainUnwrap,
  accept: explainAccept,
  gather: explainGather,
  translate: explainTranslate,
  'one-to-one': explainOneToOne,
  global: explainGlobal,
  route: explainRoute,
  fit: explainFit,
  neighbour: explainNeighbour,
  channel: explainChannel,
  seal: explainSeal,
  open: explainOpen,
  vlan: explainVlan,
  switch: explainSwitch,
  tag: explainTag,
  impair: explainImpair,
  transmit: explainTransmit,
  answer: explainAnswer,
  deliver: explainDeliver,
};

export function explainStep(step: Step): StepExplanation {
  return explainStage(step.stage, step.before, step.outcome);
}

function explainStage<K extends Kind>(stage: Stage<K>, before: Frame, outcome: Outcome): StepExplanation {
  return explain[stage.kind](stage, before, outcome);
}
