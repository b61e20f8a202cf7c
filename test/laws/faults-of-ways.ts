import { STEPS } from '../../src/dataplane/index.ts';
import { type Fault, LETS_PASS, seenAs, withSteps } from './fault.ts';
import * as ways from './laws-of-ways.ts';

/* What the engine could do otherwise than claims about ways and answers say. */

const deaf = withSteps(
  'a NAT instance knows no answer',
  {
    translate(stage, seen, frame) {
      if (stage.direction === 'outward') return STEPS.translate(stage, seen, frame);
      const forgetting = seenAs(seen, () => ({ findOriginal: () => -1, findReply: () => -1 }));
      return STEPS.translate(stage, forgetting, frame);
    },
  },
  ways.provedIsAnswered,
);

const openDoor = withSteps(
  'a firewall takes whatever comes for an answer',
  { filter: () => LETS_PASS },
  ways.firstIsUnasked,
);

export const FAULTS_OF_WAYS: readonly Fault[] = [deaf, openDoor];
