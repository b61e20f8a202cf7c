import type { Law } from './law.ts';
import { LAWS_OF_BORDERS } from './laws-of-borders.ts';
import { LAWS_OF_CHANNELS } from './laws-of-channels.ts';
import { LAWS_OF_DIFFERENCES } from './laws-of-differences.ts';
import { LAWS_OF_ENDINGS } from './laws-of-endings.ts';
import { LAWS_OF_ERRORS } from './laws-of-errors.ts';
import { LAWS_OF_FIREWALLS } from './laws-of-firewalls.ts';
import { LAWS_OF_FORWARDING } from './laws-of-forwarding.ts';
import { LAWS_OF_ISOLATION } from './laws-of-isolation.ts';
import { LAWS_OF_MAPPINGS } from './laws-of-mappings.ts';
import { LAWS_OF_MISFORTUNE } from './laws-of-misfortune.ts';
import { LAWS_OF_MOVES } from './laws-of-moves.ts';
import { LAWS_OF_PASSAGES } from './laws-of-passages.ts';
import { LAWS_OF_PROOFS } from './laws-of-proofs.ts';
import { LAWS_OF_SIZES } from './laws-of-sizes.ts';
import { LAWS_OF_TRANSLATION } from './laws-of-translation.ts';
import { LAWS_OF_UNDERLAYS } from './laws-of-underlays.ts';
import { LAWS_OF_WAYS } from './laws-of-ways.ts';
import { LAWS_OF_ZONES } from './laws-of-zones.ts';

/** Every sentence that holds in every network. */
export const LAWS: readonly Law[] = [
  ...LAWS_OF_BORDERS,
  ...LAWS_OF_TRANSLATION,
  ...LAWS_OF_MAPPINGS,
  ...LAWS_OF_ERRORS,
  ...LAWS_OF_ISOLATION,
  ...LAWS_OF_FORWARDING,
  ...LAWS_OF_FIREWALLS,
  ...LAWS_OF_ZONES,
  ...LAWS_OF_MOVES,
  ...LAWS_OF_MISFORTUNE,
  ...LAWS_OF_SIZES,
  ...LAWS_OF_CHANNELS,
  ...LAWS_OF_PROOFS,
  ...LAWS_OF_UNDERLAYS,
  ...LAWS_OF_WAYS,
  ...LAWS_OF_PASSAGES,
  ...LAWS_OF_DIFFERENCES,
  ...LAWS_OF_ENDINGS,
];
