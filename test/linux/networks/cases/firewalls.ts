import { TCP } from '../../../../src/packet/index.ts';
import {
  answerTo,
  damaged,
  echo,
  errorAbout,
  otherIcmp,
  pieces,
  tcp,
  udp,
  unknownProtocol,
} from '../../packets.ts';
import type { NetworkCase } from '../bench.ts';
import { AT, type NetworkMachine } from '../topology.ts';

const { syn, ack, fin, rst, psh } = TCP;

export interface Way {
  readonly source: string;
  readonly target: string;
}

export function way(from: NetworkMachine, to: NetworkMachine): Way {
  return { source: AT[from], target: AT[to] };
}

const INWARD = way('plain', 'walled');
const OUTWARD = way('walled', 'plain');

/** Packets of one machine, each judged by itself. */
export function each(name: string, at: NetworkMachine, packets: readonly Uint8Array[]): NetworkCase {
  return {
    name,
    silent: 'all',
    run: async (send) => {
      for (const packet of packets) await send(at, packet);
    },
  };
}

/** Interfaces that let in and out what a rule allows, and what belongs to it. */
export const FIREWALLS: readonly NetworkCase[] = [
  each(
    'firewall: ports at the edges of ranges, inward',
    'plain',
    [442, 443, 444, 7999, 8000, 8005, 8010, 8011].map((to) => tcp(syn, { ...INWARD, to, from: 40_000 + to })),
  ),
  each(
    'firewall: UDP ports at the edges of a range, inward',
    'plain',
    [5299, 5300, 5310, 5311, 443].map((to) => udp({ ...INWARD, to })),
  ),
  each(
    'firewall: ports at the edges of a range, outward',
    'walled',
    [999, 1000, 2000, 2001].map((to) => tcp(syn, { ...OUTWARD, to, from: 30_000 + to })),
  ),
  each('firewall: who may call depends on who calls', 'shut', [
    tcp(syn, { ...way('shut', 'walled'), to: 8000 }),
    tcp(syn, { ...way('shut', 'walled'), to: 443 }),
    echo(way('shut', 'walled')),
    udp({ ...way('shut', 'walled'), to: 5300 }),
  ]),
  {
    name: 'firewall: UDP is answered, whatever the rules say about the way back',
    silent: 'all',
    run: async (send) => {
      const asked = await send('plain', udp({ ...INWARD, to: 5300 }));
      await send('walled', answerTo(asked.at('walled')));
      await send('plain', udp({ ...INWARD, to: 5300 }));
      await send('walled', udp({ ...OUTWARD, from: 5301, to: 40_000 }));
    },
  },
  {
    name: 'firewall: UDP of a machine that nobody may call is answered, and by nobody else',
    silent: 'all',
    run: async (send) => {
      const asked = (await send('shut', udp(way('shut', 'plain')))).at('plain');
      await send('plain', answerTo(asked));
      await send('plain', udp({ ...way('plain', 'shut'), from: 1793, to: 40_000 }));
      await send('plain', udp({ ...way('plain', 'shut'), from: 1792, to: 40_001 }));
      await send('db', udp({ ...way('db', 'shut'), from: 1792, to: 40_000 }));
      await send('plain', tcp(syn, { ...way('plain', 'shut'), from: 1792, to: 40_000 }));
    },
  },
  {
    name: 'firewall: TCP whole, begun inside',
    silent: 'all',
    run: async (send) => {
      const asked = (await send('walled', tcp(syn, { ...OUTWARD, to: 1500 }))).at('plain');
      await send('plain', answerTo(asked));
      const there = { ...OUTWARD, to: 1500, sequence: 1001, acknowledgement: 5001 };
      await send('walled', tcp(ack, there));
      await send('walled', tcp(psh | ack, { ...there, payload: Uint8Array.of(1, 2, 3) }));
      await send('plain', answerTo(asked, { flags: ack, sequence: 5001 }));
      await send('walled', tcp(fin | ack, { ...there, sequence: 1004 }));
      await send('plain', answerTo(asked, { flags: fin | ack, sequence: 5001 }));
      await send('walled', tcp(ack, { ...there, sequence: 1005, acknowledgement: 5002 }));
    },
  },
  {
    name: 'firewall: TCP whole, begun outside',
    silent: 'all',
    run: async (send) => {
      const asked = (await send('plain', tcp(syn, { ...INWARD, to: 443 }))).at('walled');
      await send('walled', answerTo(asked));
      const there = { ...INWARD, to: 443, sequence: 1001, acknowledgement: 5001 };
      await send('plain', tcp(ack, there));
      await send('walled', answerTo(asked, { flags: psh | ack, sequence: 5001, payload: Uint8Array.of(9) }));
      await send('plain', tcp(rst, { ...there, acknowledgement: 0 }));
    },
  },
  {
    name: 'firewall: TCP of a machine that nobody may call',
    silent: ['shut'],
    run: async (send) => {
      await send('shut', tcp(syn, { ...way('shut', 'plain'), to: 9 }));
      await send('plain', tcp(syn, { ...way('plain', 'shut'), from: 9, to: 40_000 }));
    },
  },
  {
    name: 'firewall: a simultaneous open',
    silent: 'all',
    run: async (send) => {
      await send('shut', tcp(syn, way('shut', 'plain')));
      await send('plain', tcp(syn, { ...way('plain', 'shut'), from: 1792, to: 40_000, sequence: 7000 }));
      const back = { ...way('plain', 'shut'), from: 1792, to: 40_000, sequence: 7000, acknowledgement: 1001 };
      await send('shut', tcp(syn | ack, { ...way('shut', 'plain'), acknowledgement: 7001 }));
      await send('plain', tcp(syn | ack, back));
      await send('plain', tcp(psh | ack, { ...back, sequence: 7001, payload: Uint8Array.of(1) }));
    },
  },
  {
    name: 'firewall: the other side calls back from the port that it was called at',
    silent: 'all',
    run: async (send) => {
      const asked = (await send('walled', tcp(syn, { ...OUTWARD, to: 1500, from: 8005 }))).at('plain');
      await send('plain', answerTo(asked));
      await send(
        'walled',
        tcp(ack, { ...OUTWARD, to: 1500, from: 8005, sequence: 1001, acknowledgement: 5001 }),
      );
      await send('plain', tcp(syn, { ...INWARD, from: 1500, to: 8005, sequence: 9000 }));
      await send('plain', answerTo(asked, { flags: ack, sequence: 5001 }));
    },
  },
  {
    name: 'firewall: a reset, late data, and a new SYN',
    silent: 'all',
    run: async (send) => {
      const call = { ...way('shut', 'plain'), to: 443 };
      const asked = (await send('shut', tcp(syn, call))).at('plain');
      await send('plain', answerTo(asked));
      await send('shut', tcp(ack, { ...call, sequence: 1001, acknowledgement: 5001 }));
      await send('plain', answerTo(asked, { flags: rst | ack, sequence: 5001 }));
      await send('shut', tcp(syn, { ...call, sequence: 90_000 }));
      await send('plain', tcp(syn | ack, { ...turned(call), sequence: 70_000, acknowledgement: 90_001 }));
    },
  },
  {
    name: 'firewall: both have closed, and the same ports again',
    silent: 'all',
    run: async (send) => {
      const call = { ...way('shut', 'plain'), to: 443 };
      const asked = (await send('shut', tcp(syn, call))).at('plain');
      await send('plain', answerTo(asked));
      await send('shut', tcp(ack, { ...call, sequence: 1001, acknowledgement: 5001 }));
      await send('shut', tcp(fin | ack, { ...call, sequence: 1001, acknowledgement: 5001 }));
      await send('plain', tcp(fin | ack, { ...turned(call), sequence: 5001, acknowledgement: 1002 }));
      await send('shut', tcp(ack, { ...call, sequence: 1002, acknowledgement: 5002 }));
      await send('plain', tcp(ack, { ...turned(call), sequence: 5002, acknowledgement: 1002 }));
      await send('shut', tcp(syn, { ...call, sequence: 900_000 }));
      await send('plain', tcp(syn | ack, { ...turned(call), sequence: 70_000, acknowledgement: 900_001 }));
    },
  },
  each(
    'firewall: segments that begin nothing, inward',
    'plain',
    [ack, psh | ack, rst, rst | ack, fin | ack, syn | ack, syn | fin, syn | rst, fin, 0, 0x3f].map((flags) =>
      tcp(flags, { ...INWARD, to: 443, from: 41_000 + flags, acknowledgement: 77 }),
    ),
  ),
  each(
    'firewall: segments that begin nothing, outward',
    'walled',
    [ack, rst, rst | ack, fin | ack, syn | ack, syn | fin, 0].map((flags) =>
      tcp(flags, { ...OUTWARD, to: 1500, from: 41_000 + flags, acknowledgement: 77 }),
    ),
  ),
  {
    name: 'firewall: segments that do not belong to an open connection',
    silent: 'all',
    run: async (send) => {
      const asked = (await send('walled', tcp(syn, { ...OUTWARD, to: 1500 }))).at('plain');
      for (const flags of [ack, rst | ack, fin | ack]) {
        await send('plain', tcp(flags, { ...INWARD, from: 1501, to: 40_000, acknowledgement: 1001 }));
      }
      await send('plain', answerTo(asked));
      await send('walled', tcp(ack, { ...OUTWARD, to: 1500, sequence: 1001, acknowledgement: 5001 }));
      for (const flags of [syn | fin, syn | rst, 0]) {
        await send('plain', answerTo(asked, { flags, sequence: 5001 }));
      }
      await send('plain', answerTo(asked, { flags: ack, sequence: 5001 }));
    },
  },
  {
    name: 'firewall: an echo and its answer, and no other',
    silent: 'all',
    run: async (send) => {
      const asked = (await send('shut', echo(way('shut', 'plain')))).at('plain');
      await send('plain', answerTo(asked));
      await send('plain', echo({ ...way('plain', 'shut'), direction: 'reply', identifier: 78 }));
      await send('plain', echo(way('plain', 'shut')));
    },
  },
  each('firewall: ICMP that nobody asked for, from who may send ICMP', 'plain', [
    echo(INWARD),
    echo({ ...INWARD, direction: 'reply', identifier: 5 }),
    otherIcmp(13, INWARD),
    otherIcmp(42, INWARD),
    errorAbout(udp({ ...OUTWARD, from: 1, to: 2 }), 3, 3),
  ]),
  {
    name: 'firewall: errors about what passed, and about what did not',
    silent: 'all',
    run: async (send) => {
      const asked = (await send('shut', udp(way('shut', 'plain')))).at('plain');
      for (const [type, code] of [
        [3, 0],
        [3, 1],
        [3, 3],
        [3, 4],
        [3, 13],
        [4, 0],
        [11, 0],
        [11, 1],
        [12, 0],
        [5, 1],
      ] as const) {
        await send('plain', errorAbout(asked, type, code, { parameter: code === 4 ? 1400 : 0 }));
      }
      await send('plain', errorAbout(udp({ ...way('shut', 'plain'), from: 9 }), 3, 3));
      await send('plain', errorAbout(asked, 3, 3, { source: AT.db }));
      await send('plain', damaged(errorAbout(asked, 3, 3), 22));
      await send('plain', answerTo(asked));
    },
  },
  {
    name: 'firewall: an error about an answer goes out',
    silent: 'all',
    run: async (send) => {
      const asked = (await send('plain', tcp(syn, { ...INWARD, to: 443 }))).at('walled');
      const answered = (await send('walled', answerTo(asked))).at('plain');
      await send('plain', errorAbout(answered, 3, 3));
      await send('walled', errorAbout(asked, 3, 13));
      await send('walled', errorAbout(tcp(syn, { ...INWARD, to: 444 }), 3, 13));
    },
  },
  {
    name: 'firewall: protocols without ports are remembered by their addresses',
    silent: 'all',
    run: async (send) => {
      await send('plain', unknownProtocol(253, way('plain', 'shut')));
      await send('shut', unknownProtocol(253, way('shut', 'plain')));
      await send('plain', unknownProtocol(253, way('plain', 'shut')));
      await send('plain', unknownProtocol(254, way('plain', 'shut')));
      await send('db', unknownProtocol(253, way('db', 'shut')));
    },
  },
  {
    name: 'firewall: checksums that are wrong',
    silent: 'all',
    run: async (send) => {
      await send('plain', damaged(udp({ ...INWARD, to: 5300 }), 26));
      await send('walled', answerTo(udp({ ...INWARD, to: 5300 })));
      await send('plain', damaged(tcp(syn, { ...INWARD, to: 443 }), 36));
      await send('plain', damaged(echo(INWARD), 22));
      await send('plain', damaged(udp({ ...INWARD, to: 5300 }), 10));
      await send('plain', udp({ ...INWARD, to: 5300 }));
      await send('plain', damaged(udp({ ...INWARD, to: 5300 }), 10));
    },
  },
  {
    name: 'firewall: a closed port answers',
    silent: ['plain'],
    run: async (send) => {
      await send('plain', tcp(syn, { ...INWARD, to: 443 }));
      await send('plain', udp({ ...INWARD, to: 5300 }));
      await send('plain', echo(INWARD));
    },
  },
  {
    name: 'firewall: a closed port of somebody called from inside answers',
    silent: ['shut'],
    run: async (send) => {
      await send('shut', tcp(syn, { ...way('shut', 'plain'), to: 443 }));
      await send('shut', udp({ ...way('shut', 'plain'), to: 5300 }));
      await send('shut', echo(way('shut', 'plain')));
      await send('shut', unknownProtocol(253, way('shut', 'plain')));
    },
  },
  {
    name: 'firewall: pieces of a datagram, in order and out of order',
    silent: 'all',
    run: async (send) => {
      for (const order of [
        [0, 1],
        [1, 0],
      ] as const) {
        const whole = udp({
          ...INWARD,
          to: 5300,
          payload: new Uint8Array(1000).fill(7),
          dontFragment: false,
          identification: 40 + order[0],
        });
        const parts = cut(whole);
        for (const index of order) await send('plain', parts[index] ?? whole);
      }
      const denied = udp({
        ...INWARD,
        to: 9,
        payload: new Uint8Array(1000).fill(7),
        dontFragment: false,
        identification: 50,
      });
      for (const part of cut(denied)) await send('plain', part);
    },
  },
];

/** From the port that was called to the client's own. */
function turned({ source, target, to }: Way & { readonly to: number }) {
  return { source: target, target: source, from: to, to: 40_000 };
}

function cut(whole: Uint8Array): readonly Uint8Array[] {
  return pieces(whole, [0, 551], [552, 1007]);
}
