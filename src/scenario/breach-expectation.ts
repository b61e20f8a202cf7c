import { type Cidr, contains, formatIp } from '../address/index.ts';
import type { Journey } from '../dataplane/index.ts';
import { type IpPacket, isIp, vxlanOf } from '../packet/index.ts';
import type { Program } from '../program/index.ts';
import type { Refuted, Claim as SetClaim } from '../verify/index.ts';
import type { ExpectationText } from './scenario-text.ts';

/** What a scenario would have to see of the packet that breaks a claim, if the claim held. */
export function expectedOf(
  program: Program,
  claim: SetClaim,
  { reached, shows }: Refuted,
  journey: Journey,
): ExpectationText {
  switch (shows.kind) {
    case 'arrival': {
      const end = journey.steps.find(({ outcome }) => outcome.verdict === 'deliver');
      const packet = end?.before.body;
      const at = deviceId(program, program.hosts[reached ?? -1]?.device);
      return packet !== undefined && isIp(packet)
        ? { unseen: [{ at, ...endsOf(packet) }] }
        : { unseen: [{ at }] };
    }
    case 'detour':
      return { path: ['...', deviceId(program, shows.around), '...'] };
    case 'exposure': {
      const ends = exposed(journey, shows.at, shows.blocks);
      // a link address or a segment no line of an expectation names
      return ends === null ? {} : { unseen: [{ at: deviceId(program, shows.at), ...ends }] };
    }
    case 'circle':
      // no line of an expectation says so: the claim itself does
      return {};
    case 'loss':
      return claim.kind === 'answered' && journey.place.device === program.hosts[claim.from]?.device
        ? { reply: { source: formatIp(claim.source) } }
        : {
            delivered: deviceId(program, program.hosts[claim.kind === 'answered' ? claim.from : -1]?.device),
          };
  }
}

function endsOf({ source, target }: IpPacket): { readonly source: string; readonly target: string } {
  return { source: formatIp(source), target: formatIp(target) };
}

/** The header at a device that bears an address of one of these blocks; `null` where none does. */
function exposed(
  journey: Journey,
  device: number,
  blocks: readonly Cidr[],
): ReturnType<typeof endsOf> | null {
  for (const { place, before } of journey.steps) {
    if (place.device !== device) continue;
    const inner = vxlanOf(before)?.inner.body;
    for (const packet of [before.body, inner]) {
      if (packet === undefined || !isIp(packet)) continue;
      if (blocks.some((block) => contains(block, packet.source) || contains(block, packet.target)))
        return endsOf(packet);
    }
  }
  return null;
}

function deviceId(program: Program, device: number | undefined): string {
  return program.devices[device ?? -1]?.id ?? '';
}
