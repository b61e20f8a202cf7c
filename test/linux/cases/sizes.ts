import { type Case, SILENT_ENDS } from '../case.ts';
import { answerTo, text, udp } from '../packets.ts';
import { ADDRESS, type LinkName } from '../topology.ts';

/** IPv4 and UDP headers. */
const HEADERS = 28;

/** A UDP packet of so many bytes in all. */
function sized(size: number, dontFragment: boolean, choice: Parameters<typeof udp>[0] = {}): Uint8Array {
  return udp({
    payload: text(size - HEADERS),
    dontFragment,
    identification: dontFragment ? 0 : 7,
    ...choice,
  });
}

const ROUTED: readonly LinkName[] = ['direct', 'rack'];
const LINKS: readonly LinkName[] = ['nat', 'direct', 'rack', 'last'];

/** Packets that just fit, and packets that do not: DF and without, at every link. */
export const SIZES: readonly Case[] = [
  ...LINKS.map(
    (link): Case => ({
      name: `DF: 1400 bytes pass and 1401 do not, MTU 1400 on the ${link} link`,
      setup: { ...SILENT_ENDS, mtus: { [link]: 1400 } },
      run: async (play) => {
        for (const size of [1400, 1401, 1500]) await play.send('app', sized(size, true));
      },
    }),
  ),
  ...[68, 296, 576, 1006].map(
    (mtu): Case => ({
      name: `DF: MTU ${mtu} on the direct link`,
      setup: { ...SILENT_ENDS, mtus: { direct: mtu } },
      run: async (play) => {
        for (const size of [mtu, mtu + 1]) await play.send('app', sized(size, true));
      },
    }),
  ),
  ...ROUTED.flatMap((link) =>
    [68, 576, 1400].map(
      (mtu): Case => ({
        name: `without DF: cut for MTU ${mtu} on the ${link} link`,
        setup: { ...SILENT_ENDS, mtus: { [link]: mtu } },
        run: async (play) => {
          for (const size of [mtu, mtu + 1, 1500]) await play.send('app', sized(size, false));
        },
      }),
    ),
  ),
  {
    name: 'an answer too long for the direct link, with DF and without',
    setup: { ...SILENT_ENDS, mtus: { direct: 1000 } },
    run: async (play) => {
      const asked = (await play.send('app', udp())).at('hsm');
      await play.send('hsm', answerTo(asked, { payload: text(1200), dontFragment: true }));
      const cut = { payload: text(1200), dontFragment: false, identification: 9 };
      await play.send('hsm', answerTo(asked, cut));
    },
  },
  {
    name: 'an error that is too long for the way back is cut',
    setup: { silent: ['app', 'app2'], mtus: { direct: 296 } },
    run: async (play) => {
      await play.send('app', sized(1000, false, { to: 9 }));
    },
  },
  {
    name: 'options of pieces: copied ones in each, others in the first alone',
    setup: { ...SILENT_ENDS, mtus: { direct: 576 } },
    run: async (play) => {
      // 158 has the copy flag, 30 has not (RFC 4727)
      const ipOptions = Uint8Array.of(158, 4, 1, 2, 30, 4, 3, 4);
      await play.send('app', sized(1200, false, { ipOptions }));
    },
  },
  {
    name: 'a machine learns the path MTU',
    setup: { silent: ['app2', 'hsm'], mtus: { direct: 1300 } },
    run: async (play) => {
      for (const size of [1500, 1500, 1300, 2000]) await play.say('app', ADDRESS.outer, size);
    },
  },
  {
    name: 'the tunnel: what may not be cut is reported',
    setup: { ...SILENT_ENDS, mtus: { underlay: 1450 } },
    run: async (play) => {
      for (const size of [1400, 1401]) await play.send('app', sized(size, true));
    },
  },
  {
    name: 'the tunnel: what may be cut',
    setup: { ...SILENT_ENDS, mtus: { underlay: 1450 } },
    run: async (play) => {
      for (const size of [1400, 1401]) await play.send('app', sized(size, false));
    },
  },
];
