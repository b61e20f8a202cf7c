import { STEPS } from '../../src/dataplane/index.ts';
import { type Fault, withSteps } from './fault.ts';
import * as moves from './laws-of-moves.ts';

/* What can go wrong when a machine is somewhere else. */

const stayedBehind = withSteps(
  'a wrapper goes to the server that it comes from',
  { wrap: (stage, seen, frame) => STEPS.wrap({ ...stage, target: stage.source }, seen, frame) },
  moves.onlyOutside,
);

export const FAULTS_OF_MOVES: readonly Fault[] = [stayedBehind];
