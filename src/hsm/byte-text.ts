/**
 * Bytes as text with one UTF-16 unit a byte (ISO 8859-1). JSON carries such text unchanged, which it does not
 * do for a `Uint8Array`, and a character cut in two by the network stays two units until its line is whole.
 */
export function textOfBytes(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** The inverse of {@link textOfBytes}; every unit must be below 256. */
export function bytesOfText(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
}
