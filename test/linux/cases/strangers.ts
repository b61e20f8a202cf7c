import { TCP } from '../../../src/packet/index.ts';
import { type Case, SILENT_CLIENTS, SILENT_ENDS } from '../case.ts';
import { answerTo, echo, otherIcmp, tcp, udp, unknownProtocol } from '../packets.ts';
import { ADDRESS } from '../topology.ts';
import { open } from './round-trips.ts';

const { syn, ack, psh, rst, fin } = TCP;
const FROM_HSM = { source: ADDRESS.hsm, target: ADDRESS.inward } as const;

/** Packets that nobody asked for, or that come too late. */
export const STRANGERS: readonly Case[] = [
  {
    name: 'the HSM speaks first: UDP, SYN, echo, other ICMP',
    setup: SILENT_ENDS,
    run: async (play) => {
      await play.send('hsm', udp(FROM_HSM));
      await play.send('hsm', tcp(syn, FROM_HSM));
      await play.send('hsm', tcp(ack, FROM_HSM));
      await play.send('hsm', echo(FROM_HSM));
      await play.send('hsm', echo({ ...FROM_HSM, direction: 'reply' }));
      await play.send('hsm', otherIcmp(13, FROM_HSM));
    },
  },
  {
    name: 'the HSM speaks first with TTL 3',
    setup: SILENT_ENDS,
    run: async (play) => {
      await play.send('hsm', udp({ ...FROM_HSM, ttl: 3 }));
    },
  },
  {
    name: 'another port of the HSM answers',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = await play.send('app', udp());
      await play.send('hsm', udp({ ...FROM_HSM, from: 1793, to: 40_000 }));
      await play.send('hsm', answerTo(asked.at('hsm')));
    },
  },
  {
    name: 'somebody else in the rack answers',
    setup: SILENT_ENDS,
    run: async (play) => {
      await play.send('app', udp());
      await play.send('hsm', udp({ source: '10.10.0.99', target: ADDRESS.inward, from: 1792, to: 40_000 }));
    },
  },
  {
    name: 'an echo reply that nobody asked for, from the client',
    setup: SILENT_ENDS,
    run: async (play) => {
      await play.send('app', echo({ direction: 'reply' }));
    },
  },
  {
    name: 'an echo request under the identifier of an open echo',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = await play.send('app', echo());
      await play.send('hsm', echo({ ...FROM_HSM }));
      await play.send('hsm', answerTo(asked.at('hsm')));
    },
  },
  {
    name: 'TCP segments without a connection',
    setup: SILENT_ENDS,
    run: async (play) => {
      for (const flags of [ack, psh | ack, rst, fin | ack, syn | ack, syn | fin, syn | rst, 0]) {
        await play.send('app', tcp(flags, { from: 41_000 + flags }));
      }
    },
  },
  {
    name: 'TCP: data far outside the window',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = await open(play);
      const payload = Uint8Array.of(1, 2, 3);
      await play.send('app', tcp(psh | ack, { sequence: 3_000_000, acknowledgement: 5001, payload }));
      await play.send('hsm', answerTo(asked, { flags: psh | ack, sequence: 5001, payload }));
    },
  },
  {
    name: 'TCP: data after a reset',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = await open(play);
      await play.send('app', tcp(rst, { sequence: 1001 }));
      await play.send(
        'hsm',
        answerTo(asked, { flags: psh | ack, sequence: 5001, payload: Uint8Array.of(7) }),
      );
    },
  },
  {
    name: 'a late answer by UDP, and the client again',
    setup: { ...SILENT_ENDS, shortTimers: true },
    run: async (play) => {
      const asked = await play.send('app', udp());
      await play.expire();
      await play.send('hsm', answerTo(asked.at('hsm')));
      await play.send('app', udp());
    },
  },
  {
    name: 'a late answer by echo, and the client again',
    setup: { ...SILENT_ENDS, shortTimers: true },
    run: async (play) => {
      const asked = await play.send('app', echo());
      await play.expire();
      await play.send('hsm', answerTo(asked.at('hsm')));
      await play.send('app', echo());
    },
  },
  {
    name: 'a late answer by TCP, and the client again',
    setup: { ...SILENT_ENDS, shortTimers: true },
    run: async (play) => {
      const asked = await play.send('app', tcp(syn));
      await play.expire();
      await play.send('hsm', answerTo(asked.at('hsm')));
      await play.send('app', tcp(syn));
    },
  },
  {
    name: 'protocols without ports',
    setup: SILENT_CLIENTS,
    run: async (play) => {
      await play.send('app', unknownProtocol(253));
      await play.send('app', unknownProtocol(50));
      await play.send('hsm', unknownProtocol(253, FROM_HSM));
    },
  },
  {
    name: 'ICMP that is neither echo nor error',
    setup: SILENT_ENDS,
    run: async (play) => {
      await play.send('app', otherIcmp(13));
      await play.send('app', otherIcmp(42));
    },
  },
  {
    name: 'sources that nobody can have, from the client',
    setup: SILENT_ENDS,
    run: async (play) => {
      for (const source of [
        '127.0.0.1',
        '0.0.0.0',
        '255.255.255.255',
        '224.0.0.1',
        '240.0.0.1',
        '10.0.0.99',
        '8.8.8.8',
      ]) {
        await play.send('app', udp({ source }));
      }
    },
  },
  {
    name: 'sources that nobody can have, from the rack',
    setup: SILENT_ENDS,
    run: async (play) => {
      for (const source of ['127.0.0.1', '0.0.0.0', '255.255.255.255', '224.0.0.1', '240.0.0.1']) {
        await play.send('hsm', udp({ ...FROM_HSM, source }));
      }
    },
  },
  {
    name: 'targets that no router forwards, from the rack',
    setup: SILENT_ENDS,
    run: async (play) => {
      await play.rest();
      for (const target of ['127.0.0.1', '255.255.255.255', '224.0.0.1', '240.0.0.1', '0.0.0.0']) {
        await play.send('hsm', udp({ source: ADDRESS.hsm, target }));
      }
    },
  },
  {
    name: 'no route: the DX router says so',
    setup: SILENT_ENDS,
    run: async (play) => {
      await play.rest();
      await play.send('hsm', udp({ source: ADDRESS.hsm, target: '172.16.0.1' }));
      await play.rest();
      await play.send('hsm', tcp(syn, { source: ADDRESS.hsm, target: ADDRESS.app }));
      await play.rest();
      await play.send('hsm', echo({ source: ADDRESS.hsm, target: ADDRESS.outer }));
    },
  },
];

/** Link addresses: asked for, and not answered. */
export const LINK_ADDRESSES: readonly Case[] = [
  {
    name: 'ARP: nobody knows anybody, nothing is lost',
    setup: { ...SILENT_CLIENTS, coldCaches: true },
    run: async (play) => {
      await play.send('app', echo(), 'stack');
      await play.send('app', echo(), 'stack');
    },
  },
  {
    name: 'ARP: who asks whom between the routers',
    setup: { ...SILENT_CLIENTS, coldCaches: true },
    arp: ['overlay-dx', 'dx-overlay', 'dx-rack', 'hsm'],
    run: async (play) => {
      await play.send('app', echo(), 'stack');
    },
  },
  {
    name: 'ARP: the HSM is not there',
    setup: { ...SILENT_CLIENTS, absentHsm: true },
    run: async (play) => {
      await play.send('app', udp());
      await play.send('app', tcp(syn));
      await play.send('app', echo());
    },
  },
];
