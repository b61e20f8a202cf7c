import { present } from '../base/index.ts';

/**
 * Bytes waiting to be sent, in order. Chunks are taken over as they are and handed out without a copy where a
 * segment lies within one of them: nobody may change them afterwards.
 */
export interface ByteQueue {
  readonly chunks: Uint8Array[];
  /** bytes in all chunks */
  length: number;
}

export function byteQueue(): ByteQueue {
  return { chunks: [], length: 0 };
}

export function append(queue: ByteQueue, bytes: Uint8Array): void {
  if (bytes.length === 0) return;
  queue.chunks.push(bytes);
  queue.length += bytes.length;
}

/** Removes the first `count` bytes, at most all. Several chunks are joined: a stream has no message borders. */
export function take(queue: ByteQueue, count: number): Uint8Array {
  const size = Math.min(count, queue.length);
  queue.length -= size;
  const first = queue.chunks[0];
  if (first !== undefined && first.length >= size) {
    if (first.length === size) queue.chunks.shift();
    else queue.chunks[0] = first.subarray(size);
    return first.length === size ? first : first.subarray(0, size);
  }
  const joined = new Uint8Array(size);
  let filled = 0;
  while (filled < size) {
    const chunk = present(queue.chunks.shift(), 'the chunks hold as many bytes as the queue counts');
    const part = chunk.subarray(0, size - filled);
    if (part.length < chunk.length) queue.chunks.unshift(chunk.subarray(part.length));
    joined.set(part, filled);
    filled += part.length;
  }
  return joined;
}

/** The first `count` bytes, at most all; they stay where they are. */
export function peek(queue: ByteQueue, count: number): Uint8Array {
  const first = queue.chunks[0];
  if (first !== undefined && first.length >= count) return first.subarray(0, count);
  const copy: ByteQueue = { chunks: [...queue.chunks], length: queue.length };
  return take(copy, count);
}

/** Forgets the first `count` bytes, at most all. */
export function discard(queue: ByteQueue, count: number): void {
  let left = Math.min(count, queue.length);
  queue.length -= left;
  while (left > 0) {
    const first = present(queue.chunks[0], 'the chunks hold as many bytes as the queue counts');
    if (first.length > left) {
      queue.chunks[0] = first.subarray(left);
      return;
    }
    queue.chunks.shift();
    left -= first.length;
  }
}
