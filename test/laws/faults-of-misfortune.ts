import { STEPS } from '../../src/dataplane/index.ts';
import { recomputeChecksums } from '../../src/packet/index.ts';
import { changed, type Fault, ipv4Of, withSteps } from './fault.ts';
import * as misfortune from './laws-of-misfortune.ts';

/* What can go wrong where something is meant to go wrong. */

const repairs = withSteps(
  'a damaged packet gets checksums that fit',
  {
    impair: (stage, seen, frame) =>
      changed(STEPS.impair(stage, seen, frame), (damaged) => {
        const packet = ipv4Of(damaged);
        return packet === null ? damaged : { link: damaged.link, body: recomputeChecksums(packet) };
      }),
  },
  misfortune.setsContainTheImpaired,
);

const watchesTheClock = withSteps(
  'luck depends on the time',
  {
    impair: (stage, seen, frame) => {
      const honest = STEPS.impair(stage, seen, frame);
      const luck = STEPS.impair({ ...stage, seed: stage.seed + seen.now }, seen, frame);
      return { ...luck, effect: luck.effect ?? honest.effect };
    },
  },
  misfortune.luckIsNumbered,
);

export const FAULTS_OF_MISFORTUNE: readonly Fault[] = [repairs, watchesTheClock];
