import { bytesOfHex, type Hex, hexOf, joinBytes } from './bytes.ts';
import { type Curve, isScalar, publicKeyOf } from './curves.ts';

/** `AlgorithmIdentifier` of each curve in DER (RFC 5480, RFC 8410). */
const ALGORITHM: Readonly<Record<Curve, Hex>> = {
  p256: '301306072a8648ce3d020106082a8648ce3d030107',
  ed25519: '300506032b6570',
  x25519: '300506032b656e',
};
const SEQUENCE = 0x30;
const INTEGER = 0x02;
const OCTETS = 0x04;
const BITS = 0x03;
const PUBLIC_KEY = 0xa1;

/**
 * A private key as PKCS#8, which is how PKCS#11 wraps it (v3.1, 6.7): for P-256 around the ECPrivateKey of RFC 5915 with its public
 * key, for the other curves around the 32 bytes (RFC 8410).
 */
export function encodePrivateKey(curve: Curve, privateKey: Uint8Array): Uint8Array {
  const octets = der(OCTETS, privateKey);
  const inner = curve === 'p256' ? ecPrivateKey(privateKey, octets) : octets;
  return der(
    SEQUENCE,
    joinBytes(der(INTEGER, Uint8Array.of(0)), bytesOfHex(ALGORITHM[curve]), der(OCTETS, inner)),
  );
}

function ecPrivateKey(privateKey: Uint8Array, octets: Uint8Array): Uint8Array {
  const point = der(BITS, joinBytes(Uint8Array.of(0), publicKeyOf('p256', privateKey)));
  return der(SEQUENCE, joinBytes(der(INTEGER, Uint8Array.of(1)), octets, der(PUBLIC_KEY, point)));
}

/** The 32 bytes of a private key on this curve; `null`: it is none. What may follow them (attributes, a public key) is left alone. */
export function decodePrivateKey(curve: Curve, encoded: Uint8Array): Uint8Array | null {
  const whole = take(encoded, SEQUENCE);
  const version = whole === null ? null : take(whole.body, INTEGER);
  if (whole === null || whole.rest.length > 0 || version === null) return null;
  const algorithm = take(version.rest, SEQUENCE);
  if (algorithm === null || hexOf(der(SEQUENCE, algorithm.body)) !== ALGORITHM[curve]) return null;
  const key = take(algorithm.rest, OCTETS);
  if (key === null) return null;
  const value = curve === 'p256' ? valueOfEcPrivateKey(key.body) : (take(key.body, OCTETS)?.body ?? null);
  return value?.length === 32 && (curve !== 'p256' || isScalar(value)) ? value : null;
}

function valueOfEcPrivateKey(encoded: Uint8Array): Uint8Array | null {
  const whole = take(encoded, SEQUENCE);
  const version = whole === null ? null : take(whole.body, INTEGER);
  return version === null ? null : (take(version.rest, OCTETS)?.body ?? null);
}

interface Element {
  readonly body: Uint8Array;
  readonly rest: Uint8Array;
}

/** The element of this tag in front; `null`: another one, or none. */
function take(bytes: Uint8Array, tag: number): Element | null {
  const [first, length] = bytes;
  if (first !== tag || length === undefined) return null;
  const long = length === 0x81 ? bytes[2] : length;
  const start = length === 0x81 ? 3 : 2;
  // Nothing of ours is longer than 255 bytes.
  if (long === undefined || (length > 0x7f && length !== 0x81) || bytes.length < start + long) return null;
  return { body: bytes.slice(start, start + long), rest: bytes.slice(start + long) };
}

function der(tag: number, body: Uint8Array): Uint8Array {
  const head = body.length < 0x80 ? [tag, body.length] : [tag, 0x81, body.length];
  return joinBytes(Uint8Array.from(head), body);
}
