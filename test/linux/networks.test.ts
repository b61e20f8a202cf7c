import type { Point } from './bench.ts';
import { judge } from './judge.ts';
import { playNetwork, startNetworksInSimulator, startNetworksOnKernel } from './networks/bench.ts';
import { NETWORK_CASES } from './networks/cases/index.ts';
import { NETWORK_DIFFERENCES } from './networks/differences.ts';
import { NETWORK_POINTS } from './networks/topology.ts';

/*
 * The judge of virtual networks: firewalls, ACLs, the Internet gateway and the channel to the premises, beside what iptables
 * makes of the same rules.
 */
judge({
  cases: NETWORK_CASES,
  differences: NETWORK_DIFFERENCES,
  points: Object.keys(NETWORK_POINTS) as Point[],
  kernel: startNetworksOnKernel,
  simulator: startNetworksInSimulator,
  play: playNetwork,
});
