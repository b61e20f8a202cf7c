import { TCP } from '../../../src/packet/index.ts';
import { answerTo6, echo6, errorAbout6, pieces6, tcp6, udp6, unknownProtocol6 } from '../ipv6/packets.ts';
import { type Choice, damaged, text } from '../packets.ts';
import type { EgressCase } from './bench.ts';
import { AT6, type EgressMachine } from './topology.ts';

const { syn, ack, fin, rst } = TCP;

function way(from: EgressMachine, to: EgressMachine): { readonly source: string; readonly target: string } {
  return { source: AT6[from], target: AT6[to] };
}

const OUT = way('worker', 'www');
const IN = way('www', 'worker');

const made = (choice: Choice) => ({
  UDP: udp6(choice),
  TCP: tcp6(syn, choice),
  echo: echo6(choice),
});

/** Type, code, and the second word of the header. */
const ERRORS = [
  [1, 0, 0],
  [1, 1, 0],
  [1, 3, 0],
  [1, 4, 0],
  [2, 0, 1400],
  [3, 0, 0],
  [3, 1, 0],
  [4, 1, 6],
] as const;

/** A gateway that lets everybody out, and nobody in but those who were asked. */
export const EGRESS_CASES: readonly EgressCase[] = [
  ...Object.entries(made(OUT)).flatMap(([what, request]): readonly EgressCase[] => [
    {
      name: `egress: ${what} goes out under its own address, and its answer comes back`,
      run: async (send) => {
        const asked = await send('worker', request);
        await send('www', answerTo6(asked.at('www')));
      },
    },
    {
      name: `egress: errors about ${what} come back, those of somebody else too, and those about what never went out do not`,
      run: async (send) => {
        const asked = (await send('worker', request)).at('www');
        for (const [type, code, parameter] of ERRORS)
          await send('www', errorAbout6(asked, type, code, { parameter }));
        await send('visitor', errorAbout6(asked, 1, 0, { source: AT6.visitor }));
        const never = made({ ...way('worker-2', 'www') })[what as 'UDP'];
        await send('www', errorAbout6(never, 1, 4));
      },
    },
  ]),
  ...Object.entries(made(IN)).map(
    ([what, call]): EgressCase => ({
      name: `egress: ${what} from the Internet goes nowhere`,
      run: async (send) => {
        await send('www', call);
        await send('visitor', made(way('visitor', 'worker'))[what as 'UDP']);
      },
    }),
  ),
  {
    name: 'egress: the answer of somebody who was not asked goes nowhere',
    run: async (send) => {
      const asked = (await send('worker', udp6(OUT))).at('www');
      await send('visitor', answerTo6(asked, { source: AT6.visitor }));
      await send('www', answerTo6(asked, { target: AT6['worker-2'] }));
      await send('www', answerTo6(asked));
    },
  },
  {
    name: 'egress: another port of the one who was asked goes nowhere',
    run: async (send) => {
      await send('worker', udp6({ ...OUT, from: 40_000, to: 53 }));
      await send('www', udp6({ ...IN, from: 54, to: 40_000 }));
      await send('www', udp6({ ...IN, from: 53, to: 40_001 }));
      await send('www', udp6({ ...IN, from: 53, to: 40_000 }));
    },
  },
  {
    name: 'egress: an echo reply comes back for its own identifier',
    run: async (send) => {
      await send('worker', echo6({ ...OUT, identifier: 7 }));
      await send('www', echo6({ ...IN, direction: 'reply', identifier: 8 }));
      await send('www', echo6({ ...IN, direction: 'reply', identifier: 7 }));
      await send('www', echo6({ ...IN, identifier: 7 }));
    },
  },
  {
    name: 'egress: a connection from its handshake to its end',
    run: async (send) => {
      await send('worker', tcp6(syn, { ...OUT, sequence: 1000 }));
      const back = { ...IN, from: 1792, to: 40_000 };
      await send('www', tcp6(syn | ack, { ...back, sequence: 5000, acknowledgement: 1001 }));
      await send('worker', tcp6(ack, { ...OUT, sequence: 1001, acknowledgement: 5001, payload: text(40) }));
      await send('www', tcp6(ack, { ...back, sequence: 5001, acknowledgement: 1041, payload: text(60) }));
      await send('www', tcp6(fin | ack, { ...back, sequence: 5061, acknowledgement: 1041 }));
      await send('worker', tcp6(fin | ack, { ...OUT, sequence: 1041, acknowledgement: 5062 }));
      await send('www', tcp6(ack, { ...back, sequence: 5062, acknowledgement: 1042 }));
    },
  },
  {
    name: 'egress: segments from outside that belong to no connection go nowhere',
    run: async (send) => {
      for (const flags of [ack, syn | ack, fin | ack, rst, rst | ack]) await send('www', tcp6(flags, IN));
    },
  },
  {
    name: 'egress: two machines ask from one port, and each has its own answer',
    run: async (send) => {
      const one = (await send('worker', udp6(OUT))).at('www');
      const other = (await send('worker-2', udp6(way('worker-2', 'www')))).at('www');
      await send('www', answerTo6(other));
      await send('www', answerTo6(one));
    },
  },
  {
    name: 'egress: hop limits 1 to 4 outward, and what comes back',
    run: async (send) => {
      for (const ttl of [1, 2, 3, 4]) {
        await send('worker', udp6({ ...OUT, ttl, from: 41_000 + ttl }));
        await send('worker', echo6({ ...OUT, ttl, identifier: ttl }));
      }
    },
  },
  {
    name: 'egress: an answer with too little to live',
    run: async (send) => {
      const asked = (await send('worker', udp6(OUT))).at('www');
      for (const ttl of [1, 2, 3]) await send('www', answerTo6(asked, { ttl }));
    },
  },
  {
    name: 'egress: pieces of a request and of its answer',
    run: async (send) => {
      const request = udp6({ ...OUT, payload: text(1200) });
      for (const piece of pieces6(request, 7, [0, 551], [552, 1207])) await send('worker', piece);
      const answer = udp6({ ...IN, from: 1792, to: 40_000, payload: text(1000) });
      for (const piece of pieces6(answer, 9, [0, 551], [552, 1007])) await send('www', piece);
    },
  },
  {
    name: 'egress: pieces that nobody asked for go nowhere',
    run: async (send) => {
      const call = udp6({ ...IN, payload: text(1000) });
      for (const piece of pieces6(call, 11, [0, 551], [552, 1007])) await send('www', piece);
    },
  },
  {
    name: 'egress: pieces come in the wrong order, and the last one first',
    run: async (send) => {
      await send('worker', udp6({ ...OUT, from: 40_000 }));
      const answer = udp6({ ...IN, from: 1792, to: 40_000, payload: text(1000) });
      for (const piece of pieces6(answer, 13, [552, 1007], [0, 551])) await send('www', piece);
      await send('www', pieces6(answer, 15, [552, 1007])[0] ?? new Uint8Array(0));
    },
  },
  {
    name: 'egress: a damaged answer, a damaged error, and one about another protocol',
    run: async (send) => {
      const asked = (await send('worker', udp6(OUT))).at('www');
      await send('www', damaged(answerTo6(asked), 50));
      await send('www', damaged(errorAbout6(asked, 1, 4), 42));
      await send('www', errorAbout6(unknownProtocol6(253, OUT), 1, 4));
      await send('www', answerTo6(asked));
    },
  },
  {
    name: 'egress: a damaged reset and a damaged FIN end nothing',
    run: async (send) => {
      await send('worker', tcp6(syn, { ...OUT, sequence: 1000 }));
      const back = { ...IN, from: 1792, to: 40_000 };
      await send('www', tcp6(syn | ack, { ...back, sequence: 5000, acknowledgement: 1001 }));
      await send('worker', tcp6(ack, { ...OUT, sequence: 1001, acknowledgement: 5001 }));
      await send('www', damaged(tcp6(rst | ack, { ...back, sequence: 5001, acknowledgement: 1001 }), 56));
      await send('www', damaged(tcp6(fin | ack, { ...back, sequence: 5001, acknowledgement: 1001 }), 56));
      await send('www', tcp6(ack, { ...back, sequence: 5001, acknowledgement: 1001, payload: text(20) }));
    },
  },
  {
    name: 'egress: damaged data of a connection that stands',
    run: async (send) => {
      await send('worker', udp6(OUT));
      await send('www', udp6({ ...IN, from: 1792, to: 40_000 }));
      await send('www', damaged(udp6({ ...IN, from: 1792, to: 40_000 }), 50));
    },
  },
  {
    name: 'egress: errors of types that nobody has assigned',
    run: async (send) => {
      const asked = (await send('worker', udp6(OUT))).at('www');
      for (const type of [5, 99]) await send('www', errorAbout6(asked, type, 0));
    },
  },
  {
    name: 'egress: a refusal ends nothing, and a reset is heard once it fits',
    run: async (send) => {
      await send('worker', tcp6(syn, { ...OUT, sequence: 1000 }));
      const back = { ...IN, from: 1792, to: 40_000 };
      await send('www', tcp6(rst | ack, { ...back, sequence: 0, acknowledgement: 1001 }));
      await send('worker', tcp6(syn, { ...OUT, sequence: 9000 }));
      await send('www', tcp6(syn | ack, { ...back, sequence: 5000, acknowledgement: 9001 }));
    },
  },
  {
    name: 'egress: a protocol without ports goes out, and back',
    run: async (send) => {
      await send('worker', unknownProtocol6(253, OUT));
      await send('www', unknownProtocol6(253, IN));
      await send('visitor', unknownProtocol6(253, way('visitor', 'worker')));
    },
  },
];
