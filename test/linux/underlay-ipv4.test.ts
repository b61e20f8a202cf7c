import type { Point } from './bench.ts';
import { judge } from './judge.ts';
import {
  playUnderlay,
  readWhole,
  startUnderlayInSimulator,
  startUnderlayOnKernel,
} from './underlays/bench.ts';
import { UNDERLAY_CASES } from './underlays/cases.ts';
import { IPV4_UNDERLAY_DIFFERENCES } from './underlays/differences.ts';
import { UNDERLAY_POINTS } from './underlays/topology.ts';

/* The judge of wrappers: the kernel's VXLAN device over IPv4, beside ours. */
judge({
  cases: UNDERLAY_CASES,
  differences: IPV4_UNDERLAY_DIFFERENCES,
  points: Object.keys(UNDERLAY_POINTS) as Point[],
  kernel: () => startUnderlayOnKernel('ipv4'),
  simulator: () => startUnderlayInSimulator('ipv4'),
  play: playUnderlay,
  read: readWhole,
});
