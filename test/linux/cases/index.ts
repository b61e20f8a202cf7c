import type { Case } from '../case.ts';
import { ERRORS_ABOUT_FLOWS } from './errors.ts';
import { HEADERS } from './headers.ts';
import { HOP_COUNTS } from './hop-counts.ts';
import { COLLISIONS, ROUND_TRIPS } from './round-trips.ts';
import { LINK_ADDRESSES, STRANGERS } from './strangers.ts';

export const CASES: readonly Case[] = [
  ...ROUND_TRIPS,
  ...COLLISIONS,
  ...HOP_COUNTS,
  ...ERRORS_ABOUT_FLOWS,
  ...HEADERS,
  ...STRANGERS,
  ...LINK_ADDRESSES,
];
