import type { Random } from '../../base/index.ts';
import { openGcm, sealGcm } from '../cryptography/aes.ts';
import { bytesOf, bytesOfHex, type Hex, hexOf, textOf } from '../cryptography/bytes.ts';

/** An object as it lies at rest: what it says and what it is read with, both sealed (G-05). */
export interface SealedObject {
  /** the module's key that the data key is wrapped under, by its label */
  readonly key: string;
  /** the data key, as the module gave it back */
  readonly wrapped: Hex;
  readonly nonce: Hex;
  readonly sealed: Hex;
}

/** Seals a text under a data key of its own. The name is bound to it, so that one object cannot be put in place of another. */
export function sealObject(
  name: string,
  text: string,
  random: Random,
): { readonly dataKey: Hex } & Pick<SealedObject, 'nonce' | 'sealed'> {
  const dataKey = random.bytes(32);
  const nonce = random.bytes(12);
  const sealed = sealGcm(dataKey, nonce, bytesOf(text), bytesOf(name));
  return { dataKey: hexOf(dataKey), nonce: hexOf(nonce), sealed: hexOf(sealed) };
}

/** What an object says; `null`: another data key, another name, or not what was sealed. */
export function openObject(name: string, dataKey: Hex, { nonce, sealed }: SealedObject): string | null {
  if (dataKey.length !== 64) return null;
  const text = openGcm(bytesOfHex(dataKey), bytesOfHex(nonce), bytesOfHex(sealed), bytesOf(name));
  return text === null ? null : textOf(text);
}
