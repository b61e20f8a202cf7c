import { STEPS } from '../../src/dataplane/index.ts';
import { outcome } from '../../src/dataplane/outcome.ts';
import { NOWHERE } from '../../src/program/index.ts';
import { type Fault, withSteps } from './fault.ts';
import * as endings from './laws-of-endings.ts';

const swallows = withSteps(
  'a virtual switch swallows what it has no mapping for, and says nothing',
  {
    locate(stage, seen, frame) {
      const made = STEPS.locate(stage, seen, frame);
      return made.reason === 'mapping.none' ? outcome('consume', null, NOWHERE, -1) : made;
    },
  },
  endings.lossesHaveReasons,
);

export const FAULTS_OF_ENDINGS: readonly Fault[] = [swallows];
