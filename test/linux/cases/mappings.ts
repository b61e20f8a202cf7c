import { TCP } from '../../../src/packet/index.ts';
import { type Case, type Play, SILENT_CLIENTS, SILENT_ENDS } from '../case.ts';
import { answerTo, echo, errorAbout, tcp, udp } from '../packets.ts';
import { ADDRESS } from '../topology.ts';
import { open } from './round-trips.ts';

const { syn, ack, psh, fin, rst } = TCP;
const BACK = { source: ADDRESS.hsm, target: ADDRESS.inward } as const;
const SHORT = { ...SILENT_ENDS, shortTimers: true } as const;
const SCARCE = { ...SILENT_ENDS, fewPorts: true } as const;

/** As many connections as there are ports, and one more. */
function scarcity(what: string, packet: (port: number, source?: string) => Uint8Array): Case {
  return {
    name: `${what}: no port is left for the fifth`,
    setup: SCARCE,
    run: async (play) => {
      const asked: Uint8Array[] = [];
      for (const port of [40_001, 40_002, 40_003, 40_004]) {
        asked.push((await play.send('app', packet(port))).at('hsm'));
      }
      await play.send('app', packet(40_005));
      await play.send('app2', packet(40_006, ADDRESS.app2));
      await play.send('app', packet(40_001));
      for (const one of asked) await play.send('hsm', answerTo(one));
    },
  };
}

/** Ports that are taken, run out and come back. */
export const PORTS: readonly Case[] = [
  scarcity('UDP', (from, source = ADDRESS.app) => udp({ from, source })),
  scarcity('TCP', (from, source = ADDRESS.app) => tcp(syn, { from, source })),
  {
    name: 'UDP: ports that ran out are free towards another port of the HSM',
    setup: SCARCE,
    run: async (play) => {
      for (const from of [40_001, 40_002, 40_003, 40_004]) await play.send('app', udp({ from }));
      const asked = await play.send('app2', udp({ source: ADDRESS.app2, from: 40_005, to: 1793 }));
      await play.send('hsm', answerTo(asked.at('hsm')));
    },
  },
  {
    name: 'UDP: a client inside the range keeps its port',
    setup: SCARCE,
    run: async (play) => {
      const asked = await play.send('app', udp({ from: 5002 }));
      await play.send('hsm', answerTo(asked.at('hsm')));
    },
  },
  {
    name: 'echoes need no port of the range',
    setup: { ...SILENT_CLIENTS, fewPorts: true },
    run: async (play) => {
      for (const identifier of [0, 1, 77, 5000, 65_535]) await play.send('app', echo({ identifier }));
    },
  },
  {
    name: 'two clients on one port, to two ports of the HSM',
    setup: SILENT_ENDS,
    run: async (play) => {
      const one = (await play.send('app', udp({ to: 1792 }))).at('hsm');
      const other = (await play.send('app2', udp({ source: ADDRESS.app2, to: 1793 }))).at('hsm');
      await play.send('hsm', answerTo(one));
      await play.send('hsm', answerTo(other));
    },
  },
  {
    name: 'TCP and UDP on one port',
    setup: SILENT_ENDS,
    run: async (play) => {
      const one = (await play.send('app', udp())).at('hsm');
      const other = (await play.send('app', tcp(syn))).at('hsm');
      await play.send('hsm', answerTo(other));
      await play.send('hsm', answerTo(one));
    },
  },
  {
    name: 'echo: two identifiers of one client',
    setup: SILENT_ENDS,
    run: async (play) => {
      const one = (await play.send('app', echo({ identifier: 1 }))).at('hsm');
      const other = (await play.send('app', echo({ identifier: 2 }))).at('hsm');
      await play.send('hsm', answerTo(other));
      await play.send('hsm', answerTo(one));
    },
  },
  ...[1, 1023, 1024, 65_535].map(
    (from): Case => ({
      name: `UDP from port ${from}`,
      setup: SILENT_ENDS,
      run: async (play) => {
        const asked = await play.send('app', udp({ from }));
        await play.send('hsm', answerTo(asked.at('hsm')));
      },
    }),
  ),
];

async function closed(play: Play): Promise<Uint8Array> {
  const asked = await open(play);
  await play.send('app', tcp(fin | ack, { sequence: 1001, acknowledgement: 5001 }));
  const last = await play.send('app', tcp(ack, { sequence: 1002, acknowledgement: 5001 }));
  await play.send('hsm', answerTo(last.at('hsm'), { flags: fin | ack, sequence: 5001 }));
  await play.send('app', tcp(ack, { sequence: 1002, acknowledgement: 5002 }));
  return asked;
}

/** What comes when a mapping has ended. */
export const EXPIRED: readonly Case[] = [
  {
    name: 'UDP: an answered mapping ends too',
    setup: SHORT,
    run: async (play) => {
      const asked = (await play.send('app', udp())).at('hsm');
      await play.send('hsm', answerTo(asked));
      await play.expire();
      await play.send('hsm', answerTo(asked));
      await play.send('app', udp());
    },
  },
  {
    name: 'TCP: data after an open connection has ended',
    setup: SHORT,
    run: async (play) => {
      const asked = await open(play);
      await play.expire();
      const data = { sequence: 1001, acknowledgement: 5001, payload: Uint8Array.of(1) };
      await play.send('app', tcp(psh | ack, data));
      await play.send('hsm', answerTo(asked, { flags: psh | ack, sequence: 5001 }));
      await play.send('app', tcp(syn, { sequence: 7000 }));
    },
  },
  {
    name: 'TCP: a late acknowledgement after both have closed',
    setup: SHORT,
    run: async (play) => {
      const asked = await closed(play);
      await play.expire();
      await play.send('hsm', answerTo(asked, { flags: ack, sequence: 5002 }));
      await play.send('app', tcp(ack, { sequence: 1002, acknowledgement: 5002 }));
    },
  },
  {
    name: 'TCP: a new connection on the port of one that was reset',
    setup: SHORT,
    run: async (play) => {
      await open(play);
      await play.send('app', tcp(rst, { sequence: 1001 }));
      await play.expire();
      const again = await play.send('app', tcp(syn, { sequence: 9000 }));
      await play.send('hsm', answerTo(again.at('hsm')));
    },
  },
  {
    name: 'an error about a packet of a mapping that has ended',
    setup: SHORT,
    run: async (play) => {
      const asked = (await play.send('app', udp())).at('hsm');
      await play.expire();
      await play.send('hsm', errorAbout(asked, 3, 3));
    },
  },
  {
    name: 'an ICMP error ends nothing: the answer still comes',
    setup: SILENT_ENDS,
    run: async (play) => {
      for (const request of [udp(), tcp(syn), echo()]) {
        const asked = (await play.send('app', request)).at('hsm');
        for (const code of [0, 1, 3, 13]) await play.send('hsm', errorAbout(asked, 3, code));
        await play.send('hsm', answerTo(asked));
      }
    },
  },
];

/** What the HSM begins by itself. */
export const REPORTS: readonly Case[] = [
  {
    name: 'syslog of the HSM reaches the collector, and an answer comes back',
    setup: SILENT_ENDS,
    run: async (play) => {
      const told = await play.send('hsm', udp({ ...BACK, from: 50_000, to: 514 }));
      await play.send('app2', answerTo(told.at('app2')));
      await play.send('hsm', udp({ ...BACK, from: 50_000, to: 514 }));
    },
  },
  {
    name: 'syslog of the HSM, and nobody listens at the collector',
    setup: { silent: ['hsm'] },
    run: async (play) => {
      await play.send('hsm', udp({ ...BACK, from: 50_000, to: 514 }));
    },
  },
  {
    name: 'TTL 1 to 5 of syslog',
    setup: SILENT_ENDS,
    run: async (play) => {
      for (const ttl of [1, 2, 3, 4, 5]) await play.send('hsm', udp({ ...BACK, from: 50_000, to: 514, ttl }));
    },
  },
  {
    name: 'next to syslog nothing begins on the side of the HSM',
    setup: SILENT_ENDS,
    run: async (play) => {
      await play.send('hsm', udp({ ...BACK, to: 513 }));
      await play.send('hsm', udp({ ...BACK, to: 515 }));
      await play.send('hsm', tcp(syn, { ...BACK, to: 514 }));
      await play.send('hsm', udp({ source: '10.10.0.99', target: ADDRESS.inward, to: 514 }));
      await play.send('hsm', echo(BACK));
    },
  },
  {
    name: 'errors about syslog from the collector, and from on the way',
    setup: SILENT_ENDS,
    run: async (play) => {
      const told = (await play.send('hsm', udp({ ...BACK, from: 50_000, to: 514 }))).at('app2');
      await play.send('app2', errorAbout(told, 3, 3));
      await play.send('app2', errorAbout(told, 3, 13));
      await play.send('app2', errorAbout(told, 11, 0));
    },
  },
];

/** TCP as it is seldom seen. */
export const UNUSUAL_TCP: readonly Case[] = [
  {
    name: 'TCP: SYN and ACK from a port that was not called',
    setup: SILENT_ENDS,
    run: async (play) => {
      await play.send('app', tcp(syn));
      await play.send('hsm', tcp(syn | ack, { ...BACK, from: 1793, to: 40_000, acknowledgement: 1001 }));
    },
  },
  {
    name: 'TCP: the HSM resets the SYN, and the client tries again',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = (await play.send('app', tcp(syn))).at('hsm');
      await play.send('hsm', answerTo(asked, { flags: rst | ack, sequence: 0 }));
      const again = (await play.send('app', tcp(syn, { sequence: 2000 }))).at('hsm');
      await play.send('hsm', answerTo(again));
    },
  },
  {
    name: 'TCP: both close at once',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = await open(play);
      const bye = await play.send('app', tcp(fin | ack, { sequence: 1001, acknowledgement: 5001 }));
      await play.send('hsm', answerTo(asked, { flags: fin | ack, sequence: 5001 }));
      await play.send('app', tcp(ack, { sequence: 1002, acknowledgement: 5002 }));
      await play.send('hsm', answerTo(bye.at('hsm'), { flags: ack, sequence: 5002 }));
    },
  },
  {
    name: 'TCP: the HSM closes first',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = await open(play);
      await play.send('hsm', answerTo(asked, { flags: fin | ack, sequence: 5001 }));
      await play.send('app', tcp(ack, { sequence: 1001, acknowledgement: 5002 }));
      const last = await play.send('app', tcp(fin | ack, { sequence: 1001, acknowledgement: 5002 }));
      await play.send('hsm', answerTo(last.at('hsm'), { flags: ack, sequence: 5002 }));
    },
  },
  {
    name: 'TCP: a segment again, both ways',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = await open(play);
      const data = { sequence: 1001, acknowledgement: 5001, payload: Uint8Array.of(1, 2, 3) };
      for (let time = 0; time < 2; time += 1) {
        const sent = await play.send('app', tcp(psh | ack, data));
        await play.send('hsm', answerTo(sent.at('hsm'), { flags: ack, sequence: 5001 }));
      }
      const back = { flags: psh | ack, sequence: 5001, payload: Uint8Array.of(9) };
      for (let time = 0; time < 2; time += 1) await play.send('hsm', answerTo(asked, back));
    },
  },
  {
    name: 'TCP: a half-open client sends data at once',
    setup: SILENT_ENDS,
    run: async (play) => {
      await play.send('app', tcp(syn));
      await play.send(
        'app',
        tcp(psh | ack, { sequence: 1001, acknowledgement: 1, payload: Uint8Array.of(1) }),
      );
    },
  },
  {
    name: 'TCP: many segments before an acknowledgement',
    setup: SILENT_ENDS,
    run: async (play) => {
      await open(play);
      for (let sequence = 1001; sequence < 1031; sequence += 10) {
        const payload = new Uint8Array(10).fill(sequence & 255);
        await play.send('app', tcp(psh | ack, { sequence, acknowledgement: 5001, payload }));
      }
    },
  },
];
