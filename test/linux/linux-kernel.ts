import { parseMac } from '../../src/address/index.ts';
import { encodeFrame } from '../../src/packet/index.ts';
import type { ArpMessage, Bench, Machine, Setup } from './bench.ts';
import { neighbourMessage } from './ipv6/discovery.ts';
import { openNamespaces } from './namespaces.ts';
import { FEW_PORTS, LINKS, type LinkName, natRules, TOPOLOGY, UNDERLAY_MTU } from './topology.ts';

/** Longer than any packet needs from end to end, also where the machine has other work. */
const QUIET = 0.03;
/** After this the mappings of a case with short timers are gone. */
const EXPIRY_SECONDS = 1.3;
/** A datagram in pieces is given up after a second where a case is about that. */
const FRAGMENT_SECONDS = 1.5;
/** ARP asks three times, a tenth of a second apart. */
const ARP_QUIET = 0.6;

const TIMEOUTS = [
  ['nf_conntrack_udp_timeout', 30],
  ['nf_conntrack_udp_timeout_stream', 120],
  ['nf_conntrack_icmp_timeout', 30],
  ['nf_conntrack_icmpv6_timeout', 30],
  ['nf_conntrack_tcp_timeout_syn_sent', 120],
  ['nf_conntrack_tcp_timeout_syn_recv', 60],
  ['nf_conntrack_tcp_timeout_established', 432_000],
  ['nf_conntrack_tcp_timeout_fin_wait', 120],
  ['nf_conntrack_tcp_timeout_close_wait', 60],
  ['nf_conntrack_tcp_timeout_last_ack', 30],
  ['nf_conntrack_tcp_timeout_time_wait', 120],
  ['nf_conntrack_tcp_timeout_close', 10],
  ['nf_conntrack_tcp_timeout_unacknowledged', 300],
] as const;

/** Linux saves up six errors for each machine, one a second, from the last one that it sent. */
const SAVING_SECONDS = 6.5;
/** One 3/0 a second to a machine, whatever the setting for other errors says (ip_rt_error_cost, one for the whole machine). */
const REST_SECONDS = 1.1;
const ROUTERS = ['nat', 'ov', 'dx'] as const;

/** FIG. 3 in one family of addresses, as Linux is told about it. */
export interface KernelFigure {
  readonly topology: Readonly<Record<string, unknown>>;
  /** @param ports those of the inward address for UDP and TCP, or all */
  readonly natRules: (ports: string | null) => string;
  /** how long datagrams in pieces wait, and where that is set */
  readonly patience: readonly {
    readonly at: readonly string[];
    readonly name: string;
    readonly usual: number;
  }[];
  /** what follows how a machine asks for its own family in `ip` */
  readonly family: '-4' | '-6';
}

const FIGURE: KernelFigure = {
  topology: TOPOLOGY,
  natRules,
  patience: [{ at: ['nat', 'hsm'], name: 'net/ipv4/ipfrag_time', usual: 30 }],
  family: '-4',
};

/** FIG. 3 in network namespaces. */
export async function startKernel(figure: KernelFigure = FIGURE): Promise<Bench> {
  const { ask, listen: hear, close } = await openNamespaces(figure.topology);
  let shortTimers = false;
  let absentHsm = false;
  let fewErrors = false;
  let fewPorts = false;
  let quiet = QUIET;

  const listen = () => hear(quiet);
  const setTimers = async (wanted: boolean) => {
    if (wanted === shortTimers) return;
    for (const [name, usual] of TIMEOUTS) {
      const value = wanted ? 1 : usual;
      await ask({ do: 'setting', at: 'nat', name: `net/netfilter/${name}`, value });
    }
    shortTimers = wanted;
  };
  const unplug = async (wanted: boolean) => {
    if (wanted === absentHsm) return;
    await ask({ do: 'ip', at: 'tor', words: ['link', 'set', 'dev', 'hsm', wanted ? 'down' : 'up'] });
    absentHsm = wanted;
  };
  const limitErrors = async (wanted: boolean) => {
    if (wanted === fewErrors) return;
    for (const at of ROUTERS) {
      await ask({ do: 'setting', at, name: 'net/ipv4/icmp_ratelimit', value: wanted ? 1000 : 0 });
    }
    if (wanted) await ask({ do: 'sleep', seconds: SAVING_SECONDS });
    fewErrors = wanted;
  };
  const limitPorts = async (wanted: boolean) => {
    if (wanted === fewPorts) return;
    await ask({ do: 'rules', at: 'nat', rules: figure.natRules(wanted ? FEW_PORTS : null) });
    fewPorts = wanted;
  };
  let brokenDatagrams = false;
  const setFragmentTime = async (wanted: boolean) => {
    if (wanted === brokenDatagrams) return;
    for (const { at: places, name, usual } of figure.patience) {
      for (const at of places) await ask({ do: 'setting', at, name, value: wanted ? 1 : usual });
    }
    brokenDatagrams = wanted;
  };
  let mtus: Setup['mtus'] = {};
  const setMtus = async (wanted: Setup['mtus']) => {
    for (const link of Object.keys(LINKS) as LinkName[]) {
      const usual = link === 'underlay' ? UNDERLAY_MTU : 1500;
      const [before, after] = [mtus[link] ?? usual, wanted[link] ?? usual];
      if (before === after) continue;
      for (const [at, name] of LINKS[link].ends) {
        await ask({ do: 'ip', at, words: ['link', 'set', 'dev', name, 'mtu', String(after)] });
      }
    }
    mtus = wanted;
    // what the machines have learned of paths
    for (const at of ['app', 'app2', 'nat', 'ov', 'dx', 'hsm']) {
      await ask({ do: 'ip', at, words: [figure.family, 'route', 'flush', 'cache'] });
    }
  };
  const forgetNeighbours = async () => {
    for (const at of ['app', 'app2', 'nat', 'ov', 'dx', 'hsm']) {
      await ask({ do: 'ip', at, words: [figure.family, 'neigh', 'flush', 'all'] });
    }
  };

  return {
    name: 'kernel',
    async begin(setup: Setup) {
      await ask({ do: 'flush', at: 'nat' });
      await ask({ do: 'mute', machines: setup.silent });
      await setTimers(setup.shortTimers);
      await unplug(setup.absentHsm);
      await limitPorts(setup.fewPorts);
      await limitErrors(setup.fewErrors);
      await setFragmentTime(setup.brokenDatagrams);
      await setMtus(setup.mtus);
      if (setup.coldCaches || setup.absentHsm) await forgetNeighbours();
      quiet = QUIET;
      await listen();
      quiet = setup.absentHsm ? ARP_QUIET : QUIET;
    },
    async send(at: Machine, packet: Uint8Array, how) {
      await ask({ do: 'send', at, stack: how === 'stack', packet: Buffer.from(packet).toString('hex') });
      return listen();
    },
    async arp(at, message) {
      const frame = figure.family === '-4' ? arpFrame(at, message) : neighbourFrame(at, message);
      await ask({ do: 'raw', at, frame: Buffer.from(frame).toString('hex') });
      return listen();
    },
    async rest() {
      await ask({ do: 'sleep', seconds: REST_SECONDS });
    },
    async say(at, target, size) {
      await ask({ do: 'say', at, target, size });
      return listen();
    },
    async watch() {
      await ask({ do: 'sleep', seconds: FRAGMENT_SECONDS });
      return listen();
    },
    async expire() {
      await ask({ do: 'sleep', seconds: EXPIRY_SECONDS });
    },
    end: close,
  };
}

/** Ethernet and ARP (RFC 826), to everybody. */
function arpFrame(at: Machine, { operation, sender, target }: ArpMessage): Uint8Array {
  const own = TOPOLOGY.interfaces[at].mac.split(':').map((part) => Number.parseInt(part, 16));
  const octets = (text: string) => text.split('.').map(Number);
  const code = operation === 'request' ? 1 : 2;
  const everybody = [255, 255, 255, 255, 255, 255];
  const head = [...everybody, ...own, 8, 6, 0, 1, 8, 0, 6, 4, 0, code];
  return Uint8Array.from([...head, ...own, ...octets(sender), 0, 0, 0, 0, 0, 0, ...octets(target)]);
}

function neighbourFrame(at: Machine, message: ArpMessage): Uint8Array {
  const own = parseMac(TOPOLOGY.interfaces[at].mac);
  if (!own.ok) throw new Error(own.fault.message);
  return encodeFrame(neighbourMessage(own.value, message));
}
