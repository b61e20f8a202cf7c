import type { Point } from './bench.ts';
import { play } from './case.ts';
import { startKernel6, startSimulator6 } from './ipv6/bench.ts';
import { ERRORS6 } from './ipv6/cases/errors.ts';
import { NEIGHBOURS6, PIECES6 } from './ipv6/cases/pieces.ts';
import { ROUND_TRIPS6 } from './ipv6/cases/round-trips.ts';
import { DIFFERENCES6 } from './ipv6/differences.ts';
import { judge } from './judge.ts';
import { POINTS } from './topology.ts';

/* The judge of IPv6: FIG. 3 with unique local addresses, beside ip6tables. */
judge({
  cases: [...ROUND_TRIPS6, ...ERRORS6, ...PIECES6, ...NEIGHBOURS6],
  differences: DIFFERENCES6,
  points: Object.keys(POINTS) as Point[],
  kernel: startKernel6,
  simulator: startSimulator6,
  play,
});
