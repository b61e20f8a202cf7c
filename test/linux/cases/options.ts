import { TCP } from '../../../src/packet/index.ts';
import { type Case, SILENT_ENDS } from '../case.ts';
import { answerTo, echo, errorAbout, tcp, udp } from '../packets.ts';
import { ADDRESS } from '../topology.ts';

const BACK = { source: ADDRESS.hsm, target: ADDRESS.inward } as const;

/** Options that are in order, and ask a router for nothing. */
const SOUND: Readonly<Record<string, readonly number[]>> = {
  'router alert': [148, 4, 0, 0],
  'router alert with another value': [148, 4, 0, 9],
  'an option that nobody knows': [222, 4, 1, 2],
  'a security label': [130, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  'the end of the list at once': [0, 0, 0, 0],
};

/** Each with its fault. */
const MALFORMED: Readonly<Record<string, readonly number[]>> = {
  'a length of 0': [7, 0, 0, 0],
  'a length of 1': [222, 1, 0, 0],
  'longer than the header': [222, 9, 0, 0],
  'a type without a length': [1, 1, 1, 7],
  'a record of the route that points into its head': [7, 7, 3, 0, 0, 0, 0, 0],
  'a record of the route with room for half an address': [7, 6, 4, 0, 0, 0, 0, 0],
  'two records of the route': [7, 3, 4, 7, 3, 4, 0, 0],
  'a timestamp without flags': [68, 3, 5, 0],
  'a timestamp that points into its head': [68, 8, 4, 0, 0, 0, 0, 0],
  'a full timestamp that missed fifteen': [68, 4, 5, 0xf0],
  'a short router alert': [148, 3, 0, 0],
  'a source route that points into its head': [131, 7, 3, 10, 10, 0, 9, 0],
  'a source route without a pointer': [131, 2, 0, 0],
};

const bytes = (list: readonly number[]): Uint8Array => Uint8Array.from(list);

export const OPTIONS: readonly Case[] = [
  ...Object.entries(SOUND).map(
    ([what, option]): Case => ({
      name: `options: ${what}`,
      setup: SILENT_ENDS,
      run: async (play) => {
        const ipOptions = bytes(option);
        const asked = await play.send('app', udp({ ipOptions }));
        await play.send('hsm', answerTo(asked.at('hsm'), { ipOptions }));
      },
    }),
  ),
  ...Object.entries(MALFORMED).map(
    ([what, option]): Case => ({
      name: `options: ${what}`,
      setup: SILENT_ENDS,
      run: async (play) => {
        const ipOptions = bytes(option);
        const asked = (await play.send('app', udp())).at('hsm');
        await play.send('app', udp({ ipOptions }));
        await play.send('app', tcp(TCP.syn, { ipOptions }));
        await play.send('hsm', answerTo(asked, { ipOptions }));
      },
    }),
  ),
  {
    name: 'options: source routes, loose and strict, both ways',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = (await play.send('app', udp())).at('hsm');
      for (const type of [131, 137]) {
        const ipOptions = bytes([type, 7, 4, 10, 10, 0, 9, 0]);
        await play.send('app', udp({ ipOptions }));
        await play.send('app', udp({ ipOptions, ttl: 1 }));
        await play.send('hsm', answerTo(asked, { ipOptions }));
      }
    },
  },
  {
    name: 'options: malformed, with TTL 1',
    setup: SILENT_ENDS,
    run: async (play) => {
      const ipOptions = bytes([7, 20, 4, 0]);
      await play.send('app', udp({ ipOptions, ttl: 1 }));
      await play.send('app', udp({ ipOptions, ttl: 2 }));
    },
  },
  {
    name: 'options: malformed, where there is no route',
    setup: SILENT_ENDS,
    run: async (play) => {
      const ipOptions = bytes([7, 20, 4, 0]);
      await play.send('hsm', udp({ source: ADDRESS.hsm, target: '172.16.0.1', ipOptions }));
    },
  },
  {
    name: 'options: malformed, in what is not translated',
    setup: SILENT_ENDS,
    run: async (play) => {
      const ipOptions = bytes([7, 20, 4, 0]);
      await play.send('app', udp({ target: ADDRESS.inward, ipOptions }));
      await play.send('app', tcp(TCP.ack, { ipOptions }));
      await play.send('app', echo({ direction: 'reply', ipOptions }));
    },
  },
  {
    name: 'options: malformed, in an error',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = (await play.send('app', udp({ ipOptions: bytes([1, 1, 1, 1]) }))).at('hsm');
      await play.send('hsm', errorAbout(asked, 3, 1));
    },
  },
  {
    name: 'options: TTL runs out',
    setup: SILENT_ENDS,
    run: async (play) => {
      const ipOptions = bytes([148, 4, 0, 0]);
      for (const ttl of [1, 2, 3]) await play.send('app', udp({ ipOptions, ttl }));
    },
  },
  {
    name: 'options: an unsolicited packet of the HSM',
    setup: SILENT_ENDS,
    run: async (play) => {
      await play.send('hsm', udp({ ...BACK, ipOptions: bytes([148, 4, 0, 0]) }));
      await play.send('hsm', udp({ ...BACK, ipOptions: bytes([7, 20, 4, 0]) }));
    },
  },
];
