import { present } from '../../base/index.ts';
import { unwrapKeyPadded, wrapKeyPadded } from '../cryptography/aes.ts';
import { bytesOfHex, type Hex, hexOf } from '../cryptography/bytes.ts';
import type { ModuleState } from '../device/state.ts';

/**
 * Values of keys at rest: each wrapped under the module's key-encryption key (RFC 5649), so that destroying 32 bytes
 * destroys them all. Nothing outside this file sees the key-encryption key.
 */
export function sealValue(state: ModuleState, value: Uint8Array): Hex {
  const kek = present(state.kek, 'keys are kept by an initialised module alone');
  return hexOf(present(wrapKeyPadded(bytesOfHex(kek), value), 'a value has one byte or more'));
}

/** `null` where the key-encryption key is gone or another one. */
export function openValue(state: ModuleState, sealed: Hex): Uint8Array | null {
  return state.kek === null ? null : unwrapKeyPadded(bytesOfHex(state.kek), bytesOfHex(sealed));
}

/** The longest value that an object may have, in bytes. */
export const LONGEST_VALUE = 4096;
