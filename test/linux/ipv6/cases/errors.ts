import { TCP } from '../../../../src/packet/index.ts';
import { type Case, SILENT_ENDS } from '../../case.ts';
import { damaged, text } from '../../packets.ts';
import { answerTo6, echo6, errorAbout6, sized6, tcp6, udp6 } from '../packets.ts';
import { ADDRESS6 } from '../topology.ts';

const REQUESTS = { UDP: udp6(), TCP: tcp6(TCP.syn), echo: echo6() } as const;

/** Type, code, and the second word of the header. */
const ERRORS = [
  [1, 0, 0],
  [1, 1, 0],
  [1, 3, 0],
  [1, 4, 0],
  [2, 0, 1400],
  [3, 0, 0],
  [3, 1, 0],
  [4, 0, 40],
  [4, 1, 6],
] as const;

/** ICMPv6 errors about packets that were translated. */
export const ERRORS6: readonly Case[] = [
  ...Object.entries(REQUESTS).flatMap(([what, request]): readonly Case[] => [
    {
      name: `IPv6: errors of every type about ${what} from the HSM`,
      setup: SILENT_ENDS,
      run: async (play) => {
        const offending = (await play.send('app', request)).at('hsm');
        for (const [type, code, parameter] of ERRORS) {
          await play.send('hsm', errorAbout6(offending, type, code, { parameter }));
        }
        await play.send('hsm', answerTo6(offending));
      },
    },
    {
      name: `IPv6: errors about an answer by ${what} from the client`,
      setup: SILENT_ENDS,
      run: async (play) => {
        const asked = (await play.send('app', request)).at('hsm');
        const answered = (await play.send('hsm', answerTo6(asked))).at('app');
        for (const [type, code, parameter] of ERRORS) {
          await play.send('app', errorAbout6(answered, type, code, { parameter }));
        }
      },
    },
  ]),
  {
    name: 'IPv6: an error from somebody else behind the NAT',
    setup: SILENT_ENDS,
    run: async (play) => {
      const offending = (await play.send('app', udp6())).at('hsm');
      await play.send('hsm', errorAbout6(offending, 1, 3, { source: 'fd00:10:10::99' }));
      await play.send('hsm', damaged(errorAbout6(offending, 1, 4), 42));
      await play.send('hsm', errorAbout6(udp6({ source: ADDRESS6.inward, target: ADDRESS6.hsm }), 1, 4));
      await play.send('hsm', errorAbout6(offending, 1, 4, { ttl: 1 }));
    },
  },
  {
    name: 'IPv6: an error about a long packet quotes as much as fits into 1280 bytes',
    setup: SILENT_ENDS,
    run: async (play) => {
      for (const size of [1230, 1232, 1233, 1500]) await play.send('app', sized6(size, { ttl: 2 }));
      const asked = (await play.send('app', udp6({ payload: text(1400), from: 41_000 }))).at('hsm');
      await play.send('hsm', errorAbout6(asked, 1, 4));
    },
  },
  ...(['nat', 'direct', 'rack', 'last'] as const).map(
    (link): Case => ({
      name: `IPv6: too big for 1400 bytes on the ${link} link`,
      setup: { ...SILENT_ENDS, mtus: { [link]: 1400 } },
      run: async (play) => {
        for (const size of [1400, 1401, 1500]) await play.send('app', sized6(size));
      },
    }),
  ),
  {
    name: 'IPv6: too big for 1280 bytes on the direct link, both ways',
    setup: { ...SILENT_ENDS, mtus: { direct: 1280 } },
    run: async (play) => {
      for (const size of [1280, 1281, 1500]) await play.send('app', sized6(size));
      const asked = (await play.send('app', udp6({ from: 41_000 }))).at('hsm');
      await play.send('hsm', answerTo6(asked, { payload: text(1233) }));
      await play.send('hsm', answerTo6(asked, { payload: text(1232) }));
    },
  },
];
