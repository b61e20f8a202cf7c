import { parseIp, parsePortRange, port } from '../address/index.ts';
import { USUAL_TRANSLATION } from '../model/index.ts';
import { fromAddress } from './misreading.ts';
import { type Reading, sure } from './reading.ts';
import type { Path } from './said.ts';
import type { NatText } from './scenario-text.ts';
import type { RequestHsm } from './steps.ts';

/** How the NAT instance of a request translates: what the file says, and the defaults. */
export function readNat(
  reading: Reading,
  text: NatText,
  where: Path,
): Pick<RequestHsm, 'translation' | 'hairpin'> {
  return {
    hairpin: text.hairpin ?? false,
    translation: {
      timers: text.timers ?? USUAL_TRANSLATION.timers,
      mapping: text.mapping ?? USUAL_TRANSLATION.mapping,
      exhausted: text.exhausted ?? USUAL_TRANSLATION.exhausted,
      ports:
        text.ports === undefined ? USUAL_TRANSLATION.ports : sure(fromAddress(parsePortRange(text.ports))),
      reverse: (text.reverse ?? []).map(({ udp, tcp, to }, index) => ({
        protocol: udp === undefined ? 'tcp' : 'udp',
        port: port(udp ?? tcp ?? 0),
        to: sure(fromAddress(parseIp(to))),
        from: reading.said([...where, 'reverse', index]).source,
      })),
    },
  };
}
