import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Point, Sighting } from './bench.ts';

const TOOLS = ['python3', 'ip', 'iptables', 'iptables-restore', 'ip6tables-restore'] as const;

/** What this machine lacks for such a network, in words; empty if nothing. */
export function whatIsMissing(): readonly string[] {
  if (process.platform !== 'linux') return [`this is ${process.platform}, not Linux`];
  if (process.getuid?.() !== 0) return ['only root may make network namespaces'];
  return TOOLS.filter((tool) => spawnSync(tool, ['--help']).error !== undefined).map(
    (tool) => `${tool} is not installed (packages iproute2, iptables, python3)`,
  );
}

export type Order = Readonly<Record<string, unknown>>;

interface Answer {
  readonly error?: string;
  readonly seen?: readonly (readonly [string, string, string])[];
}

/** A network in namespaces of this machine. */
export interface Namespaces {
  /** One order to kernel.py; an error where it could not be done. */
  ask(order: Order): Promise<Answer>;
  /** What all interfaces have seen, once there was nothing new for `quiet` seconds. */
  listen(quiet: number): Promise<readonly Sighting[]>;
  close(): Promise<void>;
}

/** Builds it: the topology is what kernel.py needs to know. */
export async function openNamespaces(topology: Order): Promise<Namespaces> {
  const missing = whatIsMissing();
  if (missing.length > 0) throw new Error(missing.join('; '));
  const child = spawn('python3', [fileURLToPath(new URL('kernel.py', import.meta.url))]);
  const ask = conversation(child);
  const close = async () => {
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.stdin.end();
    await closed;
  };
  try {
    await ask(topology);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ask,
    close,
    async listen(quiet) {
      const { seen } = await ask({ do: 'listen', quiet });
      return (seen ?? []).map(([point, direction, frame]) => ({
        point: point as Point,
        direction: direction === 'in' ? 'in' : 'out',
        frame: Uint8Array.from(Buffer.from(frame, 'hex')),
      }));
    },
  };
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
