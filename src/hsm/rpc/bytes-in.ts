import { ABSENT } from './bytes-out.ts';

/** Bytes being read. Whoever reads past the end gets zeros and `failed`: readers never throw and never take more than is there. */
export interface Input {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at: number;
  failed: boolean;
}

export function newInput(bytes: Uint8Array): Input {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), at: 0, failed: false };
}

export function takeByte(input: Input): number {
  const at = advance(input, 1);
  return at < 0 ? 0 : (input.bytes[at] ?? 0);
}

export function take32(input: Input): number {
  const at = advance(input, 4);
  return at < 0 ? 0 : input.view.getUint32(at);
}

/** A `CK_ULONG`: what is too large for an exact number becomes the largest one, which no handle ever is. */
export function take64(input: Input): number {
  const at = advance(input, 8);
  if (at < 0) return 0;
  const value = input.view.getUint32(at) * 0x1_0000_0000 + input.view.getUint32(at + 4);
  return Math.min(value, Number.MAX_SAFE_INTEGER);
}

/** Bytes behind their length; `null`: they are not there. A copy, so that nothing keeps the message alive. */
export function takeBytes(input: Input): Uint8Array | null {
  const length = take32(input);
  if (length === ABSENT) return null;
  const at = advance(input, length);
  return at < 0 ? null : input.bytes.slice(at, at + length);
}

/** Whether everything was read, and nothing more. */
export function isDone({ at, bytes, failed }: Input): boolean {
  return !failed && at === bytes.length;
}

function advance(input: Input, count: number): number {
  const { at } = input;
  if (input.failed || count > input.bytes.length - at) {
    input.failed = true;
    return -1;
  }
  input.at = at + count;
  return at;
}
