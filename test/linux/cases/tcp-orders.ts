import { TCP } from '../../../src/packet/index.ts';
import { type Case, SILENT_ENDS } from '../case.ts';
import { answerTo, tcp } from '../packets.ts';
import { ADDRESS } from '../topology.ts';
import { open } from './round-trips.ts';

const { syn, ack, fin, rst, psh } = TCP;
const WORD = Uint8Array.of(1, 2, 3);
/** From the HSM to the outer port of the client, which keeps its own. */
const BACK = { source: ADDRESS.hsm, target: ADDRESS.inward, from: 1792, to: 40_000 } as const;

/** Segments in orders that two honest machines can come to, and in some that they cannot. */
export const TCP_ORDERS: readonly Case[] = [
  {
    name: 'TCP: both open at once',
    setup: SILENT_ENDS,
    run: async (play) => {
      await play.send('app', tcp(syn));
      await play.send('hsm', tcp(syn, { ...BACK, sequence: 5000 }));
      await play.send('app', tcp(syn | ack, { acknowledgement: 5001 }));
      await play.send('hsm', tcp(syn | ack, { ...BACK, sequence: 5000, acknowledgement: 1001 }));
      await play.send('app', tcp(psh | ack, { sequence: 1001, acknowledgement: 5001, payload: WORD }));
      await play.send('hsm', tcp(ack, { ...BACK, sequence: 5001, acknowledgement: 1004 }));
    },
  },
  {
    name: 'TCP: one side has closed, and the other goes on for a while',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = await open(play);
      await play.send('app', tcp(fin | ack, { sequence: 1001, acknowledgement: 5001 }));
      const acknowledged = { ...BACK, acknowledgement: 1002 };
      await play.send('hsm', tcp(ack, { ...acknowledged, sequence: 5001 }));
      await play.send('hsm', tcp(psh | ack, { ...acknowledged, sequence: 5001, payload: WORD }));
      await play.send('app', tcp(ack, { sequence: 1002, acknowledgement: 5004 }));
      await play.send('hsm', tcp(fin | ack, { ...acknowledged, sequence: 5004 }));
      await play.send('app', tcp(ack, { sequence: 1002, acknowledgement: 5005 }));
      await play.send('hsm', answerTo(asked, { flags: fin | ack, sequence: 5004 }));
    },
  },
  {
    name: 'TCP: a FIN with data, and again',
    setup: SILENT_ENDS,
    run: async (play) => {
      await open(play);
      const last = { sequence: 1001, acknowledgement: 5001, payload: WORD };
      await play.send('app', tcp(fin | psh | ack, last));
      await play.send('app', tcp(fin | psh | ack, last));
      await play.send('hsm', tcp(fin | ack, { ...BACK, sequence: 5001, acknowledgement: 1005 }));
      await play.send('hsm', tcp(fin | ack, { ...BACK, sequence: 5001, acknowledgement: 1005 }));
    },
  },
  {
    name: 'TCP: a reset before the handshake is over, by the client',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = (await play.send('app', tcp(syn))).at('hsm');
      await play.send('hsm', answerTo(asked));
      await play.send('app', tcp(rst, { sequence: 1001 }));
      await play.send('hsm', answerTo(asked, { flags: ack, sequence: 5001 }));
    },
  },
  {
    name: 'TCP: a reset, and a new SYN at once',
    setup: SILENT_ENDS,
    run: async (play) => {
      await open(play);
      await play.send('app', tcp(rst | ack, { sequence: 1001, acknowledgement: 5001 }));
      const again = (await play.send('app', tcp(syn, { sequence: 90_000 }))).at('hsm');
      await play.send('hsm', answerTo(again, { sequence: 70_000 }));
      await play.send('app', tcp(ack, { sequence: 90_001, acknowledgement: 70_001 }));
    },
  },
  {
    name: 'TCP: SYN and ACK again, and the last ACK of the handshake again',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = (await play.send('app', tcp(syn))).at('hsm');
      for (let time = 0; time < 2; time += 1) await play.send('hsm', answerTo(asked));
      for (let time = 0; time < 2; time += 1) {
        await play.send('app', tcp(ack, { sequence: 1001, acknowledgement: 5001 }));
      }
    },
  },
  {
    name: 'TCP: a FIN, a SYN and a reset before anybody has answered',
    setup: SILENT_ENDS,
    run: async (play) => {
      await play.send('app', tcp(syn));
      await play.send('app', tcp(fin | ack, { sequence: 1001, acknowledgement: 1 }));
      await play.send('hsm', tcp(fin | ack, { ...BACK, sequence: 5000, acknowledgement: 1001 }));
      await play.send('hsm', tcp(rst | ack, { ...BACK, sequence: 0, acknowledgement: 1001 }));
    },
  },
  {
    name: 'TCP: flags that contradict each other, in an open connection',
    setup: SILENT_ENDS,
    run: async (play) => {
      await open(play);
      for (const flags of [syn | fin, syn | rst, fin | rst, fin, 0, syn | fin | rst | psh | ack]) {
        await play.send('app', tcp(flags, { sequence: 1001, acknowledgement: 5001 }));
        await play.send('hsm', tcp(flags, { ...BACK, sequence: 5001, acknowledgement: 1001 }));
      }
    },
  },
  {
    name: 'TCP: data that arrives the other way round',
    setup: SILENT_ENDS,
    run: async (play) => {
      await open(play);
      const there = { acknowledgement: 5001, payload: WORD };
      for (const sequence of [1007, 1004, 1001]) {
        await play.send('app', tcp(psh | ack, { ...there, sequence }));
      }
      await play.send('hsm', tcp(ack, { ...BACK, sequence: 5001, acknowledgement: 1010 }));
    },
  },
  {
    name: 'TCP: a probe that keeps a connection alive, and a window of zero',
    setup: SILENT_ENDS,
    run: async (play) => {
      await open(play);
      await play.send('app', tcp(ack, { sequence: 1000, acknowledgement: 5001 }));
      await play.send('hsm', tcp(ack, { ...BACK, sequence: 5001, acknowledgement: 1001, window: 0 }));
      await play.send('app', tcp(ack, { sequence: 1001, acknowledgement: 5001, payload: WORD.slice(0, 1) }));
    },
  },
];

/** What a machine says about addresses that are not its own; whether anybody believes it shows in where packets go then. */
export const ARP_CLAIMS: readonly Case[] = [
  ...[
    ['request', 'the gateway’s address', ADDRESS.rack],
    ['reply', 'the gateway’s address', ADDRESS.rack],
    ['request', 'an address of another link', ADDRESS.inward],
    ['reply', 'its own address', ADDRESS.hsm],
  ].map(
    ([operation, what, claimed = '']): Case => ({
      name: `ARP: the HSM claims ${what} in a ${operation}`,
      setup: SILENT_ENDS,
      run: async (play) => {
        const asked = (await play.send('app', tcp(syn))).at('hsm');
        await play.arp('hsm', {
          operation: operation === 'reply' ? 'reply' : 'request',
          sender: claimed,
          target: claimed,
        });
        await play.send('hsm', answerTo(asked));
        await play.send('app', tcp(ack, { sequence: 1001, acknowledgement: 5001 }));
      },
    }),
  ),
];
