import { describe, expect, it } from 'vitest';
import {
  capture,
  capturing,
  loadNetwork,
  type Network,
  type Progress,
  perform,
  pingall,
  run,
  running,
  snapshot,
  trace,
} from '../../src/library/index.ts';
import { OFFICE } from './office.ts';
import { scenarioFile } from './scenario-file.ts';

/* Questions about all of a network: who reaches whom, what crossed its links, what came of its scenario. */

const open = (name: string): Network => loadNetwork(scenarioFile(name), { file: `${name}.yaml` });
const fig3 = open('fig3');
const office = loadNetwork(OFFICE);

describe('[DC-10] pingall', () => {
  it.each(['engine', 'sets'] as const)(
    'says who reaches whom, by %s, and leaves the network as it was',
    (by) => {
      const before = snapshot(office);
      const { schema, targets, rows } = pingall(office, by);
      expect(schema).toBe('vnsim.pingall/1');
      expect(targets.map(({ name }) => name)).toEqual(['desk', 'files', 'vault']);
      const outcomes = rows.map(({ from, results }) => [from, ...results.map(({ outcome }) => outcome)]);
      expect(outcomes).toEqual([
        ['desk', 'answered', 'answered', 'dropped'],
        ['files', 'answered', 'answered', 'dropped'],
        ['vault', 'answered', 'answered', 'answered'],
      ]);
      expect(pingall(office, by)).toEqual(pingall(office, by));
      expect(snapshot(office)).toEqual(before);
    },
  );

  it('answers for one ping what trace does', () => {
    const { targets, rows } = pingall(fig3);
    for (const { from, results } of rows) {
      for (const [at, { outcome }] of results.entries()) {
        const traced = trace(fig3, { from, to: targets[at]?.address ?? '', icmp: 'echo' });
        expect([from, at, outcome === 'dropped']).toEqual([from, at, traced.outcome !== 'delivered']);
      }
    }
  });
});

describe('[DC-10] capture', () => {
  it('gives the bytes of a file, the same each time', () => {
    const { packets, bytes } = capture(fig3);
    expect(packets).toBeGreaterThan(10);
    // the block type of a section header, in pcapng
    expect([...bytes.subarray(0, 4)]).toEqual([0x0a, 0x0d, 0x0d, 0x0a]);
    expect(capture(fig3)).toEqual({ packets, bytes });
  });

  it('pauses after each step', () => {
    expect([...capturing(fig3)]).toHaveLength(fig3.scenario.steps?.length ?? 0);
  });
});

describe('[DC-10] run', () => {
  it('takes several networks, and adds them up', () => {
    const names = ['fig3', 'two-tenants', 'fails-on-purpose'];
    const alone = names.map((name) => run(open(name)));
    const together = run(...names.map(open));
    expect(together.scenarios).toEqual(alone.flatMap(({ scenarios }) => scenarios));
    const sum = (key: 'passed' | 'failed') => alone.reduce((total, each) => total + each[key], 0);
    expect([together.passed, together.failed]).toEqual([sum('passed'), sum('failed')]);
  });

  it('tells between steps how far it has come', () => {
    const seen: Progress[] = [...running(fig3, open('fails-on-purpose'))];
    const first = run(fig3);
    expect(seen.at(0)).toEqual({ done: 0, passed: 0, failed: 0 });
    expect(seen.at(-1)).toEqual({ done: 1, passed: first.passed, failed: 0 });
  });
});

describe('[DC-10] a network at an instant', () => {
  it('stands as it does then, and is asked like any other', () => {
    const early = loadNetwork(scenarioFile('fig3'), { steps: { until: '0 s' } });
    const late = loadNetwork(scenarioFile('fig3'), { steps: { until: '2000 s' } });
    const connections = (network: Network) =>
      snapshot(network, 'connections').connections?.flatMap(({ rows }) => rows).length;
    expect(connections(early)).not.toBe(connections(late));
    const packet = { from: 'app-310', to: '10.0.0.201', tcp: { port: 1792 } };
    expect(trace(late, packet)).toEqual(trace(late, packet));
  });

  it('takes no further steps, and no instant that is none', () => {
    const stopped = loadNetwork(scenarioFile('fig3'), { steps: { until: '10 ms' } });
    expect(() => perform(stopped, { wait: '1 s' })).toThrow('usage/argument');
    expect(() => loadNetwork(OFFICE, { steps: { until: 'soon' } })).toThrow('usage/time');
  });
});
