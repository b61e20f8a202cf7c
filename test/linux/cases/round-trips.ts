import { TCP } from '../../../src/packet/index.ts';
import { type Case, type Play, SILENT_CLIENTS, SILENT_ENDS } from '../case.ts';
import { answerTo, echo, tcp, udp } from '../packets.ts';
import { ADDRESS } from '../topology.ts';

const { syn, ack, fin, rst, psh } = TCP;
const WORD = new TextEncoder().encode('HELLO');

/** Opens a connection: SYN, SYN and ACK, ACK. Gives the SYN as the HSM got it. */
export async function open(play: Play, from?: number): Promise<Uint8Array> {
  const own = from === undefined ? {} : { from };
  const asked = (await play.send('app', tcp(syn, own))).at('hsm');
  await play.send('hsm', answerTo(asked));
  await play.send('app', tcp(ack, { ...own, sequence: 1001, acknowledgement: 5001 }));
  return asked;
}

/** What honest users do. */
export const ROUND_TRIPS: readonly Case[] = [
  {
    name: 'UDP there and back',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = await play.send('app', udp());
      await play.send('hsm', answerTo(asked.at('hsm')));
    },
  },
  {
    name: 'UDP: many packets of one flow keep one port',
    setup: SILENT_ENDS,
    run: async (play) => {
      for (let round = 0; round < 3; round += 1) {
        const asked = await play.send('app', udp({ identification: round, dontFragment: false }));
        await play.send('hsm', answerTo(asked.at('hsm')));
      }
    },
  },
  {
    name: 'UDP: one source port to two ports of the HSM',
    setup: SILENT_ENDS,
    run: async (play) => {
      const one = await play.send('app', udp({ to: 1792 }));
      const other = await play.send('app', udp({ to: 1793 }));
      await play.send('hsm', answerTo(one.at('hsm')));
      await play.send('hsm', answerTo(other.at('hsm')));
    },
  },
  {
    name: 'UDP: an empty datagram',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = await play.send('app', udp({ payload: new Uint8Array(0) }));
      await play.send('hsm', answerTo(asked.at('hsm'), { payload: new Uint8Array(0) }));
    },
  },
  {
    name: 'UDP: as much as a link carries',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = await play.send('app', udp({ payload: new Uint8Array(1472).fill(90) }));
      await play.send('hsm', answerTo(asked.at('hsm'), { payload: new Uint8Array(1472) }));
    },
  },
  {
    name: 'UDP: well-known source port',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = await play.send('app', udp({ from: 500, to: 500 }));
      await play.send('hsm', answerTo(asked.at('hsm')));
    },
  },
  {
    name: 'TCP: open, data both ways, close both ways',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = await open(play);
      const there = { sequence: 1001, acknowledgement: 5001 };
      await play.send('app', tcp(psh | ack, { ...there, payload: WORD }));
      const back = { flags: psh | ack, sequence: 5001, payload: WORD };
      await play.send('hsm', answerTo(asked, back));
      await play.send('app', tcp(fin | ack, { sequence: 1006, acknowledgement: 5006 }));
      const last = await play.send('app', tcp(ack, { sequence: 1007, acknowledgement: 5006 }));
      await play.send('hsm', answerTo(last.at('hsm'), { flags: fin | ack, sequence: 5006 }));
      await play.send('app', tcp(ack, { sequence: 1007, acknowledgement: 5007 }));
    },
  },
  {
    name: 'TCP: both ends open at once',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = (await play.send('app', tcp(syn))).at('hsm');
      await play.send('hsm', answerTo(asked, { flags: syn }));
      await play.send('app', tcp(syn | ack, { acknowledgement: 5001 }));
      await play.send('hsm', answerTo(asked, { flags: syn | ack }));
    },
  },
  {
    name: 'TCP: one half closed, the other goes on',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = await open(play);
      await play.send('app', tcp(fin | ack, { sequence: 1001, acknowledgement: 5001 }));
      await play.send('hsm', answerTo(asked, { flags: psh | ack, sequence: 5001, payload: WORD }));
      await play.send('app', tcp(ack, { sequence: 1002, acknowledgement: 5006 }));
    },
  },
  {
    name: 'TCP: a new SYN where a connection has ended',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = await open(play);
      const last = await play.send('app', tcp(fin | ack, { sequence: 1001, acknowledgement: 5001 }));
      await play.send('hsm', answerTo(last.at('hsm'), { flags: fin | ack, sequence: 5001 }));
      await play.send('app', tcp(ack, { sequence: 1002, acknowledgement: 5002 }));
      const again = await play.send('app', tcp(syn, { sequence: 900_000 }));
      await play.send('hsm', answerTo(again.at('hsm'), { sequence: 800_000 }));
      await play.send('hsm', answerTo(asked, { flags: ack, sequence: 5002 }));
    },
  },
  {
    name: 'TCP: a SYN with data, an urgent pointer, ECN flags',
    setup: SILENT_ENDS,
    run: async (play) => {
      const flags = syn | TCP.ece | TCP.cwr;
      const asked = await play.send('app', tcp(flags, { payload: WORD }));
      await play.send('hsm', answerTo(asked.at('hsm'), { flags: syn | ack | TCP.ece }));
      const urgent = { sequence: 1006, acknowledgement: 5001, payload: WORD };
      await play.send('app', tcp(psh | ack | TCP.urg, urgent));
    },
  },
  {
    name: 'TCP: the HSM refuses, and the client asks again',
    setup: SILENT_CLIENTS,
    run: async (play) => {
      await play.send('app', tcp(syn, { to: 9999 }));
      await play.send('app', tcp(syn, { to: 9999, sequence: 2000 }));
    },
  },
  {
    name: 'TCP: a SYN with options',
    setup: SILENT_ENDS,
    run: async (play) => {
      const options = Uint8Array.of(2, 4, 5, 180, 4, 2, 1, 3, 3, 7, 1, 1);
      const asked = await play.send('app', tcp(syn, { options }));
      await play.send('hsm', answerTo(asked.at('hsm')));
    },
  },
  {
    name: 'TCP: a SYN again',
    setup: SILENT_ENDS,
    run: async (play) => {
      await play.send('app', tcp(syn));
      const asked = await play.send('app', tcp(syn));
      await play.send('hsm', answerTo(asked.at('hsm')));
    },
  },
  {
    name: 'TCP: the client resets in mid-stream',
    setup: SILENT_ENDS,
    run: async (play) => {
      await open(play);
      await play.send('app', tcp(rst, { sequence: 1001 }));
    },
  },
  {
    name: 'TCP: the HSM resets in mid-stream',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = await open(play);
      await play.send('hsm', answerTo(asked, { flags: rst | ack, sequence: 5001 }));
    },
  },
  {
    name: 'TCP: one source port to two ports of the HSM',
    setup: SILENT_ENDS,
    run: async (play) => {
      const one = await play.send('app', tcp(syn, { to: 1792 }));
      const other = await play.send('app', tcp(syn, { to: 1793 }));
      await play.send('hsm', answerTo(one.at('hsm')));
      await play.send('hsm', answerTo(other.at('hsm')));
    },
  },
  {
    name: 'echo there and back, answered by the HSM',
    setup: SILENT_CLIENTS,
    run: async (play) => {
      await play.send('app', echo());
    },
  },
  {
    name: 'echo: the client answers the NAT for nobody else',
    run: async (play) => {
      await play.send('app', echo());
    },
  },
  {
    name: 'UDP to a closed port of the HSM',
    setup: SILENT_CLIENTS,
    run: async (play) => {
      await play.send('app', udp({ to: 9999 }));
    },
  },
  {
    name: 'TCP to a closed port of the HSM',
    setup: SILENT_CLIENTS,
    run: async (play) => {
      await play.send('app', tcp(syn, { to: 9999 }));
    },
  },
  {
    name: 'TCP: the client refuses an answer that it did not ask for',
    setup: { silent: ['hsm'] },
    run: async (play) => {
      const asked = await play.send('app', tcp(syn));
      await play.send('hsm', answerTo(asked.at('hsm')));
    },
  },
  {
    name: 'UDP: the client refuses an answer that it did not wait for',
    setup: { silent: ['hsm'] },
    run: async (play) => {
      const asked = await play.send('app', udp());
      await play.send('hsm', answerTo(asked.at('hsm')));
    },
  },
];

/** Two clients who want the same outer port. */
export const COLLISIONS: readonly Case[] = [
  collision('UDP', (source) => udp({ source })),
  collision('TCP', (source) => tcp(syn, { source })),
  collision('echo', (source) => echo({ source })),
];

function collision(what: string, packet: (source: string) => Uint8Array): Case {
  return {
    name: `${what}: two clients on one port`,
    setup: SILENT_ENDS,
    run: async (play) => {
      const one = (await play.send('app', packet(ADDRESS.app))).at('hsm');
      const other = (await play.send('app2', packet(ADDRESS.app2))).at('hsm');
      await play.send('hsm', answerTo(one));
      await play.send('hsm', answerTo(other));
    },
  };
}
