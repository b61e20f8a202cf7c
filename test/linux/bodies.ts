/** A frame or a part of one as a flat list of fields. */
export type Fields = Readonly<Record<string, string | number>>;

const ERROR_TYPES: ReadonlySet<number> = new Set([3, 4, 5, 11, 12]);

/** The fields of an IPv4 header. */
export function readHeader(packet: Uint8Array): Fields {
  const flags = word(packet, 6);
  return {
    source: dotted(packet, 12),
    target: dotted(packet, 16),
    protocol: byte(packet, 9),
    ttl: byte(packet, 8),
    dscp: byte(packet, 1) >> 2,
    ecn: byte(packet, 1) & 3,
    identification: word(packet, 4),
    'reserved flag': flags >> 15,
    "don't fragment": (flags >> 14) & 1,
    'more fragments': (flags >> 13) & 1,
    offset: (flags & 0x1fff) * 8,
    length: word(packet, 2),
    options: hex(packet.subarray(20, headerLength(packet))),
  };
}

/** @param addresses of the packet, as they stand in its header */
export function readBody(protocol: number, body: Uint8Array, addresses: Uint8Array): Fields {
  switch (protocol) {
    case 17:
      return {
        'source port': word(body, 0),
        'target port': word(body, 2),
        'udp length': word(body, 4),
        'udp checksum': word(body, 6) === 0 ? 'none' : verdict(protocol, body, addresses),
        data: hex(body.subarray(8)),
      };
    case 6: {
      const data = (byte(body, 12) >> 4) * 4;
      return {
        'source port': word(body, 0),
        'target port': word(body, 2),
        sequence: long(body, 4),
        acknowledgement: long(body, 8),
        flags: word(body, 12) & 0x0fff,
        window: word(body, 14),
        'tcp checksum': verdict(protocol, body, addresses),
        urgent: word(body, 18),
        'tcp options': hex(body.subarray(20, data)),
        data: hex(body.subarray(data)),
      };
    }
    case 1:
      return readIcmp(body);
    default:
      return { data: hex(body) };
  }
}

function readIcmp(body: Uint8Array): Fields {
  const type = byte(body, 0);
  const head = {
    type,
    code: byte(body, 1),
    'icmp checksum': sum(body) === 0xffff ? 'good' : 'bad',
  };
  if (!ERROR_TYPES.has(type)) {
    return {
      ...head,
      identifier: word(body, 4),
      'icmp sequence': word(body, 6),
      data: hex(body.subarray(8)),
    };
  }
  const quote = body.subarray(8);
  const start = headerLength(quote);
  const transport = quote.subarray(start);
  const quoted: Fields = {
    ...readHeader(quote),
    'header checksum': word(quote, 10),
    'bytes before its checksum': hex(transport.subarray(0, checksumAt(byte(quote, 9)))),
    checksum: hex(transport.subarray(checksumAt(byte(quote, 9)), checksumAt(byte(quote, 9)) + 2)),
    'bytes behind its checksum': hex(transport.subarray(checksumAt(byte(quote, 9)) + 2)),
  };
  const named = Object.entries(quoted).map(([name, value]) => [`quoted ${name}`, value] as const);
  return { ...head, parameter: long(body, 4), ...Object.fromEntries(named) };
}

function checksumAt(protocol: number): number {
  return { 6: 16, 17: 6, 1: 2 }[protocol] ?? 0;
}

/** By the pseudo-header of either family, which comes to the same sum. */
export function verdict(protocol: number, body: Uint8Array, addresses: Uint8Array): string {
  return fold(sum(addresses) + protocol + body.length + sum(body)) === 0xffff ? 'good' : 'bad';
}

/** The ones' complement sum (RFC 1071): 0xffff where a checksum is among the bytes and right. */
export function sum(bytes: Uint8Array): number {
  let total = 0;
  for (let at = 0; at < bytes.length; at += 2) total += (byte(bytes, at) << 8) | byte(bytes, at + 1);
  return fold(total);
}

function fold(total: number): number {
  let rest = total;
  while (rest > 0xffff) rest = (rest & 0xffff) + (rest >>> 16);
  return rest;
}

export function headerLength(packet: Uint8Array): number {
  return (byte(packet, 0) & 15) * 4;
}

export function byte(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

export function word(bytes: Uint8Array, at: number): number {
  return (byte(bytes, at) << 8) | byte(bytes, at + 1);
}

export function long(bytes: Uint8Array, at: number): number {
  return word(bytes, at) * 65_536 + word(bytes, at + 2);
}

export function dotted(bytes: Uint8Array, at: number): string {
  return [...bytes.subarray(at, at + 4)].join('.');
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
