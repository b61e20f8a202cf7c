import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nanos } from '../../src/base/index.ts';
import { STEPS } from '../../src/dataplane/index.ts';
import type { View } from '../../src/dataplane/view.ts';
import type { Misfortune } from '../../src/model/index.ts';
import type { PlaceId, Program, Stage } from '../../src/program/index.ts';
import { writeCapture } from '../../src/report/index.ts';
import { historyOf, loadScenario, runScenario, type World } from '../../src/scenario/index.ts';
import { performStep } from '../../src/scenario/perform.ts';
import { claimedProgram, createWorld } from '../../src/scenario/world.ts';
import { NO_MISFORTUNE } from '../support/misfortunes.ts';
import { anyFrame } from '../support/packets.ts';

const FILE = (steps: readonly string[], seed = 7): string => `
title: misfortune
seed: ${seed}
provider:
  zones: [zone-a, zone-b]
  hsms: { hsm-326: { zone: zone-b, address: 10.10.0.3 } }
customers:
  acme:
    vn:
      cidr: 10.0.0.0/16
      subnets: { subnet-308: { cidr: 10.0.0.0/16, zone: zone-a } }
      instances: { app-310: { subnet: subnet-308, address: 10.0.0.7 } }
    roles: { hsm-service: { allow: [create-vni, attach-vni] } }
steps:
  - request-hsm: { customer: acme, subnet: subnet-308, address: 10.0.0.201 }
${steps.map((step) => `  - ${step}\n`).join('')}`;

function scenarioOf(steps: readonly string[], seed?: number) {
  const { scenario, diagnostics } = loadScenario(FILE(steps, seed), 'misfortune.yaml');
  // what is healed before anything is sent is worth a warning, and the very thing that is tried here
  expect(diagnostics.filter(({ code }) => code !== 'scenario/idle-setting')).toEqual([]);
  if (scenario === null) throw new Error('the file is sound');
  return scenario;
}

function performed(...steps: readonly string[]): World {
  const scenario = scenarioOf(steps);
  const world = createWorld(scenario);
  if (!world.ok) throw new Error('the provider builds it');
  scenario.steps.forEach((step, index) => {
    expect(performStep(world.value, step, index).ok).toBe(true);
  });
  return world.value;
}

/** Every impaired course: `hsm-326--tor to hsm-326`, with the ends and the courses in the order of the alphabet. */
function coursesOf({ impairments }: Program): readonly string[] {
  return impairments
    .map((stream) => {
      const [link = '', target = ''] = stream.replace(/^.* on /, '').split(' to ');
      return `${link.split('--').sort().join('--')} to ${target}`;
    })
    .sort();
}

describe('impair', () => {
  it.each([
    ['{ link: tor--hsm-326, loss: 10% }', ['hsm-326--tor to hsm-326', 'hsm-326--tor to tor']],
    ['{ link: tor--hsm-326, direction: to hsm-326, loss: 10% }', ['hsm-326--tor to hsm-326']],
    ['{ link: tor--hsm-326, direction: from hsm-326, loss: 10% }', ['hsm-326--tor to tor']],
    ['{ device: hsm-326, direction: out, loss: 10% }', ['hsm-326--tor to tor']],
    [
      '{ device: dx-router, direction: in, loss: 10% }',
      ['dx-router--tor to dx-router', 'dx-router--overlay-240 to dx-router'],
    ],
    [
      '{ zone: zone-a, direction: in, loss: 10% }',
      [
        'acme/app-310--server-a to acme/app-310',
        'acme/app-310--server-a to server-a',
        'fabric--server-a to server-a',
      ],
    ],
  ])('%s concerns these courses and no others', (text, courses) => {
    expect(coursesOf(performed(`impair: ${text}`).engine.program)).toEqual([...courses].sort());
  });

  it('costs nothing where nothing is impaired, and healing restores the very network', () => {
    const whole = performed().engine.program;
    expect(whole.stages.some(({ kind }) => kind === 'impair')).toBe(false);
    const healed = performed(
      'impair: { link: tor--hsm-326, loss: 10% }',
      'impair: { link: tor--hsm-326, direction: to tor, delay: 5 ms }',
      'impair: { zone: zone-b, corrupt: 1% }',
      'heal: { zone: zone-b }',
      'heal: { link: tor--hsm-326 }',
    );
    expect(healed.engine.program).toEqual(whole);
  });

  it('of the same part and direction again replaces; other parts add', () => {
    const again = performed(
      'impair: { link: tor--hsm-326, loss: 10% }',
      'impair: { link: tor--hsm-326, loss: 20% }',
      'impair: { device: tor, direction: in, delay: 1 ms }',
    );
    const stages = again.engine.program.stages.filter((stage) => stage.kind === 'impair');
    expect(new Set(stages.map(({ misfortune }) => misfortune.loss))).toEqual(new Set([200_000, 0]));
  });

  it('[DC-04] leaves the claims as they are: they are about the network with nothing broken', () => {
    const broken = performed('impair: { link: tor--hsm-326, loss: 100% }');
    expect(claimedProgram(broken)).toEqual(performed().engine.program);
  });
});

function stageOf(misfortune: Partial<Misfortune>, seed: number): Stage<'impair'> {
  return {
    kind: 'impair',
    id: 0,
    from: { record: 'a test', source: null },
    name: 'the link',
    misfortune: { ...NO_MISFORTUNE, ...misfortune },
    counter: 0,
    seed,
    stream: 'the link to hsm-326',
    to: 1 as PlaceId,
  };
}

const FRAME = {
  link: { target: 1 as never, source: 2 as never, vlan: null },
  body: { kind: 'opaque-frame' as const, etherType: 0x88cc, payload: new Uint8Array(46) },
};

const fate = (stage: Stage<'impair'>, number: number, frame = FRAME) =>
  STEPS.impair(stage, { crossings: () => number } as unknown as View, frame);

const NUMBERS = Array.from({ length: 20_000 }, (_, number) => number);

describe('luck', () => {
  it.each([1, 2, 3, 7])('[DC-07] strikes as many frames as it should, with seed %s', (seed) => {
    for (const share of [10_000, 100_000, 500_000]) {
      const lost = NUMBERS.filter(
        (number) => fate(stageOf({ loss: share }, seed), number).verdict === 'drop',
      );
      const expected = (NUMBERS.length * share) / 1_000_000;
      expect(Math.abs(lost.length - expected)).toBeLessThan(4 * Math.sqrt(expected));
      // in no pattern: after a lost frame the next is lost as often as any
      const inRow = lost.filter((number, index) => lost[index + 1] === number + 1).length;
      expect(Math.abs(inRow - (lost.length * share) / 1_000_000)).toBeLessThan(
        5 * Math.sqrt(lost.length * (share / 1_000_000)) + 3,
      );
    }
  });

  it('[DC-07] draws for each misfortune by itself: more loss only loses more', () => {
    const both = stageOf({ loss: 300_000, duplicate: 500_000 }, 5);
    const one = stageOf({ loss: 100_000, duplicate: 500_000 }, 5);
    for (const number of NUMBERS.slice(0, 2_000)) {
      const [more, less] = [fate(both, number), fate(one, number)];
      if (less.reason === 'link.lost') expect(more.reason).toBe('link.lost');
      if (more.reason === null) expect(more).toEqual(less);
    }
  });

  it('[DC-07] keeps the jitter around the delay, and spreads it', () => {
    const stage = stageOf({ delay: nanos(5_000), jitter: nanos(2_000) }, 1);
    const delays = NUMBERS.map((number) => {
      const { effect } = fate(stage, number);
      return effect?.kind === 'crossed' ? (effect.arrivals?.[0] ?? -1) : -1;
    });
    expect(Math.min(...delays)).toBeLessThan(3_010);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(3_000);
    expect(Math.max(...delays)).toBeGreaterThan(6_990);
    expect(Math.max(...delays)).toBeLessThanOrEqual(7_000);
  });

  it('[DC-07] is nothing but a function: the same frame at the same number has the same fate', () => {
    const stage = stageOf(
      { loss: 100_000, delay: nanos(9), jitter: nanos(9), corrupt: 500_000, duplicate: 500_000 },
      3,
    );
    fc.assert(
      fc.property(anyFrame, fc.nat(1_000_000), (frame, number) => {
        expect(fate(stage, number, frame as typeof FRAME)).toEqual(
          fate(stage, number, frame as typeof FRAME),
        );
      }),
    );
  });
});

const TROUBLE = [
  'impair: { zone: zone-b, loss: 20%, delay: 2 ms, jitter: 1 ms, duplicate: 20%, reorder: 20%, corrupt: 10% }',
  ...Array.from({ length: 12 }, () => 'send: { from: app-310, to: 10.0.0.201, icmp: echo, payload: hello }'),
];

function captureOf(seed: number): Uint8Array {
  const ran = runScenario(scenarioOf(TROUBLE, seed));
  if (!ran.ok) throw new Error('it runs');
  return writeCapture({ parts: historyOf(ran.value.world), seed });
}

describe('a run with misfortune in it', () => {
  it('[DC-07] gives the same capture, byte for byte, whenever it is run again', () => {
    expect(captureOf(7)).toEqual(captureOf(7));
    expect(captureOf(7)).not.toEqual(captureOf(8));
  });
});
