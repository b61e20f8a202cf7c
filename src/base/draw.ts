/**
 * Chance that can be looked up: the draw with this number of the stream with this name, 0 … 2^32-1.
 *
 * A draw depends on nothing but its arguments, so that one consumer's appetite never changes what another gets,
 * and a draw can be repeated without the ones before it. The mixing is the finalizer of MurmurHash3.
 */
export function drawAt(seed: number, stream: string, number: number, purpose: number): number {
  let mixed = seed | 0;
  for (let index = 0; index < stream.length; index += 1) mixed = mix(mixed ^ stream.charCodeAt(index));
  return mix(mix(mixed ^ number) ^ purpose) >>> 0;
}

function mix(word: number): number {
  let mixed = (word + 0x9e3779b9) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** The draw as a whole number below `limit`. */
export function drawBelow(draw: number, limit: number): number {
  return Math.floor((draw / 0x1_0000_0000) * limit);
}
