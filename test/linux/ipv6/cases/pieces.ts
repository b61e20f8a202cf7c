import { type Case, SILENT_CLIENTS, SILENT_ENDS } from '../../case.ts';
import { text } from '../../packets.ts';
import { answerTo6, echo6, extended6, pieces6, udp6 } from '../packets.ts';
import { ADDRESS6 } from '../topology.ts';

const WHOLE = udp6({ payload: text(1192) });
const HALVES = [
  [0, 599],
  [600, 1199],
] as const;
const THIRDS = [
  [0, 399],
  [400, 799],
  [800, 1199],
] as const;

function sent(name: string, parts: readonly Uint8Array[], waits = false): Case {
  return {
    name,
    setup: waits ? { ...SILENT_ENDS, brokenDatagrams: true } : SILENT_ENDS,
    run: async (play) => {
      for (const part of parts) await play.send('app', part);
      if (waits) await play.watch();
    },
  };
}

function order(identification: number, ...indexes: readonly number[]): readonly Uint8Array[] {
  const parts = pieces6(WHOLE, identification, ...THIRDS);
  return indexes.flatMap((index) => parts[index] ?? []);
}

/** Datagrams that their sender has cut, and extension headers. */
export const PIECES6: readonly Case[] = [
  sent('IPv6: two pieces', pieces6(WHOLE, 100, ...HALVES)),
  sent('IPv6: three pieces, the other way round', order(101, 2, 1, 0)),
  sent('IPv6: three pieces, one of them twice', order(102, 0, 1, 1, 2)),
  sent('IPv6: pieces that overlap', pieces6(WHOLE, 103, [0, 607], [600, 1199]), true),
  sent('IPv6: the last piece is missing', pieces6(WHOLE, 104, [0, 599]), true),
  sent('IPv6: the first piece is missing', pieces6(WHOLE, 105, [600, 1199]), true),
  sent('IPv6: a datagram that is whole behind a fragment header', pieces6(WHOLE, 106, [0, 1199])),
  {
    name: 'IPv6: an answer in pieces',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = (await play.send('app', udp6())).at('hsm');
      const whole = answerTo6(asked, { payload: text(1192) });
      for (const part of pieces6(whole, 107, ...HALVES)) await play.send('hsm', part);
    },
  },
  {
    name: 'IPv6: an echo in pieces is answered',
    setup: SILENT_CLIENTS,
    run: async (play) => {
      for (const part of pieces6(echo6({ payload: text(1192) }), 108, ...HALVES))
        await play.send('app', part);
    },
  },
  sent('IPv6: options for every hop, padding alone', [extended6(udp6(), 0, [1, 4, 0, 0, 0, 0])]),
  sent('IPv6: options for the target, padding alone', [extended6(udp6(), 60, [1, 4, 0, 0, 0, 0])]),
  sent('IPv6: two extension headers', [
    extended6(extended6(udp6(), 60, [1, 4, 0, 0, 0, 0]), 0, [1, 4, 0, 0, 0, 0]),
  ]),
  ...Object.entries({
    'to be skipped': 0x1e,
    'to be dropped': 0x5e,
    'to be dropped and reported': 0x9e,
    'to be dropped, and reported if the target is one machine': 0xde,
  }).flatMap(([what, option]) =>
    Object.entries({ 'every hop': 0, 'the target': 60 }).map(([whom, number]) =>
      sent(`IPv6: an option for ${whom} that nobody knows, ${what}`, [
        extended6(udp6(), number, [option, 4, 0, 0, 0, 0]),
        extended6(udp6({ ttl: 2, from: 41_000 }), number, [option, 4, 0, 0, 0, 0]),
      ]),
    ),
  ),
  sent('IPv6: a routing header of a type that is no longer used', [
    extended6(udp6(), 43, [0, 0, 0, 0, 0, 0]),
    extended6(udp6(), 43, [0, 1, 0, 0, 0, 0, ...new Uint8Array(16)]),
  ]),
  sent('IPv6: pieces that no datagram has', [
    ...pieces6(WHOLE, 109, [0, 596]),
    ...pieces6(WHOLE, 110, [0, 595], [600, 1199]),
  ]),
];

/** Who has an address, and is anybody there. */
export const NEIGHBOURS6: readonly Case[] = [
  {
    name: 'IPv6: nobody knows anybody, and nothing is lost',
    setup: { ...SILENT_CLIENTS, coldCaches: true },
    run: async (play) => {
      await play.send('app', echo6(), 'stack');
      await play.send('app', echo6(), 'stack');
    },
  },
  {
    name: 'IPv6: the HSM is not there',
    setup: { ...SILENT_CLIENTS, absentHsm: true },
    run: async (play) => {
      await play.send('app', udp6());
      await play.send('app', echo6());
    },
  },
  {
    name: 'IPv6: who has an address of the NAT instance',
    setup: SILENT_ENDS,
    arp: ['app'],
    run: async (play) => {
      await play.arp('app', { operation: 'request', sender: ADDRESS6.app, target: ADDRESS6.outer });
      await play.arp('app', {
        operation: 'request',
        sender: ADDRESS6.app,
        target: ADDRESS6.outer,
        hops: 254,
      });
    },
  },
  {
    name: 'IPv6: who has an address of the DX router',
    setup: SILENT_ENDS,
    arp: ['dx-rack'],
    run: async (play) => {
      await play.arp('hsm', { operation: 'request', sender: ADDRESS6.hsm, target: ADDRESS6.rack });
      await play.arp('hsm', { operation: 'request', sender: ADDRESS6.hsm, target: ADDRESS6.rack, hops: 254 });
      await play.arp('hsm', { operation: 'request', sender: ADDRESS6.hsm, target: ADDRESS6.dxOverlay });
      await play.arp('hsm', { operation: 'request', sender: ADDRESS6.hsm, target: 'fd00:10:10::99' });
      await play.arp('hsm', { operation: 'request', sender: '::', target: ADDRESS6.rack });
      await play.arp('hsm', { operation: 'request', sender: ADDRESS6.hsm, target: 'ff02::1' });
      await play.arp('hsm', { operation: 'request', sender: 'fd00:77::1', target: ADDRESS6.rack });
    },
  },
  {
    name: 'IPv6: the HSM says unasked where it is',
    setup: SILENT_ENDS,
    run: async (play) => {
      await play.send('app', udp6());
      await play.arp('hsm', { operation: 'reply', sender: ADDRESS6.hsm, target: ADDRESS6.rack });
      await play.send('app', udp6({ from: 40_001 }));
    },
  },
  {
    name: 'IPv6: an advertisement that replaces nothing',
    setup: SILENT_ENDS,
    run: async (play) => {
      await play.send('app', udp6());
      await play.arp('hsm', { ...FROM_STRANGER, keeps: true });
      await play.send('app', udp6({ from: 40_001 }));
    },
  },
  {
    name: 'IPv6: an advertisement from beyond the link',
    setup: SILENT_ENDS,
    run: async (play) => {
      await play.send('app', udp6());
      await play.arp('hsm', { ...FROM_STRANGER, hops: 254 });
      await play.send('app', udp6({ from: 40_001 }));
    },
  },
  {
    name: 'IPv6: an advertisement replaces the HSM by a stranger, and the HSM comes back',
    setup: SILENT_ENDS,
    run: async (play) => {
      await play.send('app', udp6());
      await play.arp('hsm', FROM_STRANGER);
      await play.send('app', udp6({ from: 40_001 }));
      await play.arp('hsm', { operation: 'reply', sender: ADDRESS6.hsm, target: ADDRESS6.rack });
      await play.send('app', udp6({ from: 40_002 }));
    },
  },
  {
    name: 'IPv6: an advertisement of an address that nobody has asked for',
    setup: SILENT_ENDS,
    arp: ['dx-rack'],
    run: async (play) => {
      await play.arp('hsm', { operation: 'reply', sender: 'fd00:10:10::77', target: ADDRESS6.rack });
    },
  },
];

/** The HSM says of its own address that somebody else has it. */
const FROM_STRANGER = {
  operation: 'reply',
  sender: ADDRESS6.hsm,
  target: ADDRESS6.rack,
  mac: '02:00:00:00:09:99',
} as const;
