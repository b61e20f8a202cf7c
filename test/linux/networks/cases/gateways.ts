import { TCP } from '../../../../src/packet/index.ts';
import {
  answerTo,
  damaged,
  echo,
  errorAbout,
  otherIcmp,
  pieces,
  tcp,
  text,
  udp,
  unknownProtocol,
  withoutChecksum,
} from '../../packets.ts';
import type { NetworkCase } from '../bench.ts';
import { AT, PUBLIC } from '../topology.ts';
import { each, way } from './firewalls.ts';

const { syn, ack, fin, rst, psh } = TCP;
const OUTWARD = way('plain', 'www');
const INWARD = { source: AT.www, target: PUBLIC.plain } as const;

const REQUESTS = {
  UDP: udp(OUTWARD),
  TCP: tcp(syn, OUTWARD),
  echo: echo(OUTWARD),
} as const;
const CALLS = {
  UDP: udp(INWARD),
  TCP: tcp(syn, INWARD),
  echo: echo(INWARD),
} as const;

const NOTHING = new Uint8Array(0);

const ERRORS = [
  [3, 0],
  [3, 1],
  [3, 2],
  [3, 3],
  [3, 4],
  [3, 13],
  [4, 0],
  [11, 0],
  [11, 1],
  [12, 0],
] as const;

/** One public address for one private one, by a gateway that is a router. */
export const GATEWAYS: readonly NetworkCase[] = [
  ...Object.entries(REQUESTS).flatMap(([what, request]): readonly NetworkCase[] => [
    {
      name: `gateway: ${what} to the Internet and back`,
      silent: 'all',
      run: async (send) => {
        const asked = await send('plain', request);
        await send('www', answerTo(asked.at('www')));
      },
    },
    {
      name: `gateway: errors about ${what} that went out`,
      silent: 'all',
      run: async (send) => {
        const asked = (await send('plain', request)).at('www');
        for (const [type, code] of ERRORS) {
          await send('www', errorAbout(asked, type, code, { parameter: code === 4 ? 1400 : 0 }));
        }
        await send('www', errorAbout(asked, 3, 1, { source: AT.visitor }));
      },
    },
  ]),
  ...Object.entries(CALLS).flatMap(([what, call]): readonly NetworkCase[] => [
    {
      name: `gateway: ${what} from the Internet and back`,
      silent: 'all',
      run: async (send) => {
        const asked = await send('www', call);
        await send('plain', answerTo(asked.at('plain')));
      },
    },
    {
      name: `gateway: errors about ${what} that came in`,
      silent: 'all',
      run: async (send) => {
        const asked = (await send('www', call)).at('plain');
        for (const [type, code] of ERRORS) {
          await send('plain', errorAbout(asked, type, code, { parameter: code === 4 ? 1400 : 0 }));
        }
      },
    },
  ]),
  {
    name: 'gateway: TTL 1 to 4 outward',
    silent: 'all',
    run: async (send) => {
      for (const ttl of [1, 2, 3, 4]) {
        await send('plain', udp({ ...OUTWARD, ttl }));
        await send('plain', echo({ ...OUTWARD, ttl }));
        await send('plain', tcp(syn, { ...OUTWARD, ttl }));
      }
    },
  },
  {
    name: 'gateway: TTL 1 to 4 inward',
    silent: 'all',
    run: async (send) => {
      for (const ttl of [1, 2, 3, 4]) {
        await send('www', udp({ ...INWARD, ttl }));
        await send('www', echo({ ...INWARD, ttl }));
      }
    },
  },
  {
    name: 'gateway: everybody’s own port, whoever else has it',
    silent: 'all',
    run: async (send) => {
      for (const from of [1, 53, 1023, 40_000]) {
        const one = (await send('plain', udp({ ...OUTWARD, from }))).at('www');
        const other = (await send('plain', udp({ ...way('plain', 'visitor'), from }))).at('visitor');
        await send('visitor', answerTo(other));
        await send('www', answerTo(one));
      }
    },
  },
  {
    name: 'gateway: TCP whole, called from the Internet through a firewall',
    silent: 'all',
    run: async (send) => {
      const call = { source: AT.visitor, target: PUBLIC.walled, to: 443 } as const;
      const asked = (await send('visitor', tcp(syn, call))).at('walled');
      await send('walled', answerTo(asked));
      const there = { ...call, sequence: 1001, acknowledgement: 5001 };
      await send('visitor', tcp(ack, there));
      await send('visitor', tcp(psh | ack, { ...there, payload: Uint8Array.of(1, 2) }));
      await send('walled', answerTo(asked, { flags: fin | ack, sequence: 5001 }));
      await send('visitor', tcp(rst, { ...there, sequence: 1003, acknowledgement: 0 }));
      await send('visitor', tcp(syn, { ...call, to: 444 }));
    },
  },
  {
    name: 'gateway: an error about what a firewall let out comes in, and no other',
    silent: 'all',
    run: async (send) => {
      const asked = (await send('walled', tcp(syn, { ...way('walled', 'www'), to: 1500 }))).at('www');
      await send('www', errorAbout(asked, 3, 4, { parameter: 1400 }));
      await send('visitor', errorAbout(asked, 11, 0, { source: AT.visitor }));
      await send('www', errorAbout(tcp(syn, { source: PUBLIC.walled, target: AT.www, to: 1501 }), 3, 3));
    },
  },
  each('gateway: machines without a public address', 'shut', [
    udp(way('shut', 'www')),
    tcp(syn, way('shut', 'www')),
    echo(way('shut', 'www')),
  ]),
  each('gateway: a subnet without a route to it', 'db', [
    tcp(syn, { ...way('db', 'www'), to: 2000 }),
    echo(way('db', 'www')),
  ]),
  each('gateway: addresses that the Internet does not carry', 'plain', [
    udp({ ...OUTWARD, target: '172.16.9.9' }),
    udp({ ...OUTWARD, target: '192.168.7.7' }),
    udp({ ...OUTWARD, target: '10.9.9.9' }),
  ]),
  each('gateway: private addresses called from the Internet', 'www', [
    udp({ ...INWARD, target: AT.plain }),
    udp({ ...INWARD, target: '172.16.0.18' }),
    udp({ ...INWARD, source: AT.plain }),
  ]),
  each('gateway: private addresses of the Internet hosts', 'visitor', [
    udp({ ...INWARD, source: '10.1.2.3' }),
    echo({ ...INWARD, source: '192.168.0.55' }),
  ]),
  each('gateway: DSCP, ECN, DF and the identification are kept', 'plain', [
    udp({ ...OUTWARD, dscp: 46, ecn: 1, dontFragment: false, identification: 0xfffe }),
    udp({ ...OUTWARD, dscp: 10, ecn: 3, dontFragment: true, identification: 7 }),
    tcp(syn, { ...OUTWARD, dscp: 63, ecn: 2 }),
    echo({ ...OUTWARD, dscp: 8 }),
  ]),
  each('gateway: a UDP checksum of zero stays', 'plain', [
    withoutChecksum(udp(OUTWARD)),
    withoutChecksum(udp({ ...OUTWARD, to: 9 })),
  ]),
  each('gateway: options that ask for nothing are kept', 'plain', [
    udp({ ...OUTWARD, ipOptions: Uint8Array.of(1, 1, 1, 0) }),
    udp({ ...OUTWARD, ipOptions: Uint8Array.of(148, 4, 0, 0) }),
  ]),
  {
    name: 'gateway: a datagram in pieces, both ways',
    silent: 'all',
    run: async (send) => {
      const cut = (whole: Uint8Array) => pieces(whole, [0, 599], [600, 1199]);
      const choice = { payload: text(1192), dontFragment: false } as const;
      for (const piece of cut(udp({ ...OUTWARD, ...choice, identification: 70 }))) await send('plain', piece);
      for (const piece of cut(udp({ ...INWARD, ...choice, identification: 71 }))) await send('www', piece);
    },
  },
  {
    name: 'gateway: a datagram in pieces, and whoever puts it together understands it',
    silent: [],
    run: async (send) => {
      const choice = { payload: text(1192), dontFragment: false, to: 9 } as const;
      const [first = NOTHING, last = NOTHING] = pieces(
        udp({ ...OUTWARD, ...choice, identification: 72 }),
        [0, 599],
        [600, 1199],
      );
      await send('plain', first);
      await send('plain', last);
    },
  },
  {
    name: 'gateway: machines of one network call each other’s public address',
    silent: 'all',
    run: async (send) => {
      const asked = await send('plain', tcp(syn, { source: AT.plain, target: PUBLIC.walled, to: 443 }));
      await send('walled', answerTo(asked.at('walled')));
      await send('walled', udp({ source: AT.walled, target: PUBLIC.plain }));
    },
  },
  {
    name: 'gateway: a machine calls its own public address',
    silent: 'all',
    run: async (send) => {
      await send('plain', udp({ source: AT.plain, target: PUBLIC.plain }));
    },
  },
  {
    name: 'gateway: protocols without ports',
    silent: 'all',
    run: async (send) => {
      await send('plain', unknownProtocol(253, OUTWARD));
      await send('www', unknownProtocol(253, INWARD));
      await send('plain', unknownProtocol(50, OUTWARD));
      await send('plain', otherIcmp(13, OUTWARD));
    },
  },
  each(
    'gateway: segments that begin nothing, outward',
    'plain',
    [ack, rst, fin | ack, syn | ack].map((flags) =>
      tcp(flags, { ...OUTWARD, from: 41_000 + flags, acknowledgement: 77 }),
    ),
  ),
  each('gateway: what nobody asked for, inward', 'www', [
    tcp(rst, INWARD),
    echo({ ...INWARD, direction: 'reply' }),
    errorAbout(udp({ source: PUBLIC.plain, target: AT.www, from: 9 }), 3, 3),
    damaged(udp(INWARD), 26),
    damaged(echo(INWARD), 22),
  ]),
  {
    name: 'gateway: machines answer by their own stacks',
    silent: [],
    run: async (send) => {
      await send('plain', udp({ ...OUTWARD, to: 9 }));
      await send('plain', tcp(syn, { ...OUTWARD, to: 9, from: 40_001 }));
      await send('www', echo(INWARD));
      await send('www', tcp(syn, { ...INWARD, to: 9 }));
    },
  },
  each('the Internet’s router answers for itself, and for nobody else', 'www', [
    echo({ source: AT.www, target: '192.0.2.1' }),
    echo({ source: AT.www, target: '192.0.2.1', ttl: 1 }),
    udp({ source: AT.www, target: '192.0.2.1' }),
    tcp(syn, { source: AT.www, target: '192.0.2.1' }),
  ]),
];
