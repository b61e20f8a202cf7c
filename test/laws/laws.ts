import type { Law } from './law.ts';
import { LAWS_OF_TRANSLATION } from './laws-of-translation.ts';

export const LAWS: readonly Law[] = [...LAWS_OF_TRANSLATION];
