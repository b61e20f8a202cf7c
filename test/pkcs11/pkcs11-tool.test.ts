import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bridge, clearAway, openssl, type Said, startBridge, tool } from './bridge.ts';

const LOGIN = ['--login', '--pin', 'user-pin'] as const;

let bridge: Bridge;

beforeAll(async () => {
  bridge = await startBridge('app-310', '10.0.0.201');
});
afterAll(async () => {
  await bridge.stop();
  clearAway(bridge);
});

const ask = (...words: readonly string[]): Said => tool(bridge, ...words);
const must = (...words: readonly string[]): string => {
  const said = ask(...words);
  expect(said).toMatchObject({ code: 0 });
  return said.text;
};
const fileWith = (name: string, bytes: Uint8Array): string => {
  const path = join(bridge.directory, name);
  writeFileSync(path, bytes);
  return path;
};
const fileNamed = (name: string): string => join(bridge.directory, name);

describe('[U-36] OpenSC’s pkcs11-tool, over p11-kit-client.so, as a client inside FIG. 3', () => {
  it('[F39] sees the library, the slot and the token of its partition', () => {
    expect(must('--show-info')).toMatch(/Manufacturer +vnsim/);
    const slots = must('--list-slots');
    expect(slots).toContain('Slot 0 (0x1): partition slot 1');
    expect(slots).toMatch(/token label +: payments/);
    expect(slots).toMatch(/token manufacturer : vnsim/);
    expect(slots).toMatch(/token flags +: login required, rng, token initialized, PIN initialized/);
  });

  it('lists the mechanisms that its own library lets through', () => {
    const mechanisms = must('--list-mechanisms');
    for (const line of [
      'SHA256, hw, digest',
      'ECDSA-KEY-PAIR-GEN, keySize={256,256}, hw, generate_key_pair',
      'ECDSA, keySize={256,256}, hw, sign, verify',
      'AES-KEY-GEN, keySize={16,32}, hw, generate',
    ]) {
      expect(mechanisms).toContain(line);
    }
  });

  it('makes a pair whose signatures it verifies, and OpenSSL too', () => {
    const made = must(...LOGIN, '--keypairgen', '--key-type', 'EC:prime256v1', '--id', '02', '--usage-sign');
    expect(made).toContain('Access:     sensitive, always sensitive, never extractable, local');
    const digest = fileWith('digest', randomBytes(32));
    const sign = [...LOGIN, '--sign', '-m', 'ECDSA', '--id', '02', '-i', digest];
    must(...sign, '-o', fileNamed('rs'));
    const verify = ['--verify', '-m', 'ECDSA', '--id', '02', '-i', digest, '--signature-file'];
    expect(must(...LOGIN, ...verify, fileNamed('rs'))).toContain('Signature is valid');

    must(...sign, '-f', 'openssl', '-o', fileNamed('der'));
    must('--read-object', '--type', 'pubkey', '--id', '02', '-o', fileNamed('public'));
    const key = ['-pubin', '-keyform', 'DER', '-inkey', fileNamed('public')];
    const checked = openssl(
      bridge,
      'pkeyutl',
      '-verify',
      ...key,
      '-in',
      digest,
      '-sigfile',
      fileNamed('der'),
    );
    expect(checked.text).toContain('Signature Verified Successfully');

    const forged = readFileSync(fileNamed('rs'));
    forged[5] = (forged[5] ?? 0) ^ 1;
    const refused = ask(...LOGIN, ...verify, fileWith('forged', forged));
    expect(refused.text).toContain('Invalid signature');
  });

  it('signs digests of other lengths as ECDSA has it', () => {
    for (const length of [20, 48, 64]) {
      const digest = fileWith(`digest-${length}`, randomBytes(length));
      must(
        ...LOGIN,
        '--sign',
        '-m',
        'ECDSA',
        '--id',
        '02',
        '-f',
        'openssl',
        '-i',
        digest,
        '-o',
        fileNamed('der'),
      );
      const key = ['-pubin', '-keyform', 'DER', '-inkey', fileNamed('public')];
      const checked = openssl(
        bridge,
        'pkeyutl',
        '-verify',
        ...key,
        '-in',
        digest,
        '-sigfile',
        fileNamed('der'),
      );
      expect(`${length}: ${checked.text}`).toContain('Signature Verified Successfully');
    }
  });

  it('hashes in parts what does not fit into one', () => {
    const data = randomBytes(20_000);
    must('--hash', '-m', 'SHA256', '-i', fileWith('long', data), '-o', fileNamed('hash'));
    expect(readFileSync(fileNamed('hash')).toString('hex')).toBe(
      createHash('sha256').update(data).digest('hex'),
    );
  });

  it('draws random bytes', () => {
    must('--generate-random', '64', '-o', fileNamed('random'));
    expect(readFileSync(fileNamed('random'))).toHaveLength(64);
  });

  it('[P9] reads the value of a key only where the key allows it', () => {
    must(...LOGIN, '--keygen', '--key-type', 'AES:32', '--id', '03', '--label', 'kept', '--sensitive');
    expect(ask(...LOGIN, '--list-objects', '--type', 'secrkey').text).toContain('CKR_ATTRIBUTE_SENSITIVE');
    const open = must(...LOGIN, '--keygen', '--key-type', 'AES:32', '--id', '04', '--extractable');
    expect(open).toMatch(/VALUE: +[0-9a-f]{64}\n/);
  });

  it('gives keys away and takes them in with whatever templates say', () => {
    const value = fileWith('value', randomBytes(32));
    const words = ['--write-object', value, '--type', 'secrkey', '--key-type', 'AES:32'];
    expect(must(...LOGIN, ...words, '--label', 'brought')).toContain('Secret Key Object; AES length 32');
    must(...LOGIN, '--write-object', value, '--type', 'data', '--label', 'note');
    must(...LOGIN, '--delete-object', '--type', 'secrkey', '--label', 'brought');
    expect(must(...LOGIN, '--list-objects')).not.toContain('brought');
  });

  it('[P9] hears the codes of PKCS#11 when it is refused', () => {
    expect(ask('--login', '--pin', 'wrong-pin', '--list-objects').text).toContain('CKR_PIN_INCORRECT');
    expect(ask('--keygen', '--key-type', 'AES:32').text).toContain('CKR_USER_NOT_LOGGED_IN');
    expect(ask(...LOGIN, '--keypairgen', '--key-type', 'EC:secp384r1').text).toMatch(
      /CKR_ATTRIBUTE_VALUE_INVALID/,
    );
  });

  it('passes its own test', () => {
    const report = must(...LOGIN, '--test');
    expect(report).toContain('all 4 digest functions seem to work');
    expect(report).toContain('No errors');
  });

  it('makes the token anew, and its PIN', () => {
    must('--init-token', '--so-pin', 'officer-pin', '--label', 'anew');
    const officer = ['--login', '--login-type', 'so', '--so-pin', 'officer-pin'];
    must(...officer, '--init-pin', '--new-pin', 'second-pin');
    expect(ask(...LOGIN, '--list-objects').text).toContain('CKR_PIN_INCORRECT');
    must('--login', '--pin', 'second-pin', '--change-pin', '--new-pin', 'user-pin');
    expect(must(...LOGIN, '--list-objects')).not.toContain('Object;');
  });
});
