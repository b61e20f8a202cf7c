import type fc from 'fast-check';
import { describe as describeFrame, type Frame } from '../../src/packet/index.ts';
import type { Making, Network, Service } from '../support/networks.ts';
import { block } from '../support/programs.ts';
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
export function lawOfRuns(name: string, trials: fc.Arbitrary<Trial>, judge: (run: Run) => void): Law {
  return { name, trials, holds: (trial, making) => judge(play(trial, making)) };
}

/** A law about something else than one run. */
export function lawOfTrials(name: string, trials: fc.Arbitrary<Trial>, holds: Law['holds']): Law {
  return { name, trials, holds };
}

export function shown(frame: Frame): string {
  return describeFrame(frame);
}

/** The firewall of a request, read anew from the plan. */
export function firewallAllows(
  { world: { model } }: Network,
  { plan, tenant }: Service,
  source: number,
  carry: 'tcp' | 'udp' | 'icmp',
  port: number,
): boolean {
  const whole = model.networks[tenant]?.block;
  if (plan.firewall === null) return whole !== undefined && isIn(source, whole.address, whole.prefix);
  return plan.firewall.some(({ allow, from }) => {
    const [protocol = '', ports = '0-65535'] = allow.split('/');
    const [low = 0, high = low] = ports.split('-').map(Number);
    const peer = block(from);
    if (!isIn(source, peer.address, peer.prefix)) return false;
    return protocol === 'any' || (protocol === carry && (carry === 'icmp' || (low <= port && port <= high)));
  });
}

function isIn(address: number, base: number, prefix: number): boolean {
  return Math.floor((address >>> 0) / 2 ** (32 - prefix)) === Math.floor((base >>> 0) / 2 ** (32 - prefix));
}
