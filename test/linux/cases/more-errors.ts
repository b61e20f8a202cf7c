import { encodePacket, type Ipv4Packet, recomputeChecksums, TCP } from '../../../src/packet/index.ts';
import { type Case, SILENT_CLIENTS, SILENT_ENDS } from '../case.ts';
import { answerTo, decoded, echo, errorAbout, tcp, udp } from '../packets.ts';
import { ADDRESS } from '../topology.ts';

const BACK = { source: ADDRESS.hsm, target: ADDRESS.inward } as const;
const REQUESTS = { UDP: udp(), TCP: tcp(TCP.syn), echo: echo() } as const;

/** An error with something changed in the packet that it quotes. */
function quoting(offending: Uint8Array, change: (packet: Ipv4Packet) => Ipv4Packet): Uint8Array {
  const before = decoded(offending);
  const after = recomputeChecksums(change(before));
  const error = decoded(errorAbout(encodePacket(after), 3, 3));
  return encodePacket(recomputeChecksums({ ...error, source: before.target, target: before.source }));
}

function codes(what: keyof typeof REQUESTS, type: number, list: readonly number[]): Case {
  return {
    name: `errors ${type}/${list[0]} to ${type}/${list.at(-1)} about ${what}`,
    setup: SILENT_ENDS,
    run: async (play) => {
      const offending = (await play.send('app', REQUESTS[what])).at('hsm');
      for (const code of list) await play.send('hsm', errorAbout(offending, type, code));
    },
  };
}

const UNREACHABLE = Array.from({ length: 17 }, (_, code) => code);

export const MORE_ERRORS: readonly Case[] = [
  ...(['UDP', 'TCP', 'echo'] as const).flatMap((what) => [
    codes(what, 3, UNREACHABLE),
    codes(what, 5, [0, 1, 2, 3]),
    codes(what, 12, [0, 1, 2]),
  ]),
  ...(['UDP', 'TCP', 'echo'] as const).map(
    (what): Case => ({
      name: `errors of every type about an answer by ${what}, from the client`,
      setup: SILENT_ENDS,
      run: async (play) => {
        const asked = (await play.send('app', REQUESTS[what])).at('hsm');
        const answered = (await play.send('hsm', answerTo(asked))).at('app');
        for (const [type, code] of [
          [3, 0],
          [3, 1],
          [3, 13],
          [4, 0],
          [5, 1],
          [11, 0],
          [12, 0],
        ] as const) {
          await play.send('app', errorAbout(answered, type, code));
        }
      },
    }),
  ),
  {
    name: 'an error from another machine of the customer about an answer',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = (await play.send('app', udp())).at('hsm');
      const answered = (await play.send('hsm', answerTo(asked))).at('app');
      await play.send('app2', errorAbout(answered, 3, 3, { source: ADDRESS.app2 }));
    },
  },
  {
    name: 'an error about a long packet',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = (await play.send('app', udp({ payload: new Uint8Array(1400).fill(7) }))).at('hsm');
      await play.send('hsm', errorAbout(asked, 3, 3));
      await play.send('hsm', errorAbout(asked, 3, 4, { parameter: 1400 }));
    },
  },
  {
    name: 'errors about long packets whose TTL runs out',
    setup: SILENT_ENDS,
    run: async (play) => {
      for (const size of [519, 520, 521, 1472]) {
        await play.send('app', udp({ payload: new Uint8Array(size).fill(1), ttl: 2 }));
      }
    },
  },
  {
    name: 'errors that quote what nobody sent',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = (await play.send('app', udp())).at('hsm');
      const other = (change: Partial<Ipv4Packet>) => (packet: Ipv4Packet) => ({ ...packet, ...change });
      await play.send('hsm', quoting(asked, other({ target: decoded(udp({ target: '10.10.0.9' })).target })));
      await play.send(
        'hsm',
        quoting(asked, (packet) => ({ ...packet, body: decoded(udp({ to: 9 })).body })),
      );
      await play.send(
        'hsm',
        quoting(asked, (packet) => ({ ...packet, body: decoded(udp({ from: 9 })).body })),
      );
      await play.send(
        'hsm',
        quoting(asked, (packet) => ({ ...packet, ttl: 9 })),
      );
    },
  },
  {
    name: 'errors that quote a later fragment',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = (await play.send('app', udp())).at('hsm');
      const piece = (packet: Ipv4Packet): Ipv4Packet => ({
        ...packet,
        kept: { ...packet.kept, fragmentOffset: 1480, dontFragment: false },
        body: { kind: 'opaque-body', payload: new Uint8Array(16) },
      });
      await play.send('hsm', quoting(asked, piece));
    },
  },
  {
    name: 'an error on its last hop, from the rack and from the client',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = (await play.send('app', udp())).at('hsm');
      const answered = (await play.send('hsm', answerTo(asked))).at('app');
      const dying = (error: Uint8Array, ttl: number) =>
        encodePacket(recomputeChecksums({ ...decoded(error), ttl }));
      for (const ttl of [1, 2, 3, 4]) {
        await play.send('hsm', dying(errorAbout(asked, 3, 3), ttl));
        await play.send('app', dying(errorAbout(answered, 3, 3), ttl));
      }
    },
  },
  {
    name: 'errors that an echo in both directions draws',
    setup: SILENT_CLIENTS,
    run: async (play) => {
      for (const ttl of [1, 2, 3, 4]) await play.send('app', echo({ ttl, identifier: 100 + ttl }));
      for (const ttl of [1, 2]) await play.send('hsm', echo({ ...BACK, ttl }));
    },
  },
  {
    name: 'many errors at once: six, and then silence',
    setup: { ...SILENT_ENDS, fewErrors: true },
    run: async (play) => {
      for (let count = 0; count < 9; count += 1)
        await play.send('app', udp({ ttl: 1, from: 41_000 + count }));
      for (let count = 0; count < 9; count += 1)
        await play.send('app', udp({ ttl: 2, from: 41_000 + count }));
    },
  },
];

/** Payloads that bring a checksum to zero on its way. */
export const ZERO_CHECKSUMS: readonly Case[] = [
  {
    name: 'a UDP checksum that becomes zero, there and back',
    setup: SILENT_ENDS,
    run: async (play) => {
      const there = zeroed((payload) => udp({ source: ADDRESS.inward, target: ADDRESS.hsm, payload }));
      const asked = await play.send('app', udp({ payload: there }));
      const back = zeroed((payload) =>
        udp({ source: ADDRESS.outer, target: ADDRESS.app, from: 1792, to: 40_000, payload }),
      );
      await play.send('hsm', answerTo(asked.at('hsm'), { payload: back }));
    },
  },
  {
    name: 'an echo whose checksum becomes zero',
    setup: SILENT_CLIENTS,
    run: async (play) => {
      for (const payload of [Uint8Array.of(), Uint8Array.of(0xf7, 0xff), Uint8Array.of(0xf7, 0xab)]) {
        await play.send('app', echo({ payload, identifier: 0 }));
      }
    },
  },
];

/** Two bytes with which a packet has a UDP checksum of all ones. */
function zeroed(make: (payload: Uint8Array) => Uint8Array): Uint8Array {
  for (let word = 0; word < 65_536; word += 1) {
    const payload = Uint8Array.of(word >> 8, word & 255);
    const packet = make(payload);
    if (packet[26] === 0xff && packet[27] === 0xff) return payload;
  }
  throw new Error('some word brings every checksum to zero');
}
