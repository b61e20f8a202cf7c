import { TCP } from '../../../../src/packet/index.ts';
import {
  answerTo,
  damaged,
  echo,
  errorAbout,
  pieces,
  tcp,
  text,
  udp,
  unknownProtocol,
} from '../../packets.ts';
import type { NetworkCase } from '../bench.ts';
import { AT } from '../topology.ts';
import { each, way } from './firewalls.ts';

const { syn, ack, fin, rst, psh } = TCP;
const INTO = way('plain', 'db');
const OUT_OF = way('db', 'plain');

/** A datagram that needs three pieces. */
function datagram(to: number, identification: number): readonly Uint8Array[] {
  const whole = udp({ ...INTO, to, payload: text(1192), dontFragment: false, identification });
  return pieces(whole, [0, 399], [400, 799], [800, 1199]);
}

/** A list of numbered rules at the boundary of a subnet, for each packet anew. */
export const ACLS: readonly NetworkCase[] = [
  each(
    'ACL: the lowest number that matches decides',
    'shut',
    [21, 22, 23, 24].map((to) => tcp(syn, { ...way('shut', 'db'), to, from: 40_000 + to })),
  ),
  each(
    'ACL: ports at the edges of ranges, inward',
    'plain',
    [21, 22, 23, 24, 1023, 1024, 65_535].map((to) => tcp(syn, { ...INTO, to, from: 30_000 + (to % 1000) })),
  ),
  each(
    'ACL: ports at the edges of a range, outward',
    'db',
    [0, 1, 1023, 1024, 40_000, 65_535].map((to) => tcp(syn, { ...OUT_OF, to })),
  ),
  each('ACL: protocols', 'plain', [
    udp({ ...INTO, to: 5300 }),
    udp({ ...INTO, to: 5301 }),
    udp({ ...INTO, to: 22 }),
    echo(INTO),
    unknownProtocol(253, INTO),
    unknownProtocol(50, INTO),
  ]),
  each('ACL: protocols, from a machine that another rule is about', 'client', [
    udp({ ...way('client', 'db'), to: 9 }),
    tcp(syn, { ...way('client', 'db'), to: 1 }),
    echo(way('client', 'db')),
    unknownProtocol(253, way('client', 'db')),
  ]),
  {
    name: 'ACL: an answer needs a rule of its own',
    silent: 'all',
    run: async (send) => {
      const asked = await send('plain', udp({ ...INTO, to: 5300 }));
      await send('db', answerTo(asked.at('db')));
      const other = await send('walled', udp({ ...way('walled', 'db'), to: 5300 }));
      await send('db', answerTo(other.at('db')));
    },
  },
  {
    name: 'ACL: an echo comes in and its answer does not go out',
    silent: ['plain'],
    run: async (send) => {
      await send('plain', echo(INTO));
      await send('client', echo(way('client', 'db')));
    },
  },
  {
    name: 'ACL: TCP whole, judged by its ports',
    silent: 'all',
    run: async (send) => {
      const asked = (await send('plain', tcp(syn, { ...INTO, to: 22 }))).at('db');
      await send('db', answerTo(asked));
      await send('plain', tcp(ack, { ...INTO, to: 22, sequence: 1001, acknowledgement: 5001 }));
      await send('db', answerTo(asked, { flags: psh | ack, sequence: 5001, payload: Uint8Array.of(1) }));
      await send('db', answerTo(asked, { flags: fin | ack, sequence: 5002 }));
      await send('plain', tcp(rst, { ...INTO, to: 22, sequence: 1001 }));
    },
  },
  each(
    'ACL: no flags are looked at',
    'plain',
    [ack, rst, rst | ack, fin | ack, syn | ack, syn | fin, syn | rst, 0, 0x3f].map((flags) =>
      tcp(flags, { ...INTO, to: 23, acknowledgement: 77 }),
    ),
  ),
  each('ACL: no checksums are looked at', 'plain', [
    damaged(udp({ ...INTO, to: 5300 }), 26),
    damaged(tcp(syn, { ...INTO, to: 22 }), 36),
    damaged(echo(INTO), 22),
  ]),
  each('ACL: pieces that show no port, of what the first piece allows', 'plain', datagram(5300, 60)),
  each('ACL: pieces that show no port, of what the first piece does not', 'plain', datagram(9, 61)),
  {
    name: 'ACL: pieces from where every protocol is allowed',
    silent: 'all',
    run: async (send) => {
      const whole = udp({
        ...way('client', 'db'),
        payload: text(1192),
        dontFragment: false,
        identification: 62,
      });
      for (const piece of pieces(whole, [0, 599], [600, 1199])) await send('client', piece);
    },
  },
  each('ACL: errors are ICMP', 'plain', [
    errorAbout(udp({ ...OUT_OF, to: 1792 }), 3, 3),
    errorAbout(udp({ ...OUT_OF, to: 1792 }), 3, 4, { parameter: 1400 }),
    errorAbout(udp({ ...OUT_OF, to: 1792 }), 11, 0),
  ]),
  each('ACL: errors go out where ICMP may', 'db', [
    errorAbout(udp(INTO), 3, 3),
    errorAbout(udp(way('client', 'db')), 3, 3),
  ]),
  {
    name: 'ACL: inside the subnet it is not asked',
    silent: 'all',
    run: async (send) => {
      const inside = way('db', 'db-2');
      const asked = await send('db', udp({ ...inside, to: 9 }));
      await send('db-2', answerTo(asked.at('db-2')));
      await send('db', tcp(syn, { ...inside, to: 22 }));
      await send('db', echo(inside));
      await send('db', unknownProtocol(253, inside));
    },
  },
  each('ACL: behind it are addresses that nobody has', 'plain', [
    tcp(syn, { ...INTO, target: '10.0.1.99', to: 22 }),
    echo({ ...INTO, target: '10.0.1.99' }),
    echo({ ...INTO, target: '10.0.1.255' }),
    echo({ ...INTO, target: '10.0.1.0' }),
  ]),
  {
    name: 'ACL and firewall: both must allow',
    silent: 'all',
    run: async (send) => {
      const asked = (await send('walled', tcp(syn, { ...way('walled', 'db'), to: 1024 }))).at('db');
      await send('db', answerTo(asked));
      await send('walled', tcp(syn, { ...way('walled', 'db'), to: 22, from: 40_001 }));
      await send('db', tcp(syn, { ...way('db', 'walled'), to: 8000 }));
      await send('db', tcp(syn, { ...way('db', 'walled'), to: 443 }));
      await send('db', udp({ ...way('db', 'walled'), to: 5300 }));
    },
  },
  each('sources that are not the sender’s own', 'plain', [
    udp({ ...INTO, source: AT.shut, to: 5300 }),
    udp({ ...INTO, source: AT.client, to: 5300 }),
    udp({ ...INTO, source: '10.0.0.1', to: 5300 }),
    udp({ ...INTO, source: '8.8.8.8', to: 5300 }),
  ]),
  each('targets that the virtual network does not carry', 'plain', [
    udp({ ...INTO, target: '10.0.0.255' }),
    udp({ ...INTO, target: '10.0.255.255' }),
    udp({ ...INTO, target: '255.255.255.255' }),
    udp({ ...INTO, target: '224.0.0.1' }),
    udp({ ...INTO, target: '240.0.0.1' }),
    udp({ ...INTO, target: '127.0.0.1' }),
    udp({ ...INTO, target: '10.0.0.99' }),
  ]),
  {
    name: 'the virtual switch is no hop',
    silent: 'all',
    run: async (send) => {
      for (const ttl of [1, 2, 254]) {
        await send('plain', udp({ ...INTO, to: 5300, ttl }));
        await send('db', tcp(syn, { ...OUT_OF, to: 2000, ttl }));
        await send('plain', udp({ ...way('plain', 'walled'), to: 5300, ttl }));
      }
    },
  },
];
