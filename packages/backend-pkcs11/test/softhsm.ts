import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peerNamed } from '../../../test/pkcs11/peers.ts';
import { openToken, type Token } from '../src/token.ts';

export const PIN = 'token-pin';

/** A fresh SoftHSM2 token in a directory of its own. */
export function newToken(): { readonly token: Token; readonly remove: () => void } {
  const directory = mkdtempSync(join(tmpdir(), 'vnsim-softhsm-'));
  const tokens = join(directory, 'tokens');
  mkdirSync(tokens);
  const configuration = join(directory, 'softhsm2.conf');
  writeFileSync(configuration, `directories.tokendir = ${tokens}\nlog.level = ERROR\n`);
  process.env['SOFTHSM2_CONF'] = configuration;
  const library = peerNamed('libsofthsm2.so');
  const words = ['--init-token', '--free', '--label', 'vnsim', '--so-pin', PIN, '--pin', PIN];
  const made = spawnSync('softhsm2-util', words, { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`${made.stdout}${made.stderr}`);
  const token = openToken({ library, label: 'vnsim', pin: PIN });
  return {
    token,
    remove: () => {
      token.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
