import { read32, view, write32, writeBytes } from './bytes.ts';
import { type DecodeFault, truncated } from './fault.ts';
import type { Esp } from './values.ts';

/*
 * The part of ESP that anybody can read (RFC 4303 section 2): SPI and sequence number. Where the IV ends, the ciphertext
 * begins and how long the ICV is, only the holder of the key knows.
 */

export const ESP_HEADER = 8;

export function writeEsp(esp: Esp, buffer: Uint8Array, offset: number): number {
  write32(buffer, offset, esp.spi);
  write32(buffer, offset + 4, esp.sequence);
  return writeBytes(buffer, offset + ESP_HEADER, esp.sealed);
}

export function readEsp(bytes: Uint8Array, offset: number, end: number): Esp | DecodeFault {
  if (end - offset < ESP_HEADER) return truncated('esp', offset, ESP_HEADER, end - offset);
  return {
    kind: 'esp',
    spi: read32(bytes, offset),
    sequence: read32(bytes, offset + 4),
    sealed: view(bytes, offset + ESP_HEADER, end),
  };
}
