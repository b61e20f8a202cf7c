import type { Random } from '../../base/index.ts';
import type { Code } from '../codes/code.ts';
import type { Curve, CurveKeys } from '../cryptography/curves.ts';
import type { Mechanism, MechanismName } from '../objects/mechanism.ts';
import type { Operation } from '../partitions/application.ts';

/** What a secret or private key is: `CKK_…` of a secret key, or the curve of a private one. */
export type KeyKind =
  | { readonly kind: 'secret'; readonly type: number }
  | { readonly kind: 'private'; readonly curve: Curve };

/**
 * A key as a backend keeps it: bytes that only this backend can use. The embedded one keeps the value itself, a token the value
 * wrapped under a key that never leaves it. Either way the module seals them once more under its own key.
 */
export type Kept = Uint8Array;

/** A key that a backend has made or taken in, with what follows from its value. */
export interface KeptKey {
  readonly kept: Kept;
  /** bytes of the value */
  readonly length: number;
  /** `CKA_CHECK_VALUE` of an AES key: the first three bytes of a block of zeros encrypted with it; `null`: keys of this kind have none */
  readonly check: Uint8Array | null;
}

/**
 * Who computes with keys: the module itself, or a PKCS#11 token behind it. Synchronous, like everything inside; nothing is thrown for
 * what a client asks. What is about public keys and digests is nobody's secret, and is not asked here.
 *
 * A backend says what it is able to do: mechanisms that are not in its list do not exist for clients.
 */
export interface Backend {
  readonly name: string;
  readonly mechanisms: ReadonlySet<MechanismName>;
  generateSecret(type: number, length: number, random: Random): KeptKey | Code;
  generatePair(
    curve: Curve,
    random: Random,
  ): { readonly publicKey: CurveKeys['publicKey']; readonly kept: Kept } | Code;
  /** Takes in a secret value that somebody outside knows. */
  bring(type: number, value: Uint8Array): KeptKey | Code;
  /** The value of a secret key that may be read. */
  reveal(type: number, kept: Kept): Uint8Array | Code;
  encrypt(operation: Operation, kept: Kept, data: Uint8Array): Uint8Array | Code;
  decrypt(operation: Operation, kept: Kept, data: Uint8Array): Uint8Array | Code;
  /** Signs, or computes an authentication code. */
  sign(operation: Operation, kept: Kept, data: Uint8Array): Uint8Array | Code;
  /** A key under another one: the value of a secret key, PKCS#8 of a private one. */
  wrap(name: MechanismName, wrapping: Kept, kind: KeyKind, kept: Kept): Uint8Array | Code;
  unwrap(name: MechanismName, unwrapping: Kept, kind: KeyKind, wrapped: Uint8Array): KeptKey | Code;
  /** A secret key of this type and length from another key. */
  derive(mechanism: Mechanism, base: KeyKind, kept: Kept, type: number, length: number): KeptKey | Code;
}
