import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Bench, Machine, Setup, Sighting } from './bench.ts';
import { type Point, TOPOLOGY } from './topology.ts';

/** Longer than any packet needs from end to end, also where the machine has other work. */
const QUIET = 0.03;
/** After this the mappings of a case with short timers are gone. */
const EXPIRY_SECONDS = 1.3;
/** ARP asks three times, a tenth of a second apart. */
const ARP_QUIET = 0.6;

const TIMEOUTS = [
  ['nf_conntrack_udp_timeout', 30],
  ['nf_conntrack_udp_timeout_stream', 120],
  ['nf_conntrack_icmp_timeout', 30],
  ['nf_conntrack_tcp_timeout_syn_sent', 120],
] as const;

const TOOLS = ['python3', 'ip', 'iptables', 'iptables-restore'] as const;

/** What this machine lacks for such a network, in words; empty if nothing. */
export function whatIsMissing(): readonly string[] {
  if (process.platform !== 'linux') return [`this is ${process.platform}, not Linux`];
  if (process.getuid?.() !== 0) return ['only root may make network namespaces'];
  return TOOLS.filter((tool) => spawnSync(tool, ['--help']).error !== undefined).map(
    (tool) => `${tool} is not installed (packages iproute2, iptables, python3)`,
  );
}

type Order = Readonly<Record<string, unknown>>;

/** FIG. 3 in network namespaces. */
export async function startKernel(): Promise<Bench> {
  const missing = whatIsMissing();
  if (missing.length > 0) throw new Error(missing.join('; '));
  const script = fileURLToPath(new URL('kernel.py', import.meta.url));
  const child = spawn('python3', [script]);
  const ask = conversation(child);
  const close = async () => {
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.stdin.end();
    await closed;
  };
  try {
    await ask(TOPOLOGY);
  } catch (error) {
    await close();
    throw error;
  }
  let shortTimers = false;
  let absentHsm = false;
  let quiet = QUIET;

  const listen = async (): Promise<readonly Sighting[]> => {
    const { seen } = await ask({ do: 'listen', quiet });
    return (seen ?? []).map(([point, direction, frame]) => ({
      point: point as Point,
      direction: direction === 'in' ? 'in' : 'out',
      frame: Uint8Array.from(Buffer.from(frame, 'hex')),
    }));
  };
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
  const forgetNeighbours = async () => {
    for (const at of ['app', 'app2', 'nat', 'ov', 'dx', 'hsm']) {
      await ask({ do: 'ip', at, words: ['neigh', 'flush', 'all'] });
    }
  };

  return {
    name: 'kernel',
    async begin(setup: Setup) {
      await ask({ do: 'flush', at: 'nat' });
      await ask({ do: 'mute', machines: setup.silent });
      await setTimers(setup.shortTimers);
      await unplug(setup.absentHsm);
      if (setup.coldCaches || setup.absentHsm) await forgetNeighbours();
      quiet = QUIET;
      await listen();
      quiet = setup.absentHsm ? ARP_QUIET : QUIET;
    },
    async send(at: Machine, packet: Uint8Array, how) {
      await ask({ do: 'send', at, stack: how === 'stack', packet: Buffer.from(packet).toString('hex') });
      return listen();
    },
    async expire() {
      await ask({ do: 'sleep', seconds: EXPIRY_SECONDS });
    },
    end: close,
  };
}

interface Answer {
  readonly error?: string;
  readonly seen?: readonly (readonly [string, string, string])[];
}

function conversation(child: ChildProcessWithoutNullStreams): (order: Order) => Promise<Answer> {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const said: string[] = [];
  child.stderr.on('data', (text) => said.push(String(text)));
  return async (order) => {
    child.stdin.write(`${JSON.stringify(order)}\n`);
    const line = await lines.next();
    if (line.done === true) throw new Error(`kernel.py has ended: ${said.join('')}`);
    const answer = JSON.parse(line.value) as Answer;
    if (answer.error !== undefined) throw new Error(`${JSON.stringify(order['do'])}: ${answer.error}`);
    return answer;
  };
}
