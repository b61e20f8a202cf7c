import { byte, type Fields, hex, long, readBody, verdict, word } from '../bodies.ts';

const FRAGMENT = 44;
const EXTENSIONS: ReadonlySet<number> = new Set([0, 43, 60]);
const ICMPV6 = 58;
const SOLICITATION = 135;
const ADVERTISEMENT = 136;
/** Hosts talk about groups and routers of their own accord: MLD and router discovery. */
const CHATTER: ReadonlySet<number> = new Set([130, 131, 132, 133, 134, 143]);

/** An IPv6 packet without its link header; `null` for what hosts say of their own accord. */
export function readIpv6(packet: Uint8Array): Fields | null {
  const whole = packet.subarray(0, 40 + word(packet, 4));
  const { header, protocol, start, piece } = readHeader(whole);
  const body = whole.subarray(start);
  const addresses = whole.subarray(8, 40);
  if (protocol === ICMPV6 && piece === 0) {
    const type = byte(body, 0);
    if (CHATTER.has(type)) return null;
    if (type === SOLICITATION || type === ADVERTISEMENT) return readNeighbour(whole, body, addresses);
  }
  const fields: Fields = { kind: 'ipv6', ...header };
  if (piece !== 0) return { ...fields, data: hex(body) };
  return {
    ...fields,
    ...(protocol === ICMPV6 ? readIcmp(body, addresses) : readBody(protocol, body, addresses)),
  };
}

interface Header {
  readonly header: Fields;
  readonly protocol: number;
  /** where the body begins */
  readonly start: number;
  /** offset of a piece in its datagram */
  readonly piece: number;
}

function readHeader(packet: Uint8Array): Header {
  let next = byte(packet, 6);
  let at = 40;
  let fragment: Fields = { identification: 0, 'more fragments': 0, offset: 0, piece: 'no' };
  let piece = 0;
  let extensions = '';
  while ((EXTENSIONS.has(next) || next === FRAGMENT) && at + 8 <= packet.length) {
    const length = next === FRAGMENT ? 8 : (byte(packet, at + 1) + 1) * 8;
    if (next === FRAGMENT) {
      piece = word(packet, at + 2) & 0xfff8;
      fragment = {
        identification: long(packet, at + 4),
        'more fragments': word(packet, at + 2) & 1,
        offset: piece,
        piece: 'yes',
      };
    } else {
      extensions += `${next}:${hex(packet.subarray(at + 1, at + length))} `;
    }
    next = byte(packet, at);
    at += length;
  }
  return {
    header: {
      source: written(packet, 8),
      target: written(packet, 24),
      protocol: next,
      ttl: byte(packet, 7),
      dscp: (word(packet, 0) >> 6) & 63,
      ecn: (word(packet, 0) >> 4) & 3,
      'flow label': long(packet, 0) % 0x100000,
      length: 40 + word(packet, 4),
      options: extensions,
      ...fragment,
    },
    protocol: next,
    start: at,
    piece,
  };
}

function readIcmp(body: Uint8Array, addresses: Uint8Array): Fields {
  const type = byte(body, 0);
  const head = { type, code: byte(body, 1), 'icmp checksum': verdict(ICMPV6, body, addresses) };
  if (type >= 128) {
    return {
      ...head,
      identifier: word(body, 4),
      'icmp sequence': word(body, 6),
      data: hex(body.subarray(8)),
    };
  }
  const quote = body.subarray(8);
  const { header, start } = readHeader(quote);
  const quoted = { ...header, 'bytes behind': hex(quote.subarray(start)) };
  const named = Object.entries(quoted).map(([name, value]) => [`quoted ${name}`, value] as const);
  return { ...head, parameter: long(body, 4), ...Object.fromEntries(named) };
}

function readNeighbour(packet: Uint8Array, body: Uint8Array, addresses: Uint8Array): Fields {
  const isSolicitation = byte(body, 0) === SOLICITATION;
  return {
    kind: 'neighbour discovery',
    operation: isSolicitation ? 'solicitation' : 'advertisement',
    target: written(body, 8),
    flags: byte(body, 4) >> 5,
    hops: byte(packet, 7),
    'icmp checksum': verdict(ICMPV6, body, addresses),
  };
}

/** Eight groups without leading zeros: long, but the same for the same address. */
function written(bytes: Uint8Array, at: number): string {
  return Array.from({ length: 8 }, (_, group) => word(bytes, at + group * 2).toString(16)).join(':');
}
