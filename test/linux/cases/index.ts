import type { Case } from '../case.ts';
import { ADDRESSES, ARP_QUESTIONS } from './addresses.ts';
import { ERRORS_ABOUT_FLOWS } from './errors.ts';
import { FRAGMENTS } from './fragments.ts';
import { HEADERS } from './headers.ts';
import { HOP_COUNTS } from './hop-counts.ts';
import { EXPIRED, PORTS, REPORTS, UNUSUAL_TCP } from './mappings.ts';
import { MORE_ERRORS, ZERO_CHECKSUMS } from './more-errors.ts';
import { OPTIONS } from './options.ts';
import { COLLISIONS, ROUND_TRIPS } from './round-trips.ts';
import { SIZES } from './sizes.ts';
import { LINK_ADDRESSES, STRANGERS } from './strangers.ts';
import { ARP_CLAIMS, TCP_ORDERS } from './tcp-orders.ts';

export const CASES: readonly Case[] = [
  ...ROUND_TRIPS,
  ...UNUSUAL_TCP,
  ...TCP_ORDERS,
  ...COLLISIONS,
  ...PORTS,
  ...EXPIRED,
  ...REPORTS,
  ...HOP_COUNTS,
  ...ERRORS_ABOUT_FLOWS,
  ...HEADERS,
  ...OPTIONS,
  ...ZERO_CHECKSUMS,
  ...STRANGERS,
  ...ADDRESSES,
  ...LINK_ADDRESSES,
  ...ARP_QUESTIONS,
  ...ARP_CLAIMS,
  ...MORE_ERRORS,
  ...SIZES,
  ...FRAGMENTS,
];
