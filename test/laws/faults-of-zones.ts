import { STEPS } from '../../src/dataplane/index.ts';
import { drop } from '../../src/dataplane/outcome.ts';
import { type Fault, withSteps } from './fault.ts';
import * as zones from './laws-of-zones.ts';

/* What can go wrong when part of the network is out of work. */

const spreading = withSteps(
  'one link that is down takes the next ones with it',
  () => {
    let met = false;
    return {
      transmit(stage, seen, frame) {
        met ||= !stage.up;
        return met ? drop('link.down') : STEPS.transmit(stage, seen, frame);
      },
    };
  },
  zones.othersGoOn,
);

const haunted = withSteps(
  'what has failed works on',
  { transmit: (stage, seen, frame) => STEPS.transmit({ ...stage, up: true }, seen, frame) },
  zones.darkIsDark,
);

export const FAULTS_OF_ZONES: readonly Fault[] = [spreading, haunted];
