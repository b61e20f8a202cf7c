import { bytesToHex, concatBytes, hexToBytes } from '@noble/curves/utils.js';

/* Bytes in the state of the module are lower-case hex, so that it is plain data and survives JSON. */

export type Hex = string;

export function hexOf(bytes: Uint8Array): Hex {
  return bytesToHex(bytes);
}

export function bytesOfHex(hex: Hex): Uint8Array {
  return hexToBytes(hex);
}

/** The bytes of a text in UTF-8. */
export function bytesOf(text: string): Uint8Array {
  return ENCODER.encode(text);
}

/** The text of bytes in UTF-8. */
export function textOf(bytes: Uint8Array): string {
  return DECODER.decode(bytes);
}

export function joinBytes(...pieces: readonly Uint8Array[]): Uint8Array {
  return concatBytes(...pieces);
}

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();
