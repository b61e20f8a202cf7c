/**
 * A frame as a flat list of fields, read here and nowhere else: neither side is judged by the simulator's own codec.
 *
 * Link addresses and VLAN tags are left out. Checksums appear as `good`, `bad` or `none`; inside a quote as they
 * stand, because there they must be what the sender wrote.
 */
export type Fields = Readonly<Record<string, string | number>>;

const ARP = 0x0806;
const IPV4 = 0x0800;
const VLAN = 0x8100;
const ERROR_TYPES: ReadonlySet<number> = new Set([3, 4, 5, 11, 12]);

/** `null` for a frame that is neither IPv4 nor ARP. */
export function readFrame(frame: Uint8Array): Fields | null {
  const tagged = word(frame, 12) === VLAN ? 4 : 0;
  const body = frame.subarray(14 + tagged);
  switch (word(frame, 12 + tagged)) {
    case IPV4:
      return readPacket(body);
    case ARP:
      return {
        kind: 'arp',
        operation: word(body, 6),
        sender: dotted(body, 14),
        target: dotted(body, 24),
      };
    default:
      return null;
  }
}

/** An IPv4 packet without its link header. */
export function readPacket(packet: Uint8Array): Fields {
  const length = word(packet, 2);
  const whole = packet.subarray(0, length);
  const header = headerLength(whole);
  const piece = word(whole, 6) & 0x1fff;
  return {
    kind: 'ipv4',
    ...readHeader(whole),
    'header checksum': sum(whole.subarray(0, header)) === 0xffff ? 'good' : 'bad',
    ...(piece === 0 ? readBody(whole, header) : { data: hex(whole.subarray(header)) }),
  };
}

function readHeader(packet: Uint8Array): Fields {
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

function readBody(packet: Uint8Array, start: number): Fields {
  const body = packet.subarray(start);
  switch (byte(packet, 9)) {
    case 17:
      return {
        'source port': word(body, 0),
        'target port': word(body, 2),
        'udp length': word(body, 4),
        'udp checksum': word(body, 6) === 0 ? 'none' : verdict(packet, body),
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
        'tcp checksum': verdict(packet, body),
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

function verdict(packet: Uint8Array, body: Uint8Array): string {
  const pseudo = new Uint8Array(12);
  pseudo.set(packet.subarray(12, 20));
  pseudo[9] = byte(packet, 9);
  new DataView(pseudo.buffer).setUint16(10, body.length);
  return fold(sum(pseudo) + sum(body)) === 0xffff ? 'good' : 'bad';
}

/** The ones' complement sum (RFC 1071): 0xffff where a checksum is among the bytes and right. */
function sum(bytes: Uint8Array): number {
  let total = 0;
  for (let at = 0; at < bytes.length; at += 2) total += (byte(bytes, at) << 8) | byte(bytes, at + 1);
  return fold(total);
}

function fold(total: number): number {
  let rest = total;
  while (rest > 0xffff) rest = (rest & 0xffff) + (rest >>> 16);
  return rest;
}

function headerLength(packet: Uint8Array): number {
  return (byte(packet, 0) & 15) * 4;
}

function byte(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

function word(bytes: Uint8Array, at: number): number {
  return (byte(bytes, at) << 8) | byte(bytes, at + 1);
}

function long(bytes: Uint8Array, at: number): number {
  return word(bytes, at) * 65_536 + word(bytes, at + 2);
}

function dotted(bytes: Uint8Array, at: number): string {
  return [...bytes.subarray(at, at + 4)].join('.');
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
