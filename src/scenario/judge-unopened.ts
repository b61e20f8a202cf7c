import type { Nanos } from '../base/index.ts';
import type { RecordDrop } from '../host/index.ts';
import type { IpPacket } from '../packet/index.ts';
import { describePacket } from '../packet/index.ts';
import type { Program } from '../program/index.ts';
import type { Finding } from './finding.ts';
import type { Machines } from './machines.ts';
import { nameIn } from './path.ts';
import type { Expectation } from './scenario.ts';

/** A datagram that a machine did not open, on a port where it hears only records. */
export interface Unopened {
  /** id of the machine */
  readonly device: string;
  readonly at: Nanos;
  readonly because: RecordDrop;
  readonly packet: IpPacket;
}

/** How much each machine had left unopened at some moment. */
export type UnopenedMark = ReadonlyMap<string, number>;

export function markUnopened(machines: Machines): UnopenedMark {
  return new Map([...machines].map(([id, { unopened }]) => [id, unopened.length]));
}

/** What machines did not open since then, in order of time. */
export function unopenedSince(machines: Machines, mark: UnopenedMark): readonly Unopened[] {
  return [...machines.values()]
    .flatMap(({ id, unopened }) => unopened.slice(mark.get(id) ?? 0))
    .sort((one, other) => one.at - other.at);
}

/** Whether a machine left something unopened, for the reason that was expected. */
export function judgeUnopened(
  program: Program,
  expectation: Expectation | null,
  unopened: readonly Unopened[],
): readonly Finding[] {
  if (expectation === null || expectation.unopened === null) return [];
  const { at, because } = expectation.unopened;
  const here = unopened.filter(({ device }) => device === at.id);
  const found = here.find((one) => one.because === because);
  const reasons = [...new Set(here.map((one) => one.because))].join(', ');
  const got = reasons === '' ? 'it opened everything that it heard there' : reasons;
  return [
    {
      name: `not opened at ${nameIn(program, at)}: ${because}`,
      passed: found !== undefined,
      message: found === undefined ? `got: ${got}` : describePacket(found.packet),
      line: expectation.source.line,
    },
  ];
}
