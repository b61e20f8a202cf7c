import { TCP } from '../../../src/packet/index.ts';
import { type Case, SILENT_CLIENTS, SILENT_ENDS } from '../case.ts';
import { answerTo, echo, otherIcmp, tcp, udp, unknownProtocol } from '../packets.ts';
import { ADDRESS } from '../topology.ts';

const BACK = { source: ADDRESS.hsm, target: ADDRESS.inward } as const;

function each(
  name: string,
  values: readonly string[],
  packet: (value: string) => Uint8Array,
  drawsErrors = false,
): Case {
  return {
    name,
    setup: SILENT_ENDS,
    run: async (play) => {
      for (const value of values) {
        if (drawsErrors) await play.rest();
        await play.send('hsm', packet(value));
      }
    },
  };
}

/** Addresses that no router forwards, or to which nobody has a way. */
export const ADDRESSES: readonly Case[] = [
  each('own addresses of the routers as source, from the rack', [ADDRESS.rack, ADDRESS.dxOverlay], (source) =>
    udp({ ...BACK, source }),
  ),
  each(
    'addresses of the routers behind as source, from the rack',
    [ADDRESS.overlay, ADDRESS.overlayDx, ADDRESS.inward],
    (source) => udp({ ...BACK, source }),
  ),
  each(
    'sources at the edges of what nobody can have',
    [
      '1.0.0.0',
      '126.255.255.255',
      '127.255.255.255',
      '223.255.255.255',
      '239.255.255.255',
      '255.255.255.254',
    ],
    (source) => udp({ ...BACK, source }),
  ),
  each(
    'targets at the edges of what no router forwards',
    [
      '1.0.0.0',
      '126.255.255.255',
      '127.255.255.255',
      '223.255.255.255',
      '239.255.255.255',
      '255.255.255.254',
    ],
    (target) => udp({ source: ADDRESS.hsm, target }),
    true,
  ),
  each('a source in the block of nobody', ['0.255.255.255'], (source) => udp({ ...BACK, source })),
  each(
    'a target in the block of nobody',
    ['0.255.255.255'],
    (target) => udp({ source: ADDRESS.hsm, target }),
    true,
  ),
  each(
    'broadcast addresses of the links, from the rack',
    ['10.10.0.255', '192.168.0.255', '169.254.100.3'],
    (target) => udp({ source: ADDRESS.hsm, target }),
  ),
  each(
    'an echo to broadcast addresses, from the rack',
    ['10.10.0.255', '192.168.0.255', '255.255.255.255', '224.0.0.1'],
    (target) => echo({ source: ADDRESS.hsm, target }),
  ),
  each('martian sources with a target that has no route', ['127.0.0.1', '0.0.0.0', '224.0.0.1'], (source) =>
    udp({ source, target: '172.16.0.1' }),
  ),
  {
    name: 'the HSM pings the routers on its way',
    setup: SILENT_CLIENTS,
    run: async (play) => {
      for (const target of [ADDRESS.rack, ADDRESS.dxOverlay, ADDRESS.overlayDx, ADDRESS.overlay]) {
        await play.send('hsm', echo({ source: ADDRESS.hsm, target }));
        await play.send('hsm', echo({ source: ADDRESS.hsm, target, dscp: 10 }));
        await play.send('hsm', echo({ source: ADDRESS.hsm, target, ttl: 1 }));
      }
    },
  },
  {
    name: 'closed ports of the routers',
    setup: SILENT_ENDS,
    run: async (play) => {
      for (const target of [ADDRESS.rack, ADDRESS.overlay]) {
        const ends = { source: ADDRESS.hsm, target } as const;
        await play.send('hsm', udp(ends));
        await play.send('hsm', tcp(TCP.syn, ends));
        await play.send('hsm', tcp(TCP.ack, { ...ends, acknowledgement: 77 }));
        await play.send('hsm', tcp(TCP.fin | TCP.ack, { ...ends, acknowledgement: 78 }));
        await play.send('hsm', tcp(TCP.rst, ends));
        await play.send('hsm', unknownProtocol(253, ends));
        await play.send('hsm', echo({ ...ends, direction: 'reply' }));
      }
    },
  },
  {
    name: 'TTL 1 where there is no route',
    setup: SILENT_ENDS,
    run: async (play) => {
      for (const ttl of [1, 2, 3]) {
        await play.rest();
        await play.send('hsm', udp({ source: ADDRESS.hsm, target: '172.16.0.1', ttl }));
      }
    },
  },
  {
    name: 'TTL 1 from a martian source',
    setup: SILENT_ENDS,
    run: async (play) => {
      await play.send('hsm', udp({ ...BACK, source: '127.0.0.1', ttl: 1 }));
    },
  },
  {
    name: 'no route, for every protocol',
    setup: SILENT_ENDS,
    run: async (play) => {
      const away = { source: ADDRESS.hsm, target: '172.16.0.1' } as const;
      await play.rest();
      await play.send('hsm', unknownProtocol(253, away));
      await play.rest();
      await play.send('hsm', unknownProtocol(50, away));
      await play.rest();
      await play.send('hsm', otherIcmp(13, away));
      await play.rest();
      await play.send('hsm', echo({ ...away, direction: 'reply' }));
      await play.rest();
      await play.send('hsm', tcp(TCP.rst, away));
    },
  },
  {
    name: 'the customer’s network from the rack: no route',
    setup: SILENT_ENDS,
    run: async (play) => {
      await play.rest();
      await play.send('hsm', udp({ source: ADDRESS.hsm, target: '10.0.0.7' }));
      await play.rest();
      await play.send('hsm', udp({ source: ADDRESS.hsm, target: ADDRESS.outer }));
    },
  },
  {
    name: 'the client calls what it must not see',
    setup: SILENT_ENDS,
    run: async (play) => {
      for (const target of [
        ADDRESS.hsm,
        ADDRESS.rack,
        ADDRESS.overlay,
        ADDRESS.overlayDx,
        ADDRESS.dxOverlay,
      ]) {
        await play.send('app', udp({ target }));
        await play.send('app', echo({ target }));
        await play.send('app', tcp(TCP.syn, { target }));
      }
    },
  },
  {
    name: 'hairpin: one client calls the inward address and port of another',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = (await play.send('app', udp())).at('hsm');
      await play.send('app2', udp({ source: ADDRESS.app2, target: ADDRESS.inward, to: 40_000 }));
      await play.send('app2', tcp(TCP.syn, { source: ADDRESS.app2, target: ADDRESS.inward, to: 40_000 }));
      await play.send('app2', echo({ source: ADDRESS.app2, target: ADDRESS.inward }));
      await play.send('app', udp({ target: ADDRESS.inward, from: 40_001, to: 40_000 }));
      await play.send('hsm', answerTo(asked));
    },
  },
  {
    name: 'TTL 1 to what is not translated',
    setup: SILENT_ENDS,
    run: async (play) => {
      await play.send('app', udp({ target: ADDRESS.hsm, ttl: 1 }));
      await play.send('app', unknownProtocol(253, { ttl: 1 }));
      await play.send('app', otherIcmp(42, { ttl: 1 }));
      await play.send('app', tcp(TCP.ack, { ttl: 1 }));
      await play.send('app', echo({ direction: 'reply', ttl: 1 }));
    },
  },
  {
    name: 'TTL 1 opens nothing: the answer of nobody is not let in',
    setup: SILENT_ENDS,
    run: async (play) => {
      for (const request of [udp, echo]) await play.send('app', request({ ttl: 1 }));
      await play.send('hsm', udp({ ...BACK, from: 1792, to: 40_000 }));
      await play.send('hsm', echo({ ...BACK, direction: 'reply' }));
    },
  },
  {
    name: 'TTL 255 and TTL 0',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = await play.send('app', udp({ ttl: 255 }));
      await play.send('hsm', answerTo(asked.at('hsm'), { ttl: 255 }));
      await play.send('app', udp({ ttl: 0 }));
      await play.send('hsm', answerTo(asked.at('hsm'), { ttl: 0 }));
    },
  },
];

/** Questions about link addresses, from the rack. */
export const ARP_QUESTIONS: readonly Case[] = [
  ...[
    ['the gateway', ADDRESS.hsm, ADDRESS.rack],
    ['a probe for the gateway', '0.0.0.0', ADDRESS.rack],
    ['nobody', ADDRESS.hsm, '10.10.0.99'],
    ['another interface of the router', ADDRESS.hsm, ADDRESS.dxOverlay],
    ['a machine behind the router', ADDRESS.hsm, ADDRESS.inward],
    ['itself: a gratuitous request', ADDRESS.hsm, ADDRESS.hsm],
  ].map(
    ([what, sender = '', target = '']): Case => ({
      name: `ARP: the HSM asks for ${what}`,
      setup: SILENT_CLIENTS,
      arp: ['dx-rack', 'hsm'],
      run: async (play) => {
        await play.arp('hsm', { operation: 'request', sender, target });
      },
    }),
  ),
  {
    name: 'ARP: a reply that nobody asked for teaches nothing',
    setup: { ...SILENT_CLIENTS, coldCaches: true },
    arp: ['dx-rack', 'hsm'],
    run: async (play) => {
      await play.arp('hsm', { operation: 'reply', sender: '10.10.0.77', target: ADDRESS.rack });
      await play.send('hsm', udp({ source: ADDRESS.inward, target: '10.10.0.3' }));
    },
  },
  {
    name: 'ARP: a question teaches the router who asks',
    setup: { ...SILENT_CLIENTS, coldCaches: true },
    arp: ['dx-rack', 'hsm'],
    run: async (play) => {
      await play.arp('hsm', { operation: 'request', sender: ADDRESS.hsm, target: ADDRESS.rack });
      await play.send('app', echo(), 'stack');
    },
  },
];
