import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNanos, LATEST, nanos } from '../../src/base/index.ts';
import { parseDuration } from '../../src/scenario/index.ts';

const SIZES = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, min: 60e9, h: 3600e9, d: 86_400e9 } as const;

function helpFor(text: string): string | null {
  const read = parseDuration(text);
  return read.ok ? 'read' : read.fault.help;
}

describe('durations', () => {
  it('are a number and a unit, from nanoseconds to days', () => {
    const unit = fc.constantFrom(...(Object.keys(SIZES) as (keyof typeof SIZES)[]));
    fc.assert(
      fc.property(unit, fc.nat(90), fc.constantFrom('', ' '), (name, count, space) => {
        const read = parseDuration(`${count}${space}${name}`);
        expect(read).toEqual({ ok: true, value: count * SIZES[name] });
      }),
    );
  });

  it('that vnsim prints, it reads again', () => {
    fc.assert(
      fc.property(fc.nat({ max: LATEST / 1e9 }), fc.constantFrom(1, 1e3, 1e6, 1e9), (count, size) => {
        const time = nanos(Math.min(LATEST, (count % 1000) * size));
        expect(parseDuration(formatNanos(time))).toEqual({ ok: true, value: time });
      }),
    );
  });

  it.each([
    ['5m', '5 min'],
    ['5 minutes', '5 min'],
    ['30 sec', '30 s'],
    ['30 seconds', '30 s'],
    ['30 S', '30 s'],
    ['1.5 Hours', '1.5 h'],
    ['2 hrs', '2 h'],
    ['1 day', '1 d'],
    ['30 days', '30 d'],
    ['10 msec', '10 ms'],
    ['10 µsecs', '10 us'],
  ])('%s is no time, and %s is offered', (written, right) => {
    expect(helpFor(written)).toBe(`did you mean "${right}"? (units: ns, us, ms, s, min, h, d)`);
    expect(helpFor(right)).toBe('read');
  });

  it('in a unit that nothing is near to: the units alone', () => {
    expect(helpFor('20 parsecs')).toBe('units: ns, us, ms, s, min, h, d');
  });
});
