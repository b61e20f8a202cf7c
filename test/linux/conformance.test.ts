import type { Point } from './bench.ts';
import { play } from './case.ts';
import { CASES } from './cases/index.ts';
import { DIFFERENCES } from './differences.ts';
import { judge } from './judge.ts';
import { startKernel } from './linux-kernel.ts';
import { startSimulator } from './simulator.ts';
import { POINTS } from './topology.ts';

/*
 * The judge of the data plane: the same packets through FIG. 3 as the Linux kernel runs it and as the simulator does, and
 * every header at every interface compared.
 */
judge({
  cases: CASES,
  differences: DIFFERENCES,
  points: Object.keys(POINTS) as Point[],
  kernel: startKernel,
  simulator: startSimulator,
  play,
});
