import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadNetwork, prove } from '../../src/library/index.ts';
import { assertProperty, networks, PropertyFailed, trials } from '../../src/testing/index.ts';

/** Fails as soon as somebody may call port 22 of a neighbour. */
const closed = fc.property(networks({ customers: 1 }), (network) => {
  const [one = '', other] = network.machines.filter((name) => name.startsWith('app-'));
  if (other === undefined) return;
  const claim = `nothing unasked from ${one} reaches ${other} tcp/22`;
  const proofs = prove(network, claim);
  if (proofs.claims[0]?.verdict === 'refuted') throw new Error(proofs.text());
});

function failureOf(attempt: () => void): PropertyFailed {
  try {
    attempt();
  } catch (error) {
    if (error instanceof PropertyFailed) return error;
    throw error;
  }
  throw new Error('it holds');
}

describe('[DC-10] a property that does not hold', () => {
  const failed = failureOf(() => assertProperty(closed, { seed: 1, numRuns: 300 }));

  it('is shown in the smallest network, as the file that it would be', () => {
    const [, shown = ''] = /The smallest:\n\n((?: {4}.*\n|\n)+)/.exec(failed.message) ?? [];
    const network = loadNetwork(shown.replace(/^ {4}/gm, ''));
    expect(network.machines).toEqual(['app-1', 'app-2']);
    expect(network.customers).toEqual(['acme']);
    expect(shown).not.toMatch(/\[ ?\]|\{ ?\}/);
  });

  it('with the packet that breaks it, its way and why', () => {
    expect(failed.message).toMatch(/app-1 sends TCP SYN 10\.0\.\d+\.\d+:\d+ → 10\.0\.\d+\.\d+:22/);
    expect(failed.message).toContain('deliver     to the machine itself, tcp/22');
  });

  it('and a line that replays exactly that', () => {
    const [, seed = '', path = ''] =
      /replay: assertProperty\(property, \{ seed: (-?\d+), path: "([\d:]+)" \}\)/.exec(failed.message) ?? [];
    expect([Number(seed), path]).toEqual([failed.seed, failed.path]);
    const again = failureOf(() => assertProperty(closed, { seed: Number(seed), path, numRuns: 300 }));
    const smallest = (message: string) =>
      message.slice(message.indexOf('smallest'), message.indexOf('replay'));
    expect(smallest(again.message)).toBe(smallest(failed.message));
  });

  it('shows packets as the steps that send them', () => {
    const never = fc.property(trials({ customers: 1 }), () => false);
    expect(() => assertProperty(never)).toThrow(
      /- \{ send: \{ from: app-1, to: [\d.]+, tcp: \{ port: \d+ \} \} \}/,
    );
  });

  it('rejects where it is asynchronous', async () => {
    const never = fc.asyncProperty(networks(), () => Promise.reject(new Error('never')));
    await expect(assertProperty(never)).rejects.toThrow(/title: any[\s\S]*never\n\nreplay/);
    await expect(
      assertProperty(
        fc.asyncProperty(networks(), () => Promise.resolve()),
        { numRuns: 2 },
      ),
    ).resolves.toBeUndefined();
  });

  it('is told of where nothing was fit to be looked at', () => {
    const picky = fc.property(networks(), () => fc.pre(false));
    expect(() => assertProperty(picky, { numRuns: 3, maxSkipsPerRun: 1 })).toThrow(PropertyFailed);
  });
});

describe('[DC-10] a property that holds', () => {
  it('says nothing', () => {
    assertProperty(
      fc.property(networks(), ({ customers }) => customers.length > 0),
      { numRuns: 5 },
    );
  });
});
