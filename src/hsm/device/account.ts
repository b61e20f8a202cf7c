import type { Nanos, Random } from '../../base/index.ts';
import { bytesOf, bytesOfHex, type Hex, hexOf } from '../cryptography/bytes.ts';
import { equalBytes, hmacSha256 } from '../cryptography/digest.ts';

/** A password or PIN as the module keeps it: enough to check one, not enough to tell it. */
export interface Credential {
  readonly salt: Hex;
  readonly verifier: Hex;
  /** wrong ones in a row */
  readonly failures: number;
}

/** Somebody who logs in at the console. */
export interface Account {
  readonly credential: Credential;
  /** the password was handed over and must be changed first */
  readonly unactivated: boolean;
  /** whether what is on the module is this administrator's: false for one that came later (trap T1) */
  readonly owner: boolean;
  /** logging in is refused until then */
  readonly lockedUntil: Nanos | null;
}

/** Wrong passwords in a row after which an account is locked, and for how long: Luna's auditor. */
export const ACCOUNT_FAILURES = 10;
export const LOCK_TIME: Nanos = 600_000_000_000 as Nanos;

/** Wrong passwords in a row of security officers after which the module zeroises itself. Not adjustable, as on Luna. */
export const OFFICER_FAILURES = 3;

export const SHORTEST_SECRET = 4;
export const LONGEST_SECRET = 64;

export function isSecret(secret: string): boolean {
  return secret.length >= SHORTEST_SECRET && secret.length <= LONGEST_SECRET;
}

export function newCredential(secret: string, random: Random): Credential {
  const salt = random.bytes(16);
  return { salt: hexOf(salt), verifier: hexOf(hmacSha256(salt, bytesOf(secret))), failures: 0 };
}

export function matches(credential: Credential, secret: string): boolean {
  return equalBytes(
    hmacSha256(bytesOfHex(credential.salt), bytesOf(secret)),
    bytesOfHex(credential.verifier),
  );
}

/** The credential after a try: any success resets the counter. */
export function afterTry(credential: Credential, right: boolean): Credential {
  if (right && credential.failures === 0) return credential;
  return { ...credential, failures: right ? 0 : credential.failures + 1 };
}

/** A password nobody chose: 16 letters and digits that cannot be mistaken for each other. */
export function oneTimePassword(random: Random): string {
  return Array.from({ length: 16 }, () => LETTERS[random.integer(0, LETTERS.length - 1)]).join('');
}

const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
