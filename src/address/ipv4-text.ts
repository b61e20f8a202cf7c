import { Address4 } from 'ip-address';
import { type Result, success } from '../base/index.ts';
import { type AddressFault, judge, type Objection, refuse } from './fault.ts';
import { formatIpv4, type Ipv4, ipv4 } from './ipv4.ts';

/**
 * Reads an IPv4 address: four decimal octets, nothing else. Every accepted text is the one
 * {@link formatIpv4} prints.
 *
 * The classic short forms are refused, because programs disagree on them: `010.0.0.201` is 8.0.0.201 to some
 * and 10.0.0.201 to others, `1.2.3` is 1.2.0.3, `167772161` is 10.0.0.1 (RFC 6943, section 3.1.1).
 */
export function parseIpv4(text: string): Result<Ipv4, AddressFault> {
  return judge(text, 'an IPv4 address', readIpv4(text));
}

const CANONICAL = /^(?:(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])(?:\.(?!$)|$)){4}$/;
const LONGEST = 64;

export function readIpv4(text: string): Result<Ipv4, Objection> {
  if (!CANONICAL.test(text)) return explain(text);
  const [a = 0, b = 0, c = 0, d = 0] = new Address4(text).toArray();
  return success(ipv4((a << 24) | (b << 16) | (c << 8) | d));
}

function explain(text: string): Result<never, Objection> {
  const trimmed = text.trim();
  if (trimmed === '') return refuse('address/not-an-address', 'it is empty');
  if (text.length > LONGEST) return refuse('address/not-an-address', 'it is too long');
  if (trimmed !== text) {
    return refuse('address/not-canonical', 'it has white space around it', canonicalOrNull(trimmed));
  }
  const slash = text.indexOf('/');
  if (slash >= 0) {
    const address = canonicalOrNull(text.slice(0, slash));
    return refuse('address/not-an-address', 'a prefix length belongs to a block', address);
  }
  if (text.includes(':')) return refuse('address/not-an-address', 'it has colons, as IPv6 has');

  const parts = text.split('.');
  const numbers = parts.map(numberOf);
  if (numbers.includes(null)) return refuse('address/not-an-address', 'four decimal octets are expected');
  if (parts.length === 1) {
    return refuse('address/not-canonical', 'it is one number, not four octets', addressOfNumber(numbers[0]));
  }
  if (parts.length !== 4) return refuse('address/not-an-address', `it has ${parts.length} octets, not four`);
  const tooLarge = numbers.findIndex((octet) => octet === null || octet > 255);
  if (tooLarge >= 0) return refuse('address/not-an-address', `octet ${parts[tooLarge]} is above 255`);

  const because = parts.some((part) => /^0x/i.test(part))
    ? 'octets are decimal, not hexadecimal'
    : 'octets have no leading zero';
  return refuse('address/not-canonical', because, numbers.join('.'));
}

/** The value of a decimal part, leading zeros ignored, or of a hexadecimal one that begins with `0x`. */
function numberOf(part: string): number | null {
  return /^(?:\d+|0x[0-9a-f]+)$/i.test(part) ? Number(part) : null;
}

function addressOfNumber(value: number | null | undefined): string | null {
  return typeof value === 'number' && value <= 0xffffffff ? formatIpv4(ipv4(value)) : null;
}

/** What was meant, if leaving out what surrounds the address is all it takes. */
function canonicalOrNull(text: string): string | null {
  return CANONICAL.test(text) ? text : null;
}
