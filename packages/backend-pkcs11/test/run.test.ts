import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { peerNamed } from '../../../test/pkcs11/peers.ts';
import { newToken, PIN } from './softhsm.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const BACKEND = 'packages/backend-pkcs11/src/index.ts';

let remove: () => void;
beforeAll(() => {
  remove = newToken().remove;
});
afterAll(() => remove());

/** `vnsim run` with these words; the PIN of the token stands in its environment, unless another one is given. */
function run(words: readonly string[], pin: string | null = PIN) {
  const { VNSIM_TOKEN_PIN: _, ...env } = process.env;
  const main = ['--import', 'tsx', 'src/cli/main.ts', 'run', ...words];
  const given = pin === null ? env : { ...env, VNSIM_TOKEN_PIN: pin };
  const ended = spawnSync(process.execPath, main, { cwd: ROOT, encoding: 'utf8', env: given });
  return { code: ended.status, said: ended.stdout, complained: ended.stderr };
}

const withToken = (...words: string[]) => [
  ...words,
  '--token-module',
  peerNamed('libsofthsm2.so'),
  '--token-backend',
  BACKEND,
];

describe('a scenario with a token behind its modules', () => {
  it.each(['cloud-exclusive-provider-mbk', 'separation-of-duties', 'storage-server-side-encryption'])(
    '[P26] [D-17] runs %s with the same outcome as with embedded keys, and says where the keys were',
    (name) => {
      const { code, said } = run(withToken(`scenarios/${name}.yaml`));
      expect(said).toMatch(
        /✔ \d+ checks passed in 1 scenario\nkeys were kept in token "vnsim" of \S+libsofthsm2\.so/,
      );
      expect(code).toBe(0);
      const embedded = run([`scenarios/${name}.yaml`]).said;
      expect(/✔ \d+ checks passed/.exec(said)?.[0]).toBe(/✔ \d+ checks passed/.exec(embedded)?.[0]);
    },
  );

  it('[P26] what the token cannot do does not exist: SoftHSM2 keeps no Ed25519 keys', () => {
    const { code, said } = run(withToken('scenarios/fig4.yaml'));
    expect(said).toContain('CKR_MECHANISM_INVALID');
    expect(code).toBe(1);
  });

  it.each([
    [
      'a library that is none',
      ['--token-module', '/nowhere/lib.so', '--token-backend', BACKEND],
      PIN,
      /the token cannot be used/,
    ],
    ['a token that is none', [...withToken(), '--token-label', 'other'], PIN, /has no token "other"/],
    ['a wrong PIN', withToken(), 'wrong-pin', /the token cannot be used: CKR_PIN_INCORRECT/],
    ['no PIN', withToken(), null, /the environment has no VNSIM_TOKEN_PIN/],
    ['no package', ['--token-module', '/x.so'], PIN, /vnsim-backend-pkcs11 cannot be loaded/],
    [
      'a package that is another one',
      ['--token-module', '/x.so', '--token-backend', 'yaml'],
      PIN,
      /is no package that talks/,
    ],
    ['a label and no library', ['--token-label', 'vnsim'], PIN, /error\[usage\/option\] --token-label/],
  ] as const)('complains about %s with exit code 2, and runs nothing', (_, words, pin, expected) => {
    const { code, said, complained } = run(['scenarios/fig4.yaml', ...words], pin);
    expect(complained.replace(/\s+/g, ' ')).toMatch(expected);
    expect(complained).not.toMatch(/\n +at /);
    expect(complained).not.toContain('wrong-pin');
    expect([code, said]).toEqual([2, '']);
  });
});
