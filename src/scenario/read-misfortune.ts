import { formatNanos, nanos } from '../base/index.ts';
import type { Direction, Misfortune } from '../model/index.ts';
import { parseDuration } from './duration.ts';
import { type DirectionText, parseDirection, parseShare } from './misfortune-text.ts';
import { fault, type Reading, sure } from './reading.ts';
import type { Breakable, Impairable, Path, Step } from './scenario.ts';
import type { ImpairText } from './scenario-text.ts';
import { quoted } from './wording.ts';

/** What all kinds of steps have. */
type Frame = Pick<Step, 'where' | 'source' | 'at' | 'name' | 'expect'>;

/** A step that impairs; `what` is the part, as it was read already. */
export function readImpairment(
  reading: Reading,
  frame: Frame,
  text: ImpairText,
  what: Breakable | null,
): Step | null {
  const where: Path = [...frame.where, 'impair'];
  if (what === null || what.kind === 'power' || what.kind === 'channel') return null;
  const direction = readDirection(reading, text, what, [...where, 'direction']);
  const misfortune = readMisfortune(reading, text, where);
  if (direction === null || misfortune === null) return null;
  return { kind: 'impair', ...frame, what, direction, misfortune };
}

function readDirection(
  reading: Reading,
  { direction }: ImpairText,
  what: Impairable,
  where: Path,
): Direction | null {
  if (direction === undefined) return { kind: 'both' };
  const parsed = sure(parseDirection(direction));
  if (what.kind === 'link') return directionOfLink(reading, parsed, what, where);
  if (parsed.end !== null) {
    return fault(reading, 'scenario/bad-direction', where, {
      message: `of a ${what.kind} frames come in or go out`,
      help: 'write "in" or "out"',
    });
  }
  return { kind: parsed.kind, end: what.kind === 'zone' ? what.name : what.device.id };
}

function directionOfLink(
  reading: Reading,
  { kind, end }: DirectionText,
  { ends }: Extract<Impairable, { kind: 'link' }>,
  where: Path,
): Direction | null {
  const names = ends.map(({ name }) => name);
  const wrong = (message: string): null =>
    fault(reading, 'scenario/bad-direction', where, {
      message,
      help: `one of: ${names.flatMap((name) => [`to ${name}`, `from ${name}`]).join(', ')}`,
    });
  if (end === null) return wrong('a link has two ends: say to which, or from which');
  const meant = ends.find(({ id, name }) => id === end || name === end);
  return meant === undefined ? wrong(`${quoted(end)} is no end of this link`) : { kind, end: meant.id };
}

function readMisfortune(reading: Reading, text: ImpairText, where: Path): Misfortune | null {
  const share = (key: 'loss' | 'duplicate' | 'reorder' | 'corrupt'): number => {
    const said = text[key];
    return said === undefined ? 0 : sure(parseShare(said));
  };
  const delay = text.delay === undefined ? nanos(0) : sure(parseDuration(text.delay));
  const jitter = text.jitter === undefined ? nanos(0) : sure(parseDuration(text.jitter));
  if (jitter > delay) {
    return fault(reading, 'scenario/wrong-value', [...where, 'jitter'], {
      message: `a frame cannot arrive before it is sent: the delay is only ${formatNanos(delay)}`,
      help: 'the jitter is at most the delay',
    });
  }
  return {
    loss: share('loss'),
    delay,
    jitter,
    duplicate: share('duplicate'),
    reorder: share('reorder'),
    corrupt: share('corrupt'),
  };
}
