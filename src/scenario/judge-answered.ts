import type { Program } from '../program/index.ts';
import type { Conversation } from './conversation.ts';
import type { Finding } from './finding.ts';
import { nameIn } from './path.ts';
import type { AnsweredBy, DeviceReference } from './scenario.ts';

/** Whether one conversation was answered by the device that should. */
export function judgeAnsweredBy(
  program: Program,
  device: DeviceReference,
  { answered }: Conversation,
  line: number,
): Finding {
  const passed = answered?.by === device.id;
  const got = answered === null ? 'no answer' : `${displayName(program, answered.by)} answered`;
  return {
    name: `answered by ${nameIn(program, device)}`,
    passed,
    message: passed ? got : `got: ${got}`,
    line,
  };
}

/** Whether each device answered as many of a step's packets as it should. */
export function judgeShares(
  program: Program,
  { counts }: Extract<AnsweredBy, { kind: 'counts' }>,
  conversations: readonly Conversation[],
  line: number,
): readonly Finding[] {
  const got = sharesOf(program, conversations);
  const message = got.length === 0 ? 'no answer' : got.map(([name, count]) => `${name} ${count}`).join(', ');
  return counts.map(({ device, count }) => {
    const name = nameIn(program, device);
    const found = conversations.filter(({ answered }) => answered?.by === device.id).length;
    const passed = found === count;
    return {
      name: `${name} answers ${count} of ${conversations.length}`,
      passed,
      message: passed ? `answers ${count} of ${conversations.length}` : `got: ${message}`,
      line,
    };
  });
}

/** How many each device answered, by name. */
export function sharesOf(
  program: Program,
  conversations: readonly Conversation[],
): readonly (readonly [string, number])[] {
  const shares = new Map<string, number>();
  for (const { answered } of conversations) {
    if (answered === null) continue;
    const name = displayName(program, answered.by);
    shares.set(name, (shares.get(name) ?? 0) + 1);
  }
  return [...shares].sort(([one], [other]) => (one < other ? -1 : 1));
}

function displayName({ devices }: Program, id: string): string {
  return devices.find((device) => device.id === id)?.name ?? id;
}
