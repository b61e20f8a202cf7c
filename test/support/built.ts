import { readFileSync } from 'node:fs';
import {
  ask,
  type Conversation,
  carryOf,
  loadScenario,
  prepareWorld,
  type Question,
  type World,
} from '../../src/scenario/index.ts';

/* The networks that scenario files build, and questions to them. */

export type Change = (text: string) => string;

/** The world after all steps of a file that nobody is to see run, its text changed first. */
export function built(file: string, change: Change = (text) => text): World {
  const { scenario, diagnostics } = loadScenario(
    change(readFileSync(`scenarios/${file}.yaml`, 'utf8')),
    file,
  );
  if (scenario === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const world = prepareWorld(scenario, { kind: 'built' });
  if (!world.ok) throw new Error(world.fault.map(({ message }) => message).join('; '));
  return world.value;
}

/** What becomes of one packet, to port 1792 of TCP unless something else is asked. */
export function asked(
  world: World,
  question: Partial<Question> & Pick<Question, 'from' | 'to'>,
): Conversation {
  const answer = ask(world, { carry: carryOf('tcp', 1792), ttl: null, source: null, ...question });
  if (!answer.ok) throw new Error(answer.fault.message);
  return answer.value;
}
