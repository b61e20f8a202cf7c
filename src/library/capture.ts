import { writeCapture } from '../report/index.ts';
import { historyOf, performScenario } from '../scenario/index.ts';
import { insidesOf, type Network, orThrow } from './network.ts';

/** What crossed the links of a network. */
export interface Captured {
  /** packets that somebody sent; each stands in the file once for each link that it crossed */
  readonly packets: number;
  /** a file in pcapng, as Wireshark and tshark read it */
  readonly bytes: Uint8Array;
}

/**
 * Performs a scenario from its first step and writes down everything that crossed a link: `vnsim capture`. The same scenario
 * always gives the same bytes.
 *
 * @throws {VnsimError} where the provider refuses a step and no refusal was expected
 */
export function capture(network: Network): Captured {
  const work = capturing(network);
  for (;;) {
    const next = work.next();
    if (next.done === true) return next.value;
  }
}

/** The same with a pause after each step. */
export function* capturing(network: Network): Generator<undefined, Captured> {
  const { scenario } = insidesOf(network);
  const { world } = orThrow(yield* performScenario(scenario));
  const bytes = writeCapture({ parts: historyOf(world), seed: scenario.seed });
  return { packets: world.trace.count, bytes };
}
