import type fc from 'fast-check';
import type { Ipv4 } from '../../src/address/index.ts';
import { describe as describeFrame, type Frame } from '../../src/packet/index.ts';
import { type Making, type Network, placedInstances, type Service, TENANTS } from '../support/networks.ts';
import { address, block } from '../support/programs.ts';
import { play, type Run, type Trial } from '../support/traffic.ts';

/** A sentence about every network, with a way to find out whether it holds in one. */
export interface Law {
  /** the rows it shows, and the sentence */
  readonly name: string;
  readonly trials: fc.Arbitrary<Trial>;
  /** Throws {@link LawBroken} where the sentence is false. */
  readonly holds: (trial: Trial, making: Making) => void;
}

/** What a law throws, so that a planted fault that merely crashes the program does not pass for caught. */
export class LawBroken extends Error {
  override readonly name = 'LawBroken';
}

export function demand(condition: boolean, complaint: () => string): asserts condition {
  if (!condition) throw new LawBroken(complaint());
}

/** A law about one run. */
export function lawOfRuns(
  name: string,
  trials: fc.Arbitrary<Trial>,
  judge: (run: Run, making: Making) => void,
): Law {
  return { name, trials, holds: (trial, making) => judge(play(trial, making), making) };
}

/** A law about something else than one run. */
export function lawOfTrials(name: string, trials: fc.Arbitrary<Trial>, holds: Law['holds']): Law {
  return { name, trials, holds };
}

export function shown(frame: Frame): string {
  return describeFrame(frame);
}

/** Whether a client may call its service: by the firewall of the request and by those of its own interface. */
export function firewallAllows(
  network: Network,
  service: Service,
  source: number,
  carry: 'tcp' | 'udp' | 'icmp',
  port: number,
): boolean {
  return (
    requestAllows(network, service, source, carry, port) &&
    carriedAllow(network, service.tenant, 'out', source, service.outer, carry, port)
  );
}

/** The firewall of a request, read anew from the plan. */
export function requestAllows(
  { world: { model } }: Network,
  { plan, tenant }: Service,
  source: number,
  carry: string,
  port: number,
): boolean {
  if (plan.firewall === null) {
    const own = [model.networks[tenant]?.block, model.premises[tenant]?.block];
    return own.some((block) => block !== undefined && isIn(source, block.address as Ipv4, block.prefix));
  }
  return plan.firewall.some(({ allow, from }) => isInBlock(source, from) && isTraffic(allow, carry, port));
}

/** The rules of the firewalls that the instance at `own` carries, read anew from the plan. */
export function carriedAllow(
  { plan, world: { model } }: Network,
  tenant: string,
  direction: 'in' | 'out',
  own: number,
  peer: number,
  carry: string,
  port: number,
): boolean {
  const tenantPlan = plan.tenants[TENANTS.indexOf(tenant)];
  if (tenantPlan === undefined) return true;
  const placed = placedInstances(tenantPlan);
  const carried = placed.find((one) => address(one.address) === own)?.firewalls ?? [];
  const whole = model.networks[tenant]?.block;
  const isPeer = (wanted: string | number): boolean =>
    typeof wanted === 'string'
      ? isInBlock(peer, wanted)
      : placed.some(
          (one) =>
            address(one.address) === peer && one.firewalls.includes(wanted % tenantPlan.firewalls.length),
        );
  const allows = (at: number): boolean => {
    const rules = tenantPlan.firewalls[at]?.[direction] ?? null;
    if (rules !== null) return rules.some((rule) => isPeer(rule.peer) && isTraffic(rule.allow, carry, port));
    return direction === 'out' || (whole !== undefined && isIn(peer, whole.address as Ipv4, whole.prefix));
  };
  return carried.length === 0 || carried.some(allows);
}

/** @param port -1 where the packet shows none: then only a rule about every port means it */
export function isTraffic(allow: string, carry: string, port: number): boolean {
  const [protocol = '', ports] = allow.split('/');
  if (protocol === 'any') return true;
  if (protocol !== carry || carry === 'icmp' || ports === undefined) return protocol === carry;
  const [low = 0, high = low] = ports.split('-').map(Number);
  return low <= port && port <= high;
}

export function isInBlock(member: number, text: string): boolean {
  const { address: base, prefix } = block(text);
  return isIn(member, base as Ipv4, prefix);
}

function isIn(address: number, base: number, prefix: number): boolean {
  return Math.floor((address >>> 0) / 2 ** (32 - prefix)) === Math.floor((base >>> 0) / 2 ** (32 - prefix));
}
