import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Curve, publicKeyOf } from '../../src/hsm/cryptography/curves.ts';
import { decodePrivateKey, encodePrivateKey } from '../../src/hsm/cryptography/pkcs8.ts';
import { attributeOf } from '../../src/hsm/index.ts';
import { APP, bytesOfText, makeAes, makePair, plain, readyRig, WRAPPER_TEMPLATE } from './rig.ts';

const CURVES: readonly (readonly [Curve, string])[] = [
  ['p256', 'ec'],
  ['ed25519', 'ed25519'],
  ['x25519', 'x25519'],
];
const scalar = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => bytes.map((byte) => (byte & 0x7f) | 1));

describe('private keys as PKCS#8', () => {
  it.each(CURVES)('of %s are what OpenSSL reads, to the byte', (curve, kind) => {
    fc.assert(
      fc.property(scalar, (value) => {
        const encoded = encodePrivateKey(curve, value);
        const read = createPrivateKey({ key: Buffer.from(encoded), format: 'der', type: 'pkcs8' });
        expect(read.asymmetricKeyType).toBe(kind);
        expect(new Uint8Array(read.export({ format: 'der', type: 'pkcs8' }))).toEqual(encoded);
        const { x = '' } = read.export({ format: 'jwk' });
        const own = publicKeyOf(curve, value);
        expect(Buffer.from(x, 'base64url')).toEqual(Buffer.from(curve === 'p256' ? own.slice(1, 33) : own));
        expect(decodePrivateKey(curve, encoded)).toEqual(value);
      }),
      { numRuns: 20 },
    );
  });

  it('of OpenSSL are what we read', () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const der = new Uint8Array(pair.privateKey.export({ format: 'der', type: 'pkcs8' }));
    const { d = '' } = pair.privateKey.export({ format: 'jwk' });
    expect(decodePrivateKey('p256', der)).toEqual(new Uint8Array(Buffer.from(d, 'base64url')));
  });

  it('that are damaged, of another curve or none at all, are none', () => {
    const encoded = encodePrivateKey('ed25519', new Uint8Array(32).fill(7));
    expect(decodePrivateKey('p256', encoded)).toBe(null);
    expect(decodePrivateKey('x25519', encoded)).toBe(null);
    expect(decodePrivateKey('p256', encodePrivateKey('p256', new Uint8Array(32).fill(1)).slice(0, 90))).toBe(
      null,
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 160 }), fc.constantFrom(...CURVES), (bytes, [curve]) => {
        expect(decodePrivateKey(curve, bytes)).toBe(null);
      }),
    );
  });

  it('leave one handle wrapped and come back under another as the same key', () => {
    const { rig, session } = readyRig(8);
    const wrapping = makeAes(rig, session, APP, WRAPPER_TEMPLATE);
    const mechanism = plain('CKM_AES_KEY_WRAP_KWP');
    const wishes = [attributeOf('CKA_SIGN', true), attributeOf('CKA_EXTRACTABLE', true)];
    const { privateKey, publicKey } = makePair(rig, session, 'p256');
    const refused = rig.code(APP, { kind: 'C_WrapKey', session, mechanism, wrapping, key: privateKey });
    expect(refused).toBe('CKR_KEY_UNEXTRACTABLE');
    const open = rig.must(APP, {
      kind: 'C_GenerateKeyPair',
      session,
      mechanism: plain('CKM_EC_KEY_PAIR_GEN'),
      publicTemplate: [
        attributeOf('CKA_EC_PARAMS', Uint8Array.from([6, 8, 42, 134, 72, 206, 61, 3, 1, 7])),
        attributeOf('CKA_VERIFY', true),
      ],
      privateTemplate: wishes,
    });
    expect(publicKey).not.toBe(open.publicKey);
    const { data } = rig.must(APP, { kind: 'C_WrapKey', session, mechanism, wrapping, key: open.privateKey });
    // 138 bytes of PKCS#8, in units of eight, and eight more
    expect(data).toHaveLength(152);
    const template = [attributeOf('CKA_CLASS', 3), attributeOf('CKA_KEY_TYPE', 3), ...wishes];
    const { object } = rig.must(APP, {
      kind: 'C_UnwrapKey',
      session,
      mechanism,
      unwrapping: wrapping,
      wrapped: data,
      template,
    });
    rig.must(APP, { kind: 'C_SignInit', session, mechanism: plain('CKM_ECDSA_SHA256'), key: object });
    const signed = rig.must(APP, { kind: 'C_Sign', session, data: bytesOfText('hello') });
    rig.must(APP, {
      kind: 'C_VerifyInit',
      session,
      mechanism: plain('CKM_ECDSA_SHA256'),
      key: open.publicKey,
    });
    rig.must(APP, { kind: 'C_Verify', session, data: bytesOfText('hello'), signature: signed.data });
  });
});
