import type { Point } from './bench.ts';
import { playEgress, startEgressInSimulator, startEgressOnKernel } from './egress/bench.ts';
import { EGRESS_CASES } from './egress/cases.ts';
import { EGRESS_DIFFERENCES } from './egress/differences.ts';
import { EGRESS_POINTS } from './egress/topology.ts';
import { judge } from './judge.ts';

/* The judge of the egress-only gateway: what ip6tables makes of "out, and back in what belongs to it". */
judge({
  cases: EGRESS_CASES,
  differences: EGRESS_DIFFERENCES,
  points: Object.keys(EGRESS_POINTS) as Point[],
  kernel: startEgressOnKernel,
  simulator: startEgressInSimulator,
  play: playEgress,
});
