import { formatIp } from '../address/index.ts';
import type { Journey } from '../dataplane/index.ts';
import { isIp } from '../packet/index.ts';
import type { Program } from '../program/index.ts';

/** A packet is too long for the next link, and may not be cut: RFC 1191, and RFC 8201 for IPv6. */
const TOO_LONG = {
  ipv4: { type: 3, code: 4, words: 'ICMP 3/4' },
  ipv6: { type: 2, code: 0, words: 'ICMPv6 2/0' },
} as const;

/**
 * Why a connection hung, where the word of a router about its long packets was dropped on the way (a black hole of path MTU discovery, RFC
 * 2923 section 2.1): what was dropped, by whom, and what would help. `null`: it was something else.
 */
export function blackHoleAt(program: Program, journeys: readonly Journey[]): string | null {
  for (const { frame, steps } of journeys) {
    const { body: packet } = frame;
    if (!isIp(packet) || packet.body.kind !== 'icmp-error') continue;
    const { type, code, words } = TOO_LONG[packet.kind];
    if (packet.body.type !== type || packet.body.code !== code) continue;
    const dropped = steps.find(({ outcome }) => outcome.verdict === 'drop');
    if (dropped === undefined) continue;
    const where = program.devices[dropped.place.device]?.name ?? '';
    const said = `${formatIp(packet.source)} said that only ${packet.body.parameter} bytes fit (${words})`;
    return `${said}, and ${where} dropped that (${dropped.outcome.reason}); let ICMP errors pass there`;
  }
  return null;
}
