import type { Setup } from '../bench.ts';
import { type Case, SILENT_ENDS } from '../case.ts';
import { answerTo, echo, pieces, text, udp } from '../packets.ts';

/** A datagram that may be cut; its data, UDP header included, has 1,000 bytes. */
function datagram(choice: Parameters<typeof udp>[0] = {}): Uint8Array {
  return udp({ payload: text(992), dontFragment: false, identification: 21, ...choice });
}

type Stretches = readonly (readonly [number, number])[];

/** What of a datagram is sent from the client, in order. */
function sent(name: string, stretches: Stretches, setup: Partial<Setup> = {}): Case {
  return {
    name: `fragments: ${name}`,
    setup: { ...SILENT_ENDS, ...setup },
    run: async (play) => {
      for (const piece of pieces(datagram(), ...stretches)) await play.send('app', piece);
      if (setup.brokenDatagrams === true) await play.watch();
    },
  };
}

const BROKEN = { brokenDatagrams: true };

/** Datagrams in pieces, through the NAT instance and through plain routers. */
export const FRAGMENTS: readonly Case[] = [
  sent('in order', [
    [0, 399],
    [400, 799],
    [800, 999],
  ]),
  sent('the last first', [
    [800, 999],
    [400, 799],
    [0, 399],
  ]),
  sent('shuffled', [
    [400, 799],
    [800, 999],
    [0, 399],
  ]),
  sent('eight bytes first', [
    [0, 7],
    [8, 999],
  ]),
  sent('of eight bytes, a few', [
    [0, 7],
    [8, 15],
    [16, 23],
    [24, 999],
  ]),
  sent('one of them twice', [
    [0, 399],
    [0, 399],
    [400, 999],
  ]),
  sent('one of them again when all is over', [
    [0, 399],
    [400, 999],
  ]),
  sent(
    'cut again on the way',
    [
      [0, 799],
      [800, 999],
    ],
    { mtus: { direct: 500 } },
  ),
  sent(
    'cut again by the NAT instance itself',
    [
      [0, 799],
      [800, 999],
    ],
    { mtus: { nat: 600 } },
  ),
  sent(
    'overlapping by eight bytes',
    [
      [0, 399],
      [392, 999],
    ],
    BROKEN,
  ),
  sent(
    'overlapping, the later one first',
    [
      [392, 999],
      [0, 399],
    ],
    BROKEN,
  ),
  sent(
    'one that lies inside others',
    [
      [0, 399],
      [400, 799],
      [80, 159],
      [800, 999],
    ],
    BROKEN,
  ),
  sent(
    'the last missing',
    [
      [0, 399],
      [400, 799],
    ],
    BROKEN,
  ),
  sent(
    'the first missing',
    [
      [400, 799],
      [800, 999],
    ],
    BROKEN,
  ),
  sent(
    'the middle missing',
    [
      [0, 399],
      [800, 999],
    ],
    BROKEN,
  ),
  {
    name: 'fragments: from the HSM, the last first',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = (await play.send('app', udp())).at('hsm');
      const answer = answerTo(asked, { payload: text(992), dontFragment: false, identification: 22 });
      for (const piece of pieces(answer, [600, 999], [0, 599])) await play.send('hsm', piece);
    },
  },
  {
    name: 'fragments: of an echo',
    setup: { silent: ['app', 'app2'] },
    run: async (play) => {
      const asked = echo({ payload: text(992), dontFragment: false, identification: 23 });
      for (const piece of pieces(asked, [0, 599], [600, 999])) await play.send('app', piece);
    },
  },
  {
    name: 'fragments: two clients, one identification, in turn',
    setup: SILENT_ENDS,
    run: async (play) => {
      const ours = pieces(datagram(), [0, 599], [600, 999]);
      const theirs = pieces(datagram({ source: '10.0.0.8', from: 40_001 }), [0, 599], [600, 999]);
      for (const [index, piece] of ours.entries()) {
        await play.send('app', piece);
        const other = theirs[index];
        if (other !== undefined) await play.send('app2', other);
      }
    },
  },
  {
    name: 'fragments: two datagrams of one client',
    setup: SILENT_ENDS,
    run: async (play) => {
      const [one, other] = [21, 22].map((identification) =>
        pieces(datagram({ identification }), [0, 599], [600, 999]),
      );
      for (const piece of [one?.[0], other?.[1], other?.[0], one?.[1]]) {
        if (piece !== undefined) await play.send('app', piece);
      }
    },
  },
  {
    name: 'fragments: with DF, through a link that is too small for them',
    setup: { ...SILENT_ENDS, mtus: { nat: 1000, direct: 500 } },
    run: async (play) => {
      const packet = datagram({ dontFragment: true });
      for (const piece of pieces(packet, [0, 599], [600, 999])) await play.send('app', piece);
    },
  },
  {
    name: 'fragments: TTL 1, and TTL 2',
    setup: SILENT_ENDS,
    run: async (play) => {
      for (const ttl of [1, 2]) {
        for (const piece of pieces(datagram({ ttl, identification: 30 + ttl }), [0, 599], [600, 999])) {
          await play.send('app', piece);
        }
      }
    },
  },
  {
    name: 'fragments: for a closed port',
    setup: { silent: ['app', 'app2'] },
    run: async (play) => {
      for (const piece of pieces(datagram({ to: 9 }), [0, 599], [600, 999])) await play.send('app', piece);
    },
  },
];
