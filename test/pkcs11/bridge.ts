import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { peerNamed } from './peers.ts';

const ROOT: string = fileURLToPath(new URL('../../', import.meta.url));

/** A bridge at work, as a process of its own. */
export interface Bridge {
  readonly directory: string;
  /** the environment in which p11-kit-client.so finds it */
  readonly env: NodeJS.ProcessEnv;
  /** what it has said so far */
  said(): string;
  /** Interrupts it as ^C would; gives its exit code. */
  stop(): Promise<number | null>;
}

/** Starts `vnsim bridge` with these words beside the scenario and the socket, and waits until it listens. */
export async function startBridge(...words: readonly string[]): Promise<Bridge> {
  const directory = mkdtempSync(join(tmpdir(), 'vnsim-bridge-'));
  const socket = join(directory, 'p11');
  const main = ['--import', 'tsx', 'src/cli/main.ts', 'bridge', 'scenarios/pkcs11.yaml'];
  const child: ChildProcess = spawn(process.execPath, [...main, ...words, '--socket', socket], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
        if (text.includes('P11_KIT_SERVER_ADDRESS=')) resolve();
      });
    }
    child.once('close', () => reject(new Error(text)));
  });
  return {
    directory,
    env: { ...process.env, LC_ALL: 'C', P11_KIT_SERVER_ADDRESS: `unix:path=${socket}` },
    said: () => text,
    stop: async () => {
      child.kill('SIGINT');
      const code = await ended;
      return code;
    },
  };
}

/** Removes what a bridge and its clients have left behind. */
export function clearAway({ directory }: Bridge): void {
  rmSync(directory, { recursive: true, force: true });
}

/** How a program ended, and all that it said. */
export interface Said {
  readonly code: number | null;
  readonly text: string;
}

/** OpenSC's pkcs11-tool as a client of the bridge. */
export function tool({ env, directory }: Bridge, ...words: readonly string[]): Said {
  return run(
    peerNamed('pkcs11-tool'),
    ['--module', peerNamed('p11-kit-client.so'), ...words],
    env,
    directory,
  );
}

export function openssl({ env, directory }: Bridge, ...words: readonly string[]): Said {
  return run(peerNamed('openssl'), words, env, directory);
}

function run(program: string, words: readonly string[], env: NodeJS.ProcessEnv, cwd: string): Said {
  const { status, stdout, stderr } = spawnSync(program, words, {
    env,
    cwd,
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { code: status, text: `${stdout}${stderr}` };
}
