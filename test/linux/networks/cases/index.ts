import type { NetworkCase } from '../bench.ts';
import { ACLS } from './acls.ts';
import { FIREWALLS } from './firewalls.ts';
import { GATEWAYS } from './gateways.ts';
import { PREMISES } from './premises.ts';

export const NETWORK_CASES: readonly NetworkCase[] = [...FIREWALLS, ...ACLS, ...GATEWAYS, ...PREMISES];
