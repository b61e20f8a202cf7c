import { describe, expect, it } from 'vitest';
import { type Nanos, nanos, seconds } from '../../src/base/index.ts';
import { Engine } from '../../src/dataplane/index.ts';
import { EMPTY_MODEL } from '../../src/model/index.ts';
import { compile } from '../../src/program/index.ts';

function engine(): Engine {
  return new Engine(compile(EMPTY_MODEL));
}

describe('what a machine wants to do later', () => {
  it('happens at its time, in order, and a run waits for what is awaited', () => {
    const at = engine();
    const done: string[] = [];
    const note = (what: string) => (now: Nanos) => done.push(`${what} ${now / 1e9}`);
    at.reminders.add(seconds(2), true, note('second'));
    at.reminders.add(seconds(1), true, note('first'));
    at.run();
    expect(done).toEqual(['first 1', 'second 2']);
    expect(at.now).toBe(seconds(2));
  });

  it('keeps no run from ending when nobody awaits it, and happens when time passes', () => {
    const at = engine();
    let count = 0;
    const again = () => {
      count += 1;
      at.reminders.add(seconds(5), false, again);
    };
    at.reminders.add(seconds(5), false, again);
    at.run();
    expect([count, at.now]).toEqual([0, 0]);
    at.run(seconds(12));
    expect([count, at.now]).toEqual([2, seconds(12)]);
    at.reminders.add(seconds(4), true, () => undefined);
    at.run();
    expect([count, at.now]).toEqual([3, seconds(16)]);
  });

  it('does not happen once it is called off, and then a run does not wait', () => {
    const at = engine();
    let count = 0;
    const reminder = at.reminders.add(seconds(1), true, () => {
      count += 1;
    });
    expect(at.reminders.areAwaited).toBe(true);
    at.reminders.callOff(reminder);
    at.reminders.callOff(reminder);
    expect(at.reminders.areAwaited).toBe(false);
    at.run(nanos(3e9));
    expect([count, at.reminders.areAwaited]).toEqual([0, false]);
  });
});
