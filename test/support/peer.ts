import { spawnSync } from 'node:child_process';

/**
 * Whether a program that judges ours from outside is on this machine, for `it.skipIf(!hasPeer('tshark'))`.
 *
 * Missing it is a skipped test on a reader's machine. Where `VNSIM_REQUIRE_PEERS=1` it is an error instead, so that
 * continuous integration can never pass by not looking.
 */
export function hasPeer(program: string): boolean {
  const found = spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
  if (!found && process.env['VNSIM_REQUIRE_PEERS'] === '1') {
    throw new Error(`${program} is not installed, and VNSIM_REQUIRE_PEERS=1 asks for it`);
  }
  return found;
}
