import { ANY_PORT, isIpv6, parseIp } from '../address/index.ts';
import type { Program } from '../program/index.ts';
import { followRequest } from '../verify/index.ts';
import { endOf } from './journey-end.ts';
import type { PingResult } from './pingall.ts';
import { replayWitness } from './replay.ts';
import type { World } from './world.ts';

/**
 * What becomes of every ping from a machine to an address. Sets know the machines at the edge: what a router or a NAT
 * instance says for itself is not in them.
 */
export function pingBySets(world: World, id: string, address: string): PingResult {
  const { program } = world.engine;
  const from = program.hosts.findIndex(({ device }) => program.devices[device]?.id === id);
  const target = parseIp(address);
  const own = program.hosts[from]?.address;
  if (!target.ok || own === undefined || isIpv6(own) !== isIpv6(target.value)) return NOT_SENT;
  // a machine needs no network to reach itself
  if (own === target.value) return { outcome: 'answered', reached: nameOf(program, from), reason: null };
  const followed = followRequest(program, {
    kind: 'answered',
    from,
    target: target.value,
    source: target.value,
    protocol: 'icmp',
    ports: ANY_PORT,
  });
  switch (followed.end) {
    case 'answered': {
      const reached = nameOf(program, followed.sample?.host ?? from);
      return { outcome: 'answered', reached, reason: null };
    }
    case 'astray': {
      const reached = nameOf(program, followed.packet?.host ?? from);
      return {
        outcome: 'unanswered',
        reached,
        reason: `the reply reaches ${nameOf(program, followed.host)}`,
      };
    }
    case 'lost': {
      const { what, packet, at } = followed;
      if (packet === null) {
        const unrouted =
          at?.stage.kind === 'route' ? `dropped at ${nameOf(program, from)}: route.none` : null;
        return { outcome: 'dropped', reached: null, reason: unrouted };
      }
      const reason = endOf(program, replayWitness(program, packet).journey).text;
      if (what === 'request') return { outcome: 'dropped', reached: null, reason };
      return {
        outcome: 'unanswered',
        reached: nameOf(program, packet.host),
        reason: `the reply is ${reason}`,
      };
    }
  }
}

const NOT_SENT: PingResult = { outcome: 'dropped', reached: null, reason: null };

function nameOf(program: Program, host: number): string {
  return program.devices[program.hosts[host]?.device ?? -1]?.name ?? 'somebody';
}
