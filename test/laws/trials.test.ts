import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DropReason } from '../../src/dataplane/index.ts';
import { deliveriesOf, senderOf } from '../support/journeys.ts';
import { forgedTrial, honestTrial, play, type Run, type Trial } from '../support/traffic.ts';

/* A law that speaks of nothing holds always. So the trials themselves are under test: what they bring about. */

const TRIALS = 200;

function runsOf(trials: fc.Arbitrary<Trial>): readonly Run[] {
  return fc.sample(trials, TRIALS).map((trial) => play(trial));
}

function reasonsOf(runs: readonly Run[]): ReadonlySet<DropReason> {
  return new Set(runs.flatMap(({ network }) => [...network.world.engine.tally.reasons.keys()]));
}

describe('the trials of the laws', () => {
  it('[DC-04] bring tenants with equal addresses for everything', () => {
    const equal = runsOf(honestTrial).filter(({ network: { services } }) =>
      services.some((one) =>
        services.some(
          (other) =>
            one.tenant !== other.tenant &&
            one.outer === other.outer &&
            one.inward === other.inward &&
            one.target === other.target,
        ),
      ),
    );
    expect(equal.length).toBeGreaterThan(TRIALS / 30);
  });

  it('[DC-04] bring answers, refusals, and clients whose ports have to give way', () => {
    const runs = runsOf(honestTrial);
    const answered = runs.flatMap(({ called }) => called.filter(({ answer }) => answer.length > 0));
    expect(answered.length).toBeGreaterThan(TRIALS / 4);
    const moved = runs.filter(({ journeys }) =>
      journeys.some(({ steps }) =>
        steps.some(({ outcome: { effect } }) => {
          return effect?.kind === 'connection-opened' && effect.replyTargetPort !== effect.originalSourcePort;
        }),
      ),
    );
    expect(moved.length).toBeGreaterThan(0);
    expect([...reasonsOf(runs)]).toEqual(
      expect.arrayContaining(['firewall.deny', 'mapping.none', 'nat.no-flow', 'route.none']),
    );
  });

  it('[DC-04] bring forged frames that arrive, and forged frames that end in many ways', () => {
    const runs = runsOf(forgedTrial);
    const arrived = runs.flatMap((run) =>
      deliveriesOf(run).filter(({ journey, to }) => {
        const { hosts } = run.network.world.engine.program;
        const sender = senderOf(run.network, journey);
        return sender !== null && sender.id !== to.id && journey.place.id === hosts[sender.host]?.port;
      }),
    );
    expect(arrived.length).toBeGreaterThan(TRIALS / 30);
    expect(reasonsOf(runs).size).toBeGreaterThan(10);
  });
});
