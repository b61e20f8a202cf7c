import { formatIp, type Ip, ipv6, parseIp } from '../../src/address/index.ts';

/** Blocks that stand for public ones in examples (RFC 5737), as those of RFC 3849 do in IPv6. */
const PUBLIC: ReadonlySet<bigint> = new Set([0xc63364n, 0xcb0071n]);

/**
 * The image of an IPv4 address in IPv6: its first three octets become the network, the last one the host, so that what was
 * one /24 is one /64, and blocks hold each other exactly as before. What is public stays so.
 */
export function imageOf(address: Ip): Ip {
  const bits = BigInt(Number(address) >>> 0);
  if (bits === 0n) return ipv6(0n);
  if (PUBLIC.has(bits >> 8n)) return ipv6((0x20010db8n << 96n) | ((bits >> 8n) << 64n) | (bits & 0xffn));
  return ipv6((0xfd00n << 112n) | ((bits >> 8n) << 88n) | (bits & 0xffn));
}

const IPV4 = /\b(\d{1,3}(?:\.\d{1,3}){3})(?:\/(\d{1,2}))?\b/g;

/** A text about IPv4 as the same text about IPv6. */
export function inIpv6(text: string): string {
  return text.replaceAll(IPV4, (_, address: string, length: string | undefined) => {
    const words = formatted(address);
    if (length === undefined) return words;
    const prefix = Number(length);
    if (prefix === 0) return '::/0';
    return `${words}/${prefix <= 24 ? 16 + prefix : 96 + prefix}`;
  });
}

function formatted(text: string): string {
  const parsed = parseIp(text);
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return formatIp(imageOf(parsed.value));
}
