import { Address6 } from 'ip-address';
import { type Result, success } from '../base/index.ts';
import { type AddressFault, judge, type Objection, refuse } from './fault.ts';
import { formatIpv6, type Ipv6, ipv6 } from './ipv6.ts';

/**
 * Reads an IPv6 address in its canonical text (RFC 5952) and in no other: every accepted text is the one
 * {@link formatIpv6} prints. Upper case, leading zeros and a `::` in the wrong place are refused with the
 * canonical text as the near miss, and so is a dotted tail: `::ffff:1.2.3.4` is written `::ffff:102:304`.
 */
export function parseIpv6(text: string): Result<Ipv6, AddressFault> {
  return judge(text, 'an IPv6 address', readIpv6(text));
}

/** More than any IPv6 address takes (45 characters with a dotted tail), with room for a zone or brackets. */
const LONGEST = 80;

export function readIpv6(text: string): Result<Ipv6, Objection> {
  const address = onlyAddress(text) ? anySpelling(text) : null;
  if (address === null) return explain(text);
  const canonical = formatIpv6(address);
  if (canonical === text) return success(address);
  const because = text.includes('.') ? 'its last groups are not dotted' : 'it is not in the form of RFC 5952';
  return refuse('address/not-canonical', because, canonical);
}

/** Hexadecimal digits, colons and perhaps a dotted tail: the library takes prefix lengths and zones too. */
function onlyAddress(text: string): boolean {
  return text.length <= LONGEST && /^[0-9a-f:.]+$/i.test(text) && text.includes(':');
}

/** The address that the library reads in any spelling of RFC 4291, or null. */
function anySpelling(text: string): Ipv6 | null {
  return Address6.isValid(text) ? ipv6(new Address6(text).bigInt()) : null;
}

function explain(text: string): Result<never, Objection> {
  const trimmed = text.trim();
  if (trimmed === '') return refuse('address/not-an-address', 'it is empty');
  if (text.length > LONGEST) return refuse('address/not-an-address', 'it is too long');
  if (trimmed !== text) {
    return refuse('address/not-canonical', 'it has white space around it', canonicalOrNull(trimmed));
  }
  const surrounded = /^(?<bracket>\[)?(?<address>[0-9a-f:.]+)(?:\]|(?<mark>[/%]).*)$/i.exec(text)?.groups;
  if (surrounded !== undefined) {
    const nearMiss = canonicalOrNull(surrounded['address'] ?? '');
    if (surrounded['bracket']) return refuse('address/not-canonical', 'it has brackets around it', nearMiss);
    if (surrounded['mark'] === '%') {
      return refuse('address/not-an-address', 'a zone has no meaning here', nearMiss);
    }
    return refuse('address/not-an-address', 'a prefix length belongs to a block', nearMiss);
  }
  if (!text.includes(':')) return refuse('address/not-an-address', 'it has no colons');
  if (!/^[0-9a-f:.]+$/i.test(text)) {
    return refuse('address/not-an-address', 'groups are hexadecimal, with colons between');
  }
  return refuse('address/not-an-address', explainGroups(text));
}

function explainGroups(text: string): string {
  if (text.split('::').length > 2) return 'it has more than one "::"';
  const groups = text.split(':').filter((group) => group !== '');
  if (text.includes('.')) return 'its dotted tail is not an IPv4 address behind six groups';
  const long = groups.find((group) => group.length > 4);
  if (long !== undefined) return `group ${long} has more than four digits`;
  if (text.includes('::') ? groups.length > 7 : groups.length !== 8) {
    return `it has ${groups.length} groups, not eight`;
  }
  return 'eight groups with single colons between are expected';
}

function canonicalOrNull(text: string): string | null {
  const address = onlyAddress(text) ? anySpelling(text) : null;
  return address === null ? null : formatIpv6(address);
}
