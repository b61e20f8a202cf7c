import fc from 'fast-check';
import { type Network, type StepText, snapshot, VnsimError } from '../library/index.ts';

/**
 * What can break in a network, one thing at a time, as a step: `perform(network, failure)` is the network in which it is broken.
 * A zone, a device, or a link.
 *
 * @throws {VnsimError} where nothing can
 */
export function failures(network: Network): fc.Arbitrary<StepText> {
  const { zones } = network.scenario.provider;
  const links = linksOf(network);
  const ends = new Set(links.flatMap((link) => link.split('--')));
  const steps = [
    ...(Array.isArray(zones) ? zones : Object.keys(zones)).map((zone: string) => ({ fail: { zone } })),
    ...[...ends].map((device) => ({ fail: { device } })),
    ...links.map((link) => ({ fail: { link } })),
  ];
  if (steps.length === 0) throw VnsimError.about('usage/argument', 'nothing in the network can break');
  return fc.constantFrom(...steps);
}

function linksOf(network: Network): readonly string[] {
  const tables = snapshot(network, 'links').links ?? [];
  return tables.flatMap(({ rows }) => rows.map((row) => row['link'] ?? ''));
}
