import { type Nanos, seconds } from '../base/index.ts';
import { parseDuration } from './duration.ts';
import { readTarget } from './read-target.ts';
import { deviceNamed, fault, type Reading, sure } from './reading.ts';
import type { Path, Step } from './scenario.ts';
import type { ReplicateText } from './scenario-text.ts';
import type { Stepped } from './steps.ts';
import { quoted } from './wording.ts';

const USUALLY: Nanos = seconds(10);

/** Modules that are kept in step; `null` with a complaint where that makes no sense. */
export function readReplicate(
  reading: Reading,
  frame: Stepped,
  text: ReplicateText,
  where: Path,
  step: number,
): Step | null {
  const from = deviceNamed(reading, text.from, [...where, 'from'], step, ['instance', 'site-machine']);
  const between = text.between.flatMap(
    (name, index) => readTarget(reading, name, [...where, 'between', index], step) ?? [],
  );
  between.forEach(({ address }, index) => {
    if (between.findIndex((other) => other.address === address) === index) return;
    const message = `${quoted(text.between[index] ?? '')} stands here twice`;
    fault(reading, 'scenario/wrong-value', [...where, 'between', index], { message, help: null });
  });
  if (text.login.trim().split(/ +/).length !== 2) {
    const message = `${quoted(text.login)} is not a name and a password`;
    fault(reading, 'scenario/wrong-value', [...where, 'login'], { message, help: 'write: sam sam-secret' });
  }
  const every = text.every === undefined ? USUALLY : sure(parseDuration(text.every));
  if (every === 0) {
    const message = 'nothing happens every 0 s';
    fault(reading, 'scenario/wrong-value', [...where, 'every'], { message, help: null });
  }
  if (from === null || between.length < text.between.length) return null;
  const { partition, by = 'public-keys' } = text;
  return { kind: 'replicate', ...frame, from, between, partition, login: text.login.trim(), by, every };
}
