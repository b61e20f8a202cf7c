import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DROP_REASONS } from '../../src/dataplane/index.ts';
import { RECORD_DROPS } from '../../src/host/index.ts';
import { loadScenario } from '../../src/scenario/index.ts';

const SHOWN = Object.entries(DROP_REASONS).filter(([, { shownBy }]) => shownBy !== undefined);

describe('the scenario that explains a drop reason', () => {
  it('is named for the reasons that a machine meets without forging frames', () => {
    expect(SHOWN.length).toBeGreaterThanOrEqual(9);
  });

  it.each(SHOWN)('[DC-11] of %s expects that very reason', (reason, { shownBy = '' }) => {
    const { scenario } = loadScenario(readFileSync(shownBy), shownBy);
    const expected = scenario?.steps.map(({ expect: wanted }) => wanted?.dropped ?? null) ?? [];
    expect(expected).toContain(reason);
  });

  it.each(Object.entries(RECORD_DROPS).filter(([, { shownBy }]) => shownBy !== undefined))(
    '[Q-33] of %s expects that it is not opened for that reason',
    (reason, { shownBy = '' }) => {
      const { scenario } = loadScenario(readFileSync(shownBy), shownBy);
      expect(scenario?.steps.map(({ expect: wanted }) => wanted?.unopened?.because)).toContain(reason);
    },
  );
});
