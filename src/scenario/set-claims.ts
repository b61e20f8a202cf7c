import { port, portRange } from '../address/index.ts';
import { present } from '../base/index.ts';
import type { Program } from '../program/index.ts';
import type { Carried, Marks, Claim as SetClaim } from '../verify/index.ts';
import type { Claim, Party } from './claims.ts';
import type { Customer, DeviceReference, Traffic } from './scenario.ts';

/** A claim that sets of packets decide by themselves. */
export type ClaimOfSets = Exclude<Claim, { kind: 'reaches' | 'no-silent-loss' | 'equal' }>;

/** A claim with names, as claims about machines of this Program; all of them must hold. */
export function setClaims(program: Program, claim: ClaimOfSets): readonly SetClaim[] {
  switch (claim.kind) {
    case 'isolated': {
      const { unasked, traffic } = claim;
      const carried = traffic === null ? null : carriedBy(traffic);
      const [from, to] = [hostsOf(program, claim.from), hostsOf(program, claim.to)];
      return pairsApart(from, to).map((pair) => ({ kind: 'isolated', ...pair, unasked, carried }));
    }
    case 'sees-only':
      return hostsMeant(program, claim.device).map((host) => ({
        kind: 'sees-only',
        host,
        sources: claim.sources,
      }));
    case 'only-via': {
      const [from, to] = [hostsOf(program, claim.from), hostsOf(program, claim.to)];
      return [{ kind: 'only-via', from, to, device: deviceIndex(program, claim.via) }];
    }
    case 'answered': {
      const { target, source, traffic } = claim;
      const { protocol, ports } = requested(traffic);
      return hostsMeant(program, claim.from).map((from) => ({
        kind: 'answered',
        from,
        target,
        source,
        protocol,
        ports,
      }));
    }
    case 'no-loop':
      return [{ kind: 'no-loop' }];
    case 'hidden': {
      const { customer, beyond, what } = claim;
      const from = hostsOf(program, { kind: 'customer', customer });
      const marks = what === 'identifier' ? marksOf(program, customer, from) : null;
      return [
        { kind: 'hidden', from, device: deviceIndex(program, beyond), blocks: blocksOf(customer), marks },
      ];
    }
  }
}

/** Who must not reach whom. What a machine says to itself never leaves it, so no claim is about that. */
function pairsApart(
  from: readonly number[],
  to: readonly number[],
): readonly { readonly from: readonly number[]; readonly to: readonly number[] }[] {
  if (!from.some((host) => to.includes(host))) return [{ from, to }];
  return from.flatMap((one) => {
    const others = to.filter((host) => host !== one);
    return others.length === 0 ? [] : [{ from: [one], to: others }];
  });
}

/** What `A reaches B` says of one pair of machines. */
export function reachClaim(
  from: number,
  to: number,
  traffic: Traffic,
): Extract<SetClaim, { kind: 'reaches' }> {
  const { protocol, ports } = requested(traffic);
  return { kind: 'reaches', from, to, protocol, ports };
}

/** Any machine that a name stands for; the Internet as a party is everybody on it. */
export function hostsMeant(program: Program, device: DeviceReference): readonly number[] {
  return hostsOf(program, { kind: 'device', device });
}

/** The machines of an end. */
export function hostsOf(program: Program, party: Party): readonly number[] {
  const found: number[] = [];
  program.hosts.forEach(({ device }, host) => {
    const { id, owner } = program.devices[device] ?? { id: '', owner: '' };
    const meant = party.kind === 'device' ? isMeant(party.device, id, owner) : owner === party.customer.name;
    if (meant) found.push(host);
  });
  return found;
}

function isMeant({ kind, id: named }: DeviceReference, id: string, owner: string): boolean {
  return kind === 'internet' ? owner === named : id === named;
}

function deviceIndex(program: Program, { id }: DeviceReference): number {
  const index = program.devices.findIndex((device) => device.id === id);
  return present(index < 0 ? null : index, `the Program has a device ${id}`);
}

/** Every address of its own that a customer has to hide. */
function blocksOf({ network, premises }: Customer): Extract<SetClaim, { kind: 'hidden' }>['blocks'] {
  return premises === null ? [network.cidr] : [network.cidr, premises.cidr];
}

/** Link addresses of whatever has a port in the customer's network or on its premises, and the segment of that network. */
function marksOf(program: Program, { name }: Customer, hosts: readonly number[]): Marks {
  const macs = new Set(hosts.flatMap((host) => program.hosts[host]?.mac ?? []));
  const segments = new Set<number>();
  for (const stage of program.stages) {
    if (stage.kind === 'locate' && stage.vn === name)
      for (const mac of stage.neighbours.keys()) macs.add(mac);
    if (stage.kind !== 'unwrap') continue;
    for (const [number, { vn }] of stage.segments) if (vn === name) segments.add(number);
  }
  return { macs, segments };
}

/** Any traffic is a ping where one packet must be named; only TCP and UDP have ports. */
export function requested(traffic: Traffic): Carried {
  return traffic.protocol === 'any'
    ? { protocol: 'icmp', ports: EVERY_PORT }
    : (carriedBy(traffic) as Carried);
}

function carriedBy({ protocol, ports }: Traffic): Carried | null {
  if (protocol === 'any') return null;
  return { protocol, ports: protocol === 'icmp' ? EVERY_PORT : ports };
}

const EVERY_PORT = portRange(port(0), port(65535));
