import type { Keys } from '../channel/handshake.ts';
import { bytesOf, bytesOfHex, type Hex, hexOf, joinBytes } from '../cryptography/bytes.ts';
import { equalBytes, hmacSha256 } from '../cryptography/digest.ts';

/*
 * How a PIN entry device and a module find out that one maker built them for each other. Both hold what the maker puts into every
 * device for modules of one model, as Luna's remote PED vector does, and show that they do without telling it: each sends a MAC
 * over the keys of the channel that they speak on. Somebody between two channels has other keys on each, and can repeat neither.
 */

/** What the maker puts into its devices; 32 bytes. */
export type MakerSecret = Hex;

export type Side = 'device' | 'module';

/** What one side shows to the other. */
export function pairingProof(secret: MakerSecret, side: Side, keys: Keys, name: string): Hex {
  const said = joinBytes(
    bytesOf(`vnsim rped, the ${side}`),
    bytesOfHex(keys.fromClient.key),
    bytesOfHex(keys.fromModule.key),
    bytesOf(name),
  );
  return hexOf(hmacSha256(bytesOfHex(secret), said));
}

export function isPairingProof(
  proof: string,
  secret: MakerSecret,
  side: Side,
  keys: Keys,
  name: string,
): boolean {
  return equalBytes(bytesOf(proof), bytesOf(pairingProof(secret, side, keys, name)));
}
