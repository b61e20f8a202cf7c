import { z } from 'zod';
import { MECHANISMS, type MechanismName, PROFILE_NAMES } from '../hsm/index.ts';
import type { SpeedText } from './scenario-text.ts';
import { agreeing, choice, duration, map, whole } from './schema-parts.ts';

/** The part of a scenario file that says how quickly a security module works. */

const MOST_ENGINES = 1024;
const LONGEST_QUEUE = 100_000;

const time = duration('How long an operation keeps an engine: `4 ms`.').exactOptional();
const times = map(
  Object.fromEntries(Object.keys(MECHANISMS).map((name) => [name, time])) as {
    readonly [Name in MechanismName]: typeof time;
  },
);

const profile = choice(PROFILE_NAMES, 'A speed in which a Luna SA is sold.');

/** How quickly a module works. */
export const speed: z.ZodType<SpeedText> = agreeing<SpeedText>()(
  z
    .union([
      profile,
      map({
        like: profile.exactOptional(),
        engines: whole(
          1,
          MOST_ENGINES,
          'Operations side by side. Default: 1, or as in `like`.',
        ).exactOptional(),
        waiting: whole(
          0,
          LONGEST_QUEUE,
          'Operations that may wait; what comes then is refused with `OVERLOADED`. Default: 300.',
        ).exactOptional(),
        times: times
          .meta({ description: 'How long each takes, by mechanism; what is not named takes no time.' })
          .exactOptional(),
      }),
    ])
    .meta({
      description:
        'How quickly it works: `luna-sa-7000` (1000 signatures on P-256 a second), `luna-sa-1700` (490), or numbers of one’s own. Default: nothing takes any time.',
    }),
);
