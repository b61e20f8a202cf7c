import type { Point } from './bench.ts';
import { judge } from './judge.ts';
import {
  playUnderlay,
  readWhole,
  startUnderlayInSimulator,
  startUnderlayOnKernel,
} from './underlays/bench.ts';
import { UNDERLAY_CASES } from './underlays/cases.ts';
import { UNDERLAY_DIFFERENCES } from './underlays/differences.ts';
import { UNDERLAY_POINTS } from './underlays/topology.ts';

/* The judge of wrappers: the kernel's VXLAN device over IPv6, beside ours. */
judge({
  cases: UNDERLAY_CASES,
  differences: UNDERLAY_DIFFERENCES,
  points: Object.keys(UNDERLAY_POINTS) as Point[],
  kernel: () => startUnderlayOnKernel('ipv6'),
  simulator: () => startUnderlayInSimulator('ipv6'),
  play: playUnderlay,
  read: readWhole,
});
