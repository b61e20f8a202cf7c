import { TCP } from '../../../../src/packet/index.ts';
import { type Case, type Play, SILENT_CLIENTS, SILENT_ENDS } from '../../case.ts';
import { damaged, text } from '../../packets.ts';
import { answerTo6, echo6, sized6, tcp6, udp6, unknownProtocol6 } from '../packets.ts';
import { ADDRESS6 } from '../topology.ts';

const { syn, ack, fin, rst, psh } = TCP;
const BACK = { source: ADDRESS6.hsm, target: ADDRESS6.inward } as const;
const REQUESTS = {
  UDP: (ttl: number) => udp6({ ttl }),
  TCP: (ttl: number) => tcp6(syn, { ttl }),
  echo: (ttl: number) => echo6({ ttl }),
} as const;

/** Where the checksums stand in a packet without extension headers. */
const CHECKSUM = { udp: 46, tcp: 56, icmp: 42 } as const;

async function open(play: Play): Promise<Uint8Array> {
  const asked = (await play.send('app', tcp6(syn))).at('hsm');
  await play.send('hsm', answerTo6(asked));
  await play.send('app', tcp6(ack, { sequence: 1001, acknowledgement: 5001 }));
  return asked;
}

function both(name: string, request: Uint8Array): Case {
  return {
    name,
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = await play.send('app', request);
      await play.send('hsm', answerTo6(asked.at('hsm')));
    },
  };
}

/** What honest users do, and what comes back where nobody listens. */
export const ROUND_TRIPS6: readonly Case[] = [
  both('IPv6: UDP there and back', udp6()),
  both('IPv6: UDP with an even number of bytes', udp6({ payload: text(32) })),
  both('IPv6: an empty datagram', udp6({ payload: new Uint8Array(0) })),
  both('IPv6: echo there and back', echo6()),
  both('IPv6: as much as a link carries', sized6(1500)),
  {
    name: 'IPv6: TCP opened, data both ways, closed both ways',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = await open(play);
      const there = { sequence: 1001, acknowledgement: 5001 };
      await play.send('app', tcp6(psh | ack, { ...there, payload: text(5) }));
      await play.send('hsm', answerTo6(asked, { flags: psh | ack, sequence: 5001, payload: text(6) }));
      await play.send('app', tcp6(fin | ack, { ...there, sequence: 1006, acknowledgement: 5007 }));
      await play.send('hsm', answerTo6(asked, { flags: fin | ack, sequence: 5007 }));
      await play.send('app', tcp6(ack, { ...there, sequence: 1007, acknowledgement: 5008 }));
    },
  },
  {
    name: 'IPv6: TCP reset by either end',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = await open(play);
      await play.send('hsm', answerTo6(asked, { flags: rst | ack, sequence: 5001 }));
      await play.send('app', tcp6(rst, { sequence: 1001 }));
    },
  },
  {
    name: 'IPv6: closed ports, and an echo, by the stack of the HSM',
    setup: SILENT_CLIENTS,
    run: async (play) => {
      await play.send('app', udp6({ to: 9 }));
      await play.send('app', tcp6(syn, { to: 9 }));
      await play.send('app', echo6());
      await play.send('app', echo6({ identifier: 0, payload: new Uint8Array(0) }));
    },
  },
  ...Object.entries(REQUESTS).map(
    ([what, request]): Case => ({
      name: `IPv6: ${what} with a hop limit of 1 to 8`,
      setup: SILENT_ENDS,
      run: async (play) => {
        for (const ttl of [1, 2, 3, 4, 5, 8]) await play.send('app', request(ttl));
      },
    }),
  ),
  {
    name: 'IPv6: answers with a hop limit of 1 to 4',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = (await play.send('app', udp6())).at('hsm');
      for (const ttl of [1, 2, 3, 4]) await play.send('hsm', answerTo6(asked, { ttl }));
    },
  },
  {
    name: 'IPv6: what nobody asked for, from the HSM',
    setup: SILENT_ENDS,
    run: async (play) => {
      await play.send('hsm', udp6(BACK));
      await play.send('hsm', tcp6(syn, BACK));
      await play.send('hsm', echo6(BACK));
      await play.send('hsm', echo6({ ...BACK, direction: 'reply' }));
      await play.send('hsm', udp6({ ...BACK, ttl: 3 }));
    },
  },
  {
    name: 'IPv6: what the client must not see',
    setup: SILENT_ENDS,
    run: async (play) => {
      for (const target of [ADDRESS6.hsm, ADDRESS6.inward, ADDRESS6.overlay, ADDRESS6.rack]) {
        await play.send('app', udp6({ target }));
        await play.send('app', echo6({ target }));
      }
      await play.send('app', udp6({ target: ADDRESS6.hsm, ttl: 1 }));
    },
  },
  {
    name: 'IPv6: two clients on one port',
    setup: SILENT_ENDS,
    run: async (play) => {
      const one = (await play.send('app', udp6())).at('hsm');
      const other = (await play.send('app2', udp6({ source: ADDRESS6.app2 }))).at('hsm');
      await play.send('hsm', answerTo6(one));
      await play.send('hsm', answerTo6(other));
    },
  },
  {
    name: 'IPv6: no port is left for the fifth',
    setup: { ...SILENT_ENDS, fewPorts: true },
    run: async (play) => {
      for (const from of [40_001, 40_002, 40_003, 40_004, 40_005]) await play.send('app', udp6({ from }));
    },
  },
  {
    name: 'IPv6: segments without a connection',
    setup: SILENT_ENDS,
    run: async (play) => {
      for (const flags of [ack, psh | ack, rst, fin | ack, syn | ack, syn | fin, 0]) {
        await play.send('app', tcp6(flags, { from: 41_000 + flags }));
      }
    },
  },
  {
    name: 'IPv6: protocols without ports',
    setup: SILENT_CLIENTS,
    run: async (play) => {
      await play.send('app', unknownProtocol6(253));
      await play.send('app', unknownProtocol6(50));
    },
  },
  {
    name: 'IPv6: traffic class is kept',
    setup: SILENT_ENDS,
    run: async (play) => {
      for (const [dscp, ecn] of [
        [46, 0],
        [63, 3],
        [0, 2],
      ] as const) {
        const asked = await play.send('app', udp6({ dscp, ecn }));
        await play.send('hsm', answerTo6(asked.at('hsm'), { dscp, ecn }));
      }
    },
  },
  {
    name: 'IPv6: wrong checksums open nothing',
    setup: SILENT_ENDS,
    run: async (play) => {
      await play.send('app', damaged(udp6(), CHECKSUM.udp));
      await play.send('app', damaged(tcp6(syn), CHECKSUM.tcp));
      await play.send('app', damaged(echo6(), CHECKSUM.icmp));
    },
  },
  {
    name: 'IPv6: a UDP checksum of zero opens nothing',
    setup: SILENT_CLIENTS,
    run: async (play) => {
      const packet = udp6();
      packet.fill(0, CHECKSUM.udp, CHECKSUM.udp + 2);
      await play.send('app', packet);
    },
  },
  {
    name: 'IPv6: a late answer, and the client again',
    setup: { ...SILENT_ENDS, shortTimers: true },
    run: async (play) => {
      const asked = (await play.send('app', udp6())).at('hsm');
      await play.expire();
      await play.send('hsm', answerTo6(asked));
      await play.send('app', udp6());
    },
  },
  {
    name: 'IPv6: routers answer for themselves',
    setup: SILENT_CLIENTS,
    run: async (play) => {
      for (const target of [ADDRESS6.rack, ADDRESS6.overlay]) {
        await play.send('hsm', echo6({ source: ADDRESS6.hsm, target }));
        await play.send('hsm', echo6({ source: ADDRESS6.hsm, target, ttl: 1 }));
        await play.send('hsm', udp6({ source: ADDRESS6.hsm, target }));
        await play.send('hsm', tcp6(syn, { source: ADDRESS6.hsm, target }));
        await play.send('hsm', unknownProtocol6(253, { source: ADDRESS6.hsm, target }));
      }
    },
  },
  {
    name: 'IPv6: no route',
    setup: SILENT_ENDS,
    run: async (play) => {
      await play.send('hsm', udp6({ source: ADDRESS6.hsm, target: 'fd00:99::1' }));
      await play.send('hsm', echo6({ source: ADDRESS6.hsm, target: 'fd00:99::1' }));
      await play.send('hsm', udp6({ source: ADDRESS6.hsm, target: 'fd00:99::1', ttl: 1 }));
    },
  },
  {
    name: 'IPv6: addresses that nobody can have',
    setup: SILENT_ENDS,
    run: async (play) => {
      for (const source of ['::1', '::', 'ff02::1', ADDRESS6.rack]) {
        await play.send('hsm', udp6({ ...BACK, source }));
      }
      for (const target of ['::1', '::', 'ff02::1', 'ff0e::1']) {
        await play.send('hsm', udp6({ source: ADDRESS6.hsm, target }));
      }
    },
  },
];
