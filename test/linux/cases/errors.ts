import { TCP } from '../../../src/packet/index.ts';
import { type Case, SILENT_ENDS } from '../case.ts';
import { answerTo, damaged, echo, errorAbout, shortError, tcp, udp } from '../packets.ts';
import { ADDRESS } from '../topology.ts';

/** Type, code, and the second word of the header. */
const ERRORS = [
  [3, 0, 0],
  [3, 1, 0],
  [3, 2, 0],
  [3, 3, 0],
  [3, 4, 1400],
  [3, 9, 0],
  [3, 10, 0],
  [3, 13, 0],
  [3, 16, 0],
  [4, 0, 0],
  [11, 0, 0],
  [11, 1, 0],
  [12, 0, 0x14000000],
] as const;

const REQUESTS = { UDP: udp(), TCP: tcp(TCP.syn), echo: echo() } as const;

/** ICMP errors about packets that were translated: the quote must be what its reader sent. */
export const ERRORS_ABOUT_FLOWS: readonly Case[] = [
  ...Object.entries(REQUESTS).flatMap(([what, request]): readonly Case[] => [
    {
      name: `errors of every type about ${what} from the HSM`,
      setup: SILENT_ENDS,
      run: async (play) => {
        const offending = (await play.send('app', request)).at('hsm');
        for (const [type, code, parameter] of ERRORS) {
          await play.send('hsm', errorAbout(offending, type, code, { parameter }));
        }
        await play.send('hsm', answerTo(offending));
      },
    },
    {
      name: `errors about an answer by ${what} from the client`,
      setup: SILENT_ENDS,
      run: async (play) => {
        const asked = (await play.send('app', request)).at('hsm');
        const answered = (await play.send('hsm', answerTo(asked))).at('app');
        await play.send('app', errorAbout(answered, 3, 3));
        await play.send('app', errorAbout(answered, 3, 4, { parameter: 1400 }));
        await play.send('app', errorAbout(answered, 11, 1));
      },
    },
  ]),
  {
    name: 'errors that quote eight bytes, or fewer',
    setup: SILENT_ENDS,
    run: async (play) => {
      for (const request of [udp(), tcp(TCP.syn), echo()]) {
        const offending = (await play.send('app', request)).at('hsm');
        for (const bytes of [28, 27, 20, 12]) await play.send('hsm', shortError(offending, bytes));
      }
    },
  },
  {
    name: 'an error about a packet that the other end sent itself',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = (await play.send('app', udp())).at('hsm');
      await play.send('hsm', errorAbout(answerTo(asked), 3, 3, { source: ADDRESS.hsm }));
    },
  },
  {
    name: 'an error from somebody else behind the NAT',
    setup: SILENT_ENDS,
    run: async (play) => {
      const offending = (await play.send('app', udp())).at('hsm');
      await play.send('hsm', errorAbout(offending, 3, 1, { source: '10.10.0.99' }));
    },
  },
  {
    name: 'a redirect about a flow',
    setup: SILENT_ENDS,
    run: async (play) => {
      const offending = (await play.send('app', udp())).at('hsm');
      await play.send('hsm', errorAbout(offending, 5, 1, { parameter: 0x0a0a0001 }));
    },
  },
  {
    name: 'errors about a flow that does not exist',
    setup: SILENT_ENDS,
    run: async (play) => {
      const nobodys = udp({ source: ADDRESS.inward, target: ADDRESS.hsm });
      await play.send('hsm', errorAbout(nobodys, 3, 3));
      await play.send('app', errorAbout(udp({ source: ADDRESS.outer, target: ADDRESS.app }), 3, 3));
    },
  },
  {
    name: 'errors with a wrong checksum',
    setup: SILENT_ENDS,
    run: async (play) => {
      const offending = (await play.send('app', udp())).at('hsm');
      const error = errorAbout(offending, 3, 3);
      await play.send('hsm', damaged(error, 22));
    },
  },
  {
    name: 'errors that quote a wrong header checksum, a wrong UDP checksum',
    setup: SILENT_ENDS,
    run: async (play) => {
      const offending = (await play.send('app', udp())).at('hsm');
      await play.send('hsm', errorAbout(damaged(offending, 10), 3, 3));
      await play.send('hsm', errorAbout(damaged(offending, 26), 3, 3));
    },
  },
  {
    name: 'an error about a packet with options',
    setup: SILENT_ENDS,
    run: async (play) => {
      const ipOptions = Uint8Array.of(1, 1, 1, 1);
      const offending = (await play.send('app', udp({ ipOptions }))).at('hsm');
      await play.send('hsm', errorAbout(offending, 3, 3));
    },
  },
  {
    name: 'TTL 1 draws no error about an error',
    setup: SILENT_ENDS,
    run: async (play) => {
      const offending = (await play.send('app', udp())).at('hsm');
      const error = errorAbout(offending, 3, 3);
      const dying = error.slice();
      dying[8] = 1;
      // 64 to 1 in the high byte of a word: the checksum grows by as much
      const checksum = ((error[10] ?? 0) << 8) + (error[11] ?? 0) + 63 * 256;
      dying[10] = ((checksum + (checksum >>> 16)) >>> 8) & 255;
      dying[11] = (checksum + (checksum >>> 16)) & 255;
      await play.send('hsm', dying);
    },
  },
];
