import { TCP } from '../../../src/packet/index.ts';
import { type Case, SILENT_ENDS } from '../case.ts';
import { answerTo, echo, tcp, udp } from '../packets.ts';

const TTLS = [1, 2, 3, 4, 5, 6, 7, 8] as const;

const REQUESTS = {
  UDP: (ttl: number) => udp({ ttl }),
  TCP: (ttl: number) => tcp(TCP.syn, { ttl }),
  echo: (ttl: number) => echo({ ttl }),
} as const;

/** How far a packet gets with so many hops to live, there and back, and who says that it went no further. */
export const HOP_COUNTS: readonly Case[] = Object.entries(REQUESTS).flatMap(([what, request]) => [
  {
    name: `${what}: TTL 1 to 8 towards the HSM`,
    setup: SILENT_ENDS,
    run: async (play) => {
      for (const ttl of TTLS) await play.send('app', request(ttl));
    },
  },
  {
    name: `${what}: TTL 1 to 8 towards the client`,
    setup: SILENT_ENDS,
    run: async (play) => {
      const asked = (await play.send('app', request(64))).at('hsm');
      for (const ttl of TTLS) await play.send('hsm', answerTo(asked, { ttl }));
    },
  },
]);
