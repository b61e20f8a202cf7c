import { TCP } from '../../../src/packet/index.ts';
import { type Case, SILENT_CLIENTS, SILENT_ENDS } from '../case.ts';
import { answerTo, damaged, echo, tcp, udp, withoutChecksum } from '../packets.ts';

/** Offsets into a packet without options. */
const HEADER_CHECKSUM = 10;
const UDP_CHECKSUM = 26;
const TCP_CHECKSUM = 36;
const ICMP_CHECKSUM = 22;

/** Fields that no router may change, and checksums that say so. */
export const HEADERS: readonly Case[] = [
  {
    name: 'DSCP and ECN are kept',
    setup: SILENT_ENDS,
    run: async (play) => {
      for (const [dscp, ecn] of [
        [46, 0],
        [10, 1],
        [0, 2],
        [63, 3],
      ] as const) {
        const asked = await play.send('app', udp({ dscp, ecn }));
        await play.send('hsm', answerTo(asked.at('hsm'), { dscp, ecn }));
      }
    },
  },
  {
    name: 'DSCP of an echo comes back in its answer',
    setup: SILENT_CLIENTS,
    run: async (play) => {
      await play.send('app', echo({ dscp: 10 }));
      await play.send('app', echo({ dscp: 46, ecn: 2 }));
    },
  },
  {
    name: 'DSCP of a packet that draws an error',
    setup: SILENT_CLIENTS,
    run: async (play) => {
      await play.send('app', udp({ dscp: 10, to: 9999 }));
      await play.send('app', udp({ dscp: 46, ttl: 2 }));
    },
  },
  {
    name: 'DF set, DF clear, the identification: kept',
    setup: SILENT_ENDS,
    run: async (play) => {
      for (const dontFragment of [true, false]) {
        for (const identification of [0, 1, 0xfffe, 0xffff]) {
          const asked = await play.send('app', udp({ dontFragment, identification }));
          await play.send('hsm', answerTo(asked.at('hsm'), { dontFragment, identification }));
        }
      }
    },
  },
  {
    name: 'options that ask for nothing are kept',
    setup: SILENT_ENDS,
    run: async (play) => {
      const ipOptions = Uint8Array.of(1, 1, 1, 0);
      const asked = await play.send('app', udp({ ipOptions }));
      await play.send('hsm', answerTo(asked.at('hsm'), { ipOptions }));
      await play.send('app', tcp(TCP.syn, { ipOptions: new Uint8Array(40).fill(1) }));
      await play.send('app', echo({ ipOptions }));
    },
  },
  {
    name: 'options that a router has to act on',
    setup: SILENT_ENDS,
    run: async (play) => {
      // router alert, room to record three routers, a source route, an option that is longer than the header
      await play.send('app', udp({ ipOptions: Uint8Array.of(148, 4, 0, 0) }));
      await play.send('app', udp({ ipOptions: Uint8Array.of(7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0) }));
      await play.send('app', udp({ ipOptions: Uint8Array.of(131, 7, 4, 10, 10, 0, 9, 0) }));
      await play.send('app', udp({ ipOptions: Uint8Array.of(7, 20, 4, 0) }));
    },
  },
  {
    name: 'a wrong header checksum',
    setup: SILENT_ENDS,
    run: async (play) => {
      await play.send('app', damaged(udp(), HEADER_CHECKSUM));
      const asked = await play.send('app', udp());
      await play.send('hsm', damaged(answerTo(asked.at('hsm')), HEADER_CHECKSUM));
    },
  },
  {
    name: 'a UDP checksum of zero stays',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = await play.send('app', withoutChecksum(udp()));
      await play.send('hsm', withoutChecksum(answerTo(asked.at('hsm'))));
    },
  },
  {
    name: 'a wrong UDP checksum opens nothing',
    setup: SILENT_ENDS,
    run: async (play) => {
      await play.send('app', damaged(udp(), UDP_CHECKSUM));
    },
  },
  {
    name: 'a wrong TCP checksum opens nothing',
    setup: SILENT_ENDS,
    run: async (play) => {
      await play.send('app', damaged(tcp(TCP.syn), TCP_CHECKSUM));
    },
  },
  {
    name: 'a wrong ICMP checksum opens nothing',
    setup: SILENT_ENDS,
    run: async (play) => {
      await play.send('app', damaged(echo(), ICMP_CHECKSUM));
    },
  },
  {
    name: 'wrong checksums in an open flow',
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = (await play.send('app', udp())).at('hsm');
      await play.send('app', damaged(udp(), UDP_CHECKSUM));
      await play.send('hsm', damaged(answerTo(asked), UDP_CHECKSUM));
      await play.send('hsm', answerTo(asked));
    },
  },
  {
    name: 'every last byte of an address in a checksum',
    setup: SILENT_ENDS,
    run: async (play) => {
      // payloads that bring the checksum through all ones and zero
      for (const word of [0x0000, 0x5b7e, 0x5b7f, 0x5b80, 0xffff]) {
        const payload = Uint8Array.of(word >> 8, word & 255);
        const asked = await play.send('app', udp({ payload }));
        await play.send('hsm', answerTo(asked.at('hsm'), { payload }));
      }
    },
  },
];
