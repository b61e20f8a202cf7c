import { combine } from 'shamir-secret-sharing';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/base/index.ts';
import {
  decryptCbc,
  encryptCbc,
  macCmac,
  openGcm,
  sealGcm,
  unwrapKey,
  unwrapKeyPadded,
  wrapKey,
  wrapKeyPadded,
} from '../../src/hsm/cryptography/aes.ts';
import {
  agreeX25519,
  generateCurveKeys,
  signEd25519,
  signP256,
  verifyEd25519,
  verifyP256,
} from '../../src/hsm/cryptography/curves.ts';
import { hkdf256, hmacSha256, sha256 } from '../../src/hsm/cryptography/digest.ts';
import { openSealed, sealTo } from '../../src/hsm/cryptography/sealed-to.ts';
import { joinShares, splitSecret } from '../../src/hsm/cryptography/shares.ts';
import { bytesOfText, hex, toHex } from './rig.ts';

describe('vectors of the standards', () => {
  it('AES key wrap: RFC 3394, 4.1 and 4.6', () => {
    const kek = hex('000102030405060708090a0b0c0d0e0f');
    const key = hex('00112233445566778899aabbccddeeff');
    const wrapped = hex('1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5');
    expect(wrapKey(kek, key)).toEqual(wrapped);
    expect(unwrapKey(kek, wrapped)).toEqual(key);
    const longKek = hex('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f');
    const longKey = hex('00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f');
    expect(toHex(wrapKey(longKek, longKey) ?? new Uint8Array())).toBe(
      '28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21',
    );
  });

  it('AES key wrap with padding: RFC 5649, 6', () => {
    const kek = hex('5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8');
    for (const [key, wrapped] of [
      [
        'c37b7e6492584340bed12207808941155068f738',
        '138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a',
      ],
      ['466f7250617369', 'afbeb0f07dfbf5419200f2ccb50bb24f'],
    ] as const) {
      expect(toHex(wrapKeyPadded(kek, hex(key)) ?? new Uint8Array())).toBe(wrapped);
      expect(unwrapKeyPadded(kek, hex(wrapped))).toEqual(hex(key));
    }
  });

  it('AES-GCM: McGrew and Viega, test cases 4 and 14', () => {
    const key = hex('feffe9928665731c6d6a8f9467308308');
    const nonce = hex('cafebabefacedbaddecaf888');
    const data = hex(
      'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72' +
        '1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
    );
    const additional = hex('feedfacedeadbeeffeedfacedeadbeefabaddad2');
    const sealed = sealGcm(key, nonce, data, additional);
    expect(toHex(sealed)).toBe(
      '42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e' +
        '21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47',
    );
    expect(openGcm(key, nonce, sealed, additional)).toEqual(data);
    expect(openGcm(key, nonce, sealed, hex('00'))).toBeNull();
    const zero = new Uint8Array(32);
    expect(toHex(sealGcm(zero, zero.slice(0, 12), zero.slice(0, 16)))).toBe(
      'cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919',
    );
  });

  it('AES-CMAC: RFC 4493, 4; AES-CBC: NIST SP 800-38A, F.2.5', () => {
    expect(
      toHex(macCmac(hex('2b7e151628aed2a6abf7158809cf4f3c'), hex('6bc1bee22e409f96e93d7e117393172a'))),
    ).toBe('070a16b46b4d4144f79bdd9dd04a287c');
    const key = hex('603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4');
    const vector = hex('000102030405060708090a0b0c0d0e0f');
    const data = hex('6bc1bee22e409f96e93d7e117393172a');
    const sealed = encryptCbc(key, vector, data);
    expect(toHex(sealed.slice(0, 16))).toBe('f58c4c04d6e5f1ba779eabfb5f7bfbd6');
    expect(decryptCbc(key, vector, sealed)).toEqual(data);
  });

  it('ECDSA on P-256 with SHA-256: RFC 6979, A.2.5', () => {
    const key = hex('c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721');
    for (const [message, signature] of [
      [
        'sample',
        'efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716' +
          'f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8',
      ],
      [
        'test',
        'f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367' +
          '019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083',
      ],
    ] as const) {
      expect(toHex(signP256(key, sha256(bytesOfText(message))))).toBe(signature);
    }
  });

  it('Ed25519: RFC 8032, 7.1, test 1', () => {
    const key = hex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');
    expect(toHex(signEd25519(key, new Uint8Array()))).toBe(
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555' +
        'fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    );
  });

  it('X25519: RFC 7748, 5.2', () => {
    const scalar = hex('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4');
    const point = hex('e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c');
    expect(toHex(agreeX25519(scalar, point) ?? new Uint8Array())).toBe(
      'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552',
    );
    expect(agreeX25519(scalar, new Uint8Array(32))).toBeNull();
  });

  it('HMAC: RFC 4231, 4.3; HKDF: RFC 5869, A.1', () => {
    expect(toHex(hmacSha256(bytesOfText('Jefe'), bytesOfText('what do ya want for nothing?')))).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
    expect(
      toHex(
        hkdf256(
          new Uint8Array(22).fill(11),
          hex('000102030405060708090a0b0c'),
          hex('f0f1f2f3f4f5f6f7f8f9'),
          42,
        ),
      ),
    ).toBe('3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865');
  });
});

describe('what the standards have no vectors for', () => {
  it('verifies what it signed, and nothing else', () => {
    const p256 = generateCurveKeys('p256', seededRandom(1));
    const digest = sha256(bytesOfText('m'));
    const signature = signP256(p256.privateKey, digest);
    expect(p256.publicKey).toHaveLength(65);
    expect(verifyP256(p256.publicKey, digest, signature)).toBe(true);
    expect(verifyP256(p256.publicKey, sha256(bytesOfText('n')), signature)).toBe(false);
    expect(verifyP256(new Uint8Array(65), digest, signature)).toBe(false);
    expect(verifyEd25519(new Uint8Array(32), digest, new Uint8Array(64))).toBe(false);
  });

  it('opens what is sealed to a key with that key and that binding alone', () => {
    const random = seededRandom(3);
    const [owner, other] = [generateCurveKeys('x25519', random), generateCurveKeys('x25519', random)];
    const sealed = sealTo(owner.publicKey, bytesOfText('secret'), bytesOfText('for you'), random);
    if (sealed === null) throw new Error('a good key');
    expect(openSealed(owner.privateKey, owner.publicKey, sealed, bytesOfText('for you'))).toEqual(
      bytesOfText('secret'),
    );
    expect(openSealed(owner.privateKey, owner.publicKey, sealed, bytesOfText('for me'))).toBeNull();
    expect(openSealed(other.privateKey, other.publicKey, sealed, bytesOfText('for you'))).toBeNull();
    expect(sealTo(new Uint8Array(32), bytesOfText('secret'), bytesOfText(''), random)).toBeNull();
  });

  it('splits secrets as shamir-secret-sharing joins them', async () => {
    const random = seededRandom(4);
    const secret = random.bytes(32);
    const shares = splitSecret(secret, 3, 5, random);
    for (const chosen of [
      [0, 1, 2],
      [4, 2, 0],
      [1, 3, 4, 0],
    ]) {
      const some = chosen.map((at) => shares[at] ?? new Uint8Array());
      expect(await combine(some)).toEqual(secret);
      expect(joinShares(some)).toEqual(secret);
    }
    const two = shares.slice(0, 2);
    expect(joinShares(two)).not.toEqual(secret);
    expect(joinShares(two)).toEqual(await combine(two));
  });
});
