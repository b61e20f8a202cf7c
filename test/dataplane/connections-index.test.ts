import { describe, expect, it } from 'vitest';
import { nanos } from '../../src/base/index.ts';
import { FlowIndex } from '../../src/dataplane/connections/flow-index.ts';
import { CONNECTION, openingOf } from '../../src/dataplane/connections/index.ts';
import { newRecords, ORIGINAL, portsWord, writeRecord } from '../../src/dataplane/connections/records.ts';
import type { Flow } from '../../src/packet/index.ts';
import { flow } from './connections-model.ts';

/** Fills an index to its greatest load and says how many cells a search walks, on average and at most. */
function walksOf(count: number, flowAt: (index: number) => Flow): { average: number; longest: number } {
  const records = newRecords(count);
  const index = new FlowIndex(ORIGINAL, count);
  const walk = (of: Flow): number =>
    index.walk(
      records,
      of.protocol,
      Number(of.source),
      Number(of.target),
      portsWord(of.sourcePort, of.targetPort),
    );
  for (let slot = 0; slot < count; slot += 1) {
    const original = flowAt(slot);
    const [source, target] = [Number(original.source), Number(original.target)];
    const words = { source, target, replySource: source, replyTarget: target };
    writeRecord(records, slot, openingOf(original, original, CONNECTION.opening, nanos(1)), words, 0);
    index.link(records, slot);
  }
  const walks = Array.from({ length: count }, (_, slot) => walk(flowAt(slot)));
  return {
    average: walks.reduce((sum, steps) => sum + steps, 0) / count,
    longest: walks.reduce((most, steps) => Math.max(most, steps), 0),
  };
}

const ADDRESS = 0x0a000007;

describe('hash of flows', () => {
  // linear probing at a load of 3/4 walks 2.5 cells for a hit where the hash is ideal (Knuth, volume 3, section 6.4)
  const sequences: Readonly<Record<string, (index: number) => Flow>> = {
    'a port scan': (index) => flow(6, ADDRESS, 40_000, ADDRESS + 1, index),
    'all source ports of a client': (index) => flow(6, ADDRESS, index, ADDRESS + 1, 1792),
    'a sweep over addresses': (index) => flow(1, ADDRESS, 7, ADDRESS + index, 7),
    'a sweep over networks': (index) => flow(17, index << 16, 53, ADDRESS, 53),
    'clients on equal ports': (index) =>
      flow(17, ADDRESS + index, index & 0xff, ADDRESS + index, index & 0xff),
    'both ports in step': (index) => flow(17, ADDRESS, index, ADDRESS, 65_535 - index),
    'echo identifiers': (index) => flow(1, ADDRESS, index, ADDRESS + 1, index),
    'every 256th address': (index) => flow(6, index << 8, 1, -(index << 8), 1),
  };

  it.each(Object.keys(sequences))('%s does not cluster', (name) => {
    const { average, longest } = walksOf(60_000, sequences[name] as (index: number) => Flow);
    expect(average).toBeGreaterThan(1.5);
    expect(average).toBeLessThan(3);
    expect(longest).toBeLessThan(250);
  });

  it('tells protocols apart, and the two ends of a flow', () => {
    const { average } = walksOf(60_000, (index) =>
      index % 2 === 0
        ? flow(index % 200, ADDRESS, index >>> 1, ADDRESS + 1, 9)
        : flow(index % 200, ADDRESS + 1, 9, ADDRESS, index >>> 1),
    );
    expect(average).toBeLessThan(3);
  });
});
