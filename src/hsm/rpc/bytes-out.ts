/** Bytes being written, in network order: a buffer that grows. */
export interface Output {
  bytes: Uint8Array;
  view: DataView;
  length: number;
}

export function newOutput(room = 256): Output {
  const bytes = new Uint8Array(room);
  return { bytes, view: new DataView(bytes.buffer), length: 0 };
}

export function putByte(output: Output, value: number): void {
  const at = advance(output, 1);
  output.bytes[at] = value;
}

export function put32(output: Output, value: number): void {
  const at = advance(output, 4);
  output.view.setUint32(at, value);
}

/** A `CK_ULONG` as 64 bits. The largest exact number stands for all ones, which say that something is not available. */
export function put64(output: Output, value: number): void {
  const at = advance(output, 8);
  if (value >= Number.MAX_SAFE_INTEGER) {
    output.bytes.fill(0xff, at, at + 8);
    return;
  }
  output.view.setUint32(at, Math.floor(value / 0x1_0000_0000));
  output.view.setUint32(at + 4, value % 0x1_0000_0000);
}

/** Bytes behind their length. */
export function putBytes(output: Output, bytes: Uint8Array): void {
  put32(output, bytes.length);
  const at = advance(output, bytes.length);
  output.bytes.set(bytes, at);
}

/** The length of bytes that are not there. */
export const ABSENT = 0xffff_ffff;

/** What was written; the output is not written to any more. */
export function written({ bytes, length }: Output): Uint8Array {
  return bytes.subarray(0, length);
}

function advance(output: Output, count: number): number {
  const at = output.length;
  const needed = at + count;
  if (needed > output.bytes.length) {
    const grown = new Uint8Array(Math.max(needed, output.bytes.length * 2));
    grown.set(output.bytes);
    output.bytes = grown;
    output.view = new DataView(grown.buffer);
  }
  output.length = needed;
  return at;
}
