import type { Random } from '../../base/index.ts';
import { bytesOf, bytesOfHex, type Hex, hexOf, joinBytes } from '../cryptography/bytes.ts';
import { agreeX25519, generateCurveKeys, signEd25519, verifyEd25519 } from '../cryptography/curves.ts';
import { deriveKey, equalBytes, sha256 } from '../cryptography/digest.ts';
import type { KeyHalves } from '../device/state.ts';
import { type Certificate, decodeCertificate, encodeCertificate } from './certificate.ts';
import { type Direction, newDirection } from './record.ts';

/*
 * The handshake of the module's channel. It has the order of Luna's NTLS and the shape of Noise, and it is neither, nor TLS.
 *
 *   client  greeting: version, fresh X25519 key, certificate or nothing
 *   module  greeting: fresh X25519 key, its signing key, a signature over both greetings
 *   client  first record: a signature over both greetings where it showed a certificate, else nothing
 *
 * After the greetings everything is sealed. A client knows the module by its signing key, as SSH does by a host key.
 */

const VERSION = 1;
/** The longest greeting, in bytes. */
export const LONGEST_GREETING = 512;

export interface Keys {
  readonly fromClient: Direction;
  readonly fromModule: Direction;
}

/** A client between its greeting and the module's. */
export interface Greeting {
  readonly bytes: Uint8Array;
  readonly privateKey: Hex;
}

export function clientGreeting(certificate: Certificate | null, random: Random): Greeting {
  const fresh = generateCurveKeys('x25519', random);
  const shown = certificate === null ? NONE : encodeCertificate(certificate);
  const bytes = joinBytes(Uint8Array.of(VERSION), fresh.publicKey, shown);
  return { bytes, privateKey: hexOf(fresh.privateKey) };
}

/** What a module makes of a greeting; `null`: it is none. */
export interface Greeted {
  readonly bytes: Uint8Array;
  readonly keys: Keys;
  /** what the client showed, and has still to prove that it owns */
  readonly certificate: Certificate | null;
  readonly transcript: Hex;
}

export function moduleGreeting(greeting: Uint8Array, signing: KeyHalves, random: Random): Greeted | null {
  if (greeting[0] !== VERSION || greeting.length < 33) return null;
  const shown = greeting.slice(33);
  const certificate = shown.length === 0 ? null : decodeCertificate(shown);
  if (shown.length > 0 && certificate === null) return null;
  const fresh = generateCurveKeys('x25519', random);
  const secret = agreeX25519(fresh.privateKey, greeting.slice(1, 33));
  if (secret === null) return null;
  const head = joinBytes(fresh.publicKey, bytesOfHex(signing.publicKey));
  const transcript = sha256(joinBytes(greeting, head));
  const signature = signEd25519(bytesOfHex(signing.privateKey), joinBytes(MODULE, transcript));
  return {
    bytes: joinBytes(head, signature),
    keys: keysOf(secret, transcript),
    certificate,
    transcript: hexOf(transcript),
  };
}

/** What a client makes of the module's greeting: its key and the keys of the channel; `null`: it is forged or none. */
export function readModuleGreeting(
  { bytes: greeting, privateKey }: Greeting,
  answer: Uint8Array,
): { readonly signing: Hex; readonly keys: Keys; readonly transcript: Hex } | null {
  if (answer.length !== 128) return null;
  const head = answer.slice(0, 64);
  const secret = agreeX25519(bytesOfHex(privateKey), answer.slice(0, 32));
  if (secret === null) return null;
  const transcript = sha256(joinBytes(greeting, head));
  const signing = answer.slice(32, 64);
  if (!verifyEd25519(signing, joinBytes(MODULE, transcript), answer.slice(64))) return null;
  return { signing: hexOf(signing), keys: keysOf(secret, transcript), transcript: hexOf(transcript) };
}

/** How a client shows that the certificate is its own. */
export function proveOwner({ privateKey }: KeyHalves, transcript: Hex): Uint8Array {
  return signEd25519(bytesOfHex(privateKey), joinBytes(CLIENT, bytesOfHex(transcript)));
}

/** Whether the first record proves what the greeting showed. Without a certificate it is empty. */
export function isProof(proof: Uint8Array, certificate: Certificate | null, transcript: Hex): boolean {
  if (certificate === null) return equalBytes(proof, NONE);
  return verifyEd25519(bytesOfHex(certificate.publicKey), joinBytes(CLIENT, bytesOfHex(transcript)), proof);
}

function keysOf(secret: Uint8Array, transcript: Uint8Array): Keys {
  return {
    fromClient: newDirection(deriveKey(secret, transcript, 'vnsim channel, from the client')),
    fromModule: newDirection(deriveKey(secret, transcript, 'vnsim channel, from the module')),
  };
}

const NONE: Uint8Array = new Uint8Array(0);
const MODULE = bytesOf('vnsim channel, the module');
const CLIENT = bytesOf('vnsim channel, the client');
