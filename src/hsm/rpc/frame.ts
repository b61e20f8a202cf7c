import { newInput, take32 } from './bytes-in.ts';
import { newOutput, put32, written } from './bytes-out.ts';

/** The version of the protocol that both sides name with one byte before anything else. */
export const RPC_VERSION = 0;

/** The longest message, in bytes. Whoever announces more is not listened to any further. */
export const LONGEST_MESSAGE: number = (1 << 20) + 4096;

/** Bytes before a message: a number that its answer repeats, the length of options, the length of the message. */
export const FRAME_HEADER = 12;

/** A message on its way; options are always empty here, and skipped where others send some. */
export interface RpcFrame {
  readonly number: number;
  readonly body: Uint8Array;
}

export function encodeFrame({ number, body }: RpcFrame): Uint8Array {
  const output = newOutput(FRAME_HEADER + body.length);
  put32(output, number);
  put32(output, 0);
  put32(output, body.length);
  output.bytes.set(body, FRAME_HEADER);
  output.length += body.length;
  return written(output);
}

/** What a stretch of bytes amounts to: whole messages, and the beginning of one. */
export interface Frames {
  readonly frames: readonly RpcFrame[];
  readonly rest: Uint8Array;
  /** a message is longer than any may be; what follows was not looked at */
  readonly tooLong: boolean;
}

/** Cuts bytes into messages. The answer does not depend on where the network cut them. */
export function cutFrames(bytes: Uint8Array): Frames {
  const frames: RpcFrame[] = [];
  let start = 0;
  while (bytes.length - start >= FRAME_HEADER) {
    const input = newInput(bytes.subarray(start, start + FRAME_HEADER));
    const number = take32(input);
    const options = take32(input);
    const length = take32(input);
    if (options + length > LONGEST_MESSAGE) return { frames, rest: NONE, tooLong: true };
    const end = start + FRAME_HEADER + options + length;
    if (end > bytes.length) break;
    frames.push({ number, body: bytes.slice(end - length, end) });
    start = end;
  }
  return { frames, rest: bytes.slice(start), tooLong: false };
}

const NONE: Uint8Array = new Uint8Array(0);
