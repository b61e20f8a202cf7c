import { TCP } from '../../../../src/packet/index.ts';
import { answerTo, echo, errorAbout, pieces, tcp, text, udp, unknownProtocol } from '../../packets.ts';
import type { NetworkCase } from '../bench.ts';
import { AT, GATEWAY } from '../topology.ts';
import { each, way } from './firewalls.ts';

const { syn } = TCP;
const THERE = way('client', 'plain');
const BACK = way('plain', 'client');

/** A customer's own network behind two routers and a direct connection. */
export const PREMISES: readonly NetworkCase[] = [
  ...Object.entries({ UDP: udp(THERE), TCP: tcp(syn, THERE), echo: echo(THERE) }).map(
    ([what, request]): NetworkCase => ({
      name: `channel: ${what} there and back`,
      silent: 'all',
      run: async (send) => {
        const asked = (await send('client', request)).at('plain');
        const answered = (await send('plain', answerTo(asked))).at('client');
        await send('client', errorAbout(answered, 3, 3));
        await send('plain', errorAbout(asked, 3, 13));
      },
    }),
  ),
  {
    name: 'channel: TTL 1 to 4, both ways',
    silent: 'all',
    run: async (send) => {
      for (const ttl of [1, 2, 3, 4]) {
        await send('client', udp({ ...THERE, ttl }));
        await send('plain', udp({ ...BACK, ttl }));
        await send('client', echo({ ...THERE, ttl }));
      }
    },
  },
  each('channel: the gateway of the premises answers for itself', 'client', [
    echo({ source: AT.client, target: GATEWAY }),
    echo({ source: AT.client, target: GATEWAY, ttl: 1 }),
    udp({ source: AT.client, target: GATEWAY }),
    tcp(syn, { source: AT.client, target: GATEWAY }),
    unknownProtocol(253, { source: AT.client, target: GATEWAY }),
  ]),
  each('channel: the gateway of the premises answers through the channel', 'plain', [
    echo({ source: AT.plain, target: GATEWAY }),
    udp({ source: AT.plain, target: GATEWAY }),
    tcp(syn, { source: AT.plain, target: GATEWAY }),
  ]),
  each('channel: DSCP, ECN, DF and the identification are kept', 'client', [
    udp({ ...THERE, dscp: 46, ecn: 1, dontFragment: false, identification: 9 }),
    udp({ ...THERE, dscp: 63, ecn: 3 }),
  ]),
  {
    name: 'channel: pieces of a datagram go on as they are',
    silent: 'all',
    run: async (send) => {
      const whole = udp({ ...THERE, payload: text(1192), dontFragment: false, identification: 80 });
      for (const piece of pieces(whole, [600, 1199], [0, 599])) await send('client', piece);
    },
  },
  {
    name: 'channel: to a machine with a firewall, and from it',
    silent: 'all',
    run: async (send) => {
      await send('client', tcp(syn, { ...way('client', 'walled'), to: 443 }));
      await send('client', udp({ ...way('client', 'walled'), to: 5300 }));
      const asked = await send('shut', udp(way('shut', 'client')));
      await send('client', answerTo(asked.at('client')));
      await send('client', echo(way('client', 'shut')));
    },
  },
  {
    name: 'channel: machines answer by their own stacks',
    silent: [],
    run: async (send) => {
      await send('client', udp({ ...THERE, to: 9 }));
      await send('client', tcp(syn, { ...THERE, to: 9 }));
      await send('client', echo(THERE));
      await send('plain', udp({ ...BACK, to: 9 }));
    },
  },
  each('channel: broadcasts and groups stay where they are', 'client', [
    udp({ source: AT.client, target: '255.255.255.255' }),
    udp({ source: AT.client, target: '224.0.0.1' }),
    udp({ source: AT.client, target: '10.0.0.255' }),
  ]),
  each('channel: no route leads there', 'client', [udp({ source: AT.client, target: AT.www })]),
  each('channel: from an address of the network itself', 'client', [
    udp({ ...THERE, source: AT.shut }),
    udp({ ...THERE, source: AT.printer }),
    udp({ ...THERE, source: '8.8.8.8' }),
  ]),
];
