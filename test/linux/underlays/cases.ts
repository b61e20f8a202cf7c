import { TCP } from '../../../src/packet/index.ts';
import { echo6 } from '../ipv6/packets.ts';
import { echo, tcp, udp } from '../packets.ts';
import type { UnderlayCase } from './bench.ts';
import { AT, AT6, type Tenant, type UnderlayMachine } from './topology.ts';

/* What tenants send to a neighbour on another server, and what is around it on the way. */

const FORTH = { source: AT.app, target: AT.db };
const BACK = { source: AT.db, target: AT.app };
const FORTH6 = { source: AT6.app, target: AT6.db };

const bytes = (length: number) => Uint8Array.from({ length }, (_, index) => 0x61 + (index % 26));

function sent(name: string, packets: readonly (readonly [UnderlayMachine, Uint8Array])[]): UnderlayCase {
  return {
    name: `underlay: ${name}`,
    async run(send) {
      for (const [at, packet] of packets) await send(at, packet);
    },
  };
}

const fromAcme = (...packets: readonly Uint8Array[]) =>
  packets.map((packet) => ['acme-app', packet] as const);
// what is an answer to nothing draws none: rules that make a machine deaf are for IPv4
const fromSix = (...packets: readonly Uint8Array[]) => packets.map((packet) => ['six-app', packet] as const);

const BOTH: readonly Tenant[] = ['acme', 'globex'];

export const UNDERLAY_CASES: readonly UnderlayCase[] = [
  sent('a datagram', fromAcme(udp(FORTH))),
  sent(
    'a segment of TCP',
    fromAcme(tcp(TCP.syn, FORTH), tcp(TCP.ack | TCP.psh, { ...FORTH, payload: bytes(700) })),
  ),
  sent('an echo request and its answer', [
    ['acme-app', echo(FORTH)],
    ['acme-db', echo({ ...BACK, direction: 'reply' })],
  ]),
  sent(
    'two tenants with equal addresses say the same',
    BOTH.map((tenant) => [`${tenant}-app`, udp(FORTH)] as const),
  ),
  sent(
    'two tenants with equal addresses, in turn and both ways',
    [1, 2].flatMap((from) =>
      BOTH.flatMap((tenant) => [
        [`${tenant}-app`, udp({ ...FORTH, from })] as const,
        [`${tenant}-db`, udp({ ...BACK, to: from })] as const,
      ]),
    ),
  ),
  sent(
    'ECN goes outside, DSCP does not',
    fromAcme(...[0, 1, 2].map((ecn) => udp({ ...FORTH, dscp: 46, ecn }))),
  ),
  sent('congestion that a tenant has met already', fromAcme(udp({ ...FORTH, ecn: 3 }))),
  sent('a neighbour is no hop', fromAcme(...[1, 2, 255].map((ttl) => udp({ ...FORTH, ttl })))),
  sent(
    'whether a tenant lets its packet be cut is nobody else’s business',
    fromAcme(
      udp({ ...FORTH, dontFragment: true }),
      udp({ ...FORTH, dontFragment: false, identification: 4711 }),
    ),
  ),
  sent(
    '1500 bytes, and the least',
    fromAcme(udp({ ...FORTH, payload: bytes(1472) }), udp({ ...FORTH, payload: bytes(0) })),
  ),
  sent(
    'every length around a word',
    fromAcme(...[1, 2, 3, 4, 5].map((length) => udp({ ...FORTH, payload: bytes(length) }))),
  ),
  sent(
    'a checksum that is wrong inside',
    fromAcme(damaged(udp(FORTH), 26), damaged(tcp(TCP.syn, FORTH), 36)),
  ),
  sent('a header that is wrong inside', fromAcme(damaged(udp(FORTH), 10))),
  sent('options inside', fromAcme(udp({ ...FORTH, ipOptions: Uint8Array.of(1, 1, 1, 0) }))),
  sent('IPv6 inside', fromSix(echo6({ ...FORTH6, direction: 'reply' }))),
  sent(
    'IPv6 inside, with ECN and hop limits',
    fromSix(...[0, 1, 2].map((ecn) => echo6({ ...FORTH6, direction: 'reply', dscp: 46, ecn, ttl: 1 + ecn }))),
  ),
  sent('IPv6 inside, 1500 bytes', fromSix(echo6({ ...FORTH6, direction: 'reply', payload: bytes(1452) }))),
];

/** One bit of one byte is another. */
function damaged(packet: Uint8Array, at: number): Uint8Array {
  const copy = packet.slice();
  copy[at] = (copy[at] ?? 0) ^ 0x10;
  return copy;
}
