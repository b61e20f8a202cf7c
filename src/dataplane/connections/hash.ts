/**
 * Spreads four words over 32 bits: the rounds and the finaliser of MurmurHash3 (x86, 32 bits).
 *
 * Addresses and ports come in sequences (a port scan, a subnet counted through), and a hash that keeps
 * their order would put them side by side. Every bit of the result depends on every bit of the words.
 */
export function hashFlow(protocol: number, source: number, target: number, ports: number): number {
  let hash = round(Math.imul(protocol, 0x9e3779b1), source);
  hash = round(hash, target);
  hash = round(hash, ports);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function round(hash: number, word: number): number {
  const stirred = Math.imul(word, 0xcc9e2d51);
  const mixed = hash ^ Math.imul((stirred << 15) | (stirred >>> 17), 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}
