import type { Bench } from '../bench.ts';
import { type KernelFigure, startKernel } from '../linux-kernel.ts';
import { type Figure, startSimulator } from '../simulator.ts';
import { address6 } from './packets.ts';
import { ADDRESS6, natRules6, TOPOLOGY6 } from './topology.ts';

const ON_KERNEL: KernelFigure = {
  topology: TOPOLOGY6,
  natRules: natRules6,
  patience: [
    { at: ['nat'], name: 'net/netfilter/nf_conntrack_frag6_timeout', usual: 60 },
    { at: ['nat', 'hsm'], name: 'net/ipv6/ip6frag_time', usual: 60 },
  ],
  family: '-6',
};

const IN_SIMULATOR: Figure = {
  addresses: ADDRESS6,
  network: 'fd00:10::/48',
  subnet: 'fd00:10::/64',
  service: 'fd00:192::/64',
  collector: null,
  address: address6,
};

export function startKernel6(): Promise<Bench> {
  return startKernel(ON_KERNEL);
}

export function startSimulator6(): Bench {
  return startSimulator(IN_SIMULATOR);
}
