import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/index.ts';
import { performStep } from '../../src/scenario/perform.ts';
import { runScenario } from '../../src/scenario/run.ts';
import { claimedProgram, createWorld } from '../../src/scenario/world.ts';

const FILE = (links: string, underlay = 'ipv4'): string => `
title: links
provider:
  underlay: ${underlay}
  zones: [zone-a, zone-b]
  hsms: { hsm-326: { zone: zone-b, address: 10.10.0.3 } }
  links: ${links}
customers:
  acme:
    vn:
      cidr: 10.0.0.0/16
      subnets: { subnet-308: { cidr: 10.0.0.0/16, zone: zone-a } }
      instances: { app-310: { subnet: subnet-308, address: 10.0.0.7 } }
    roles: { hsm-service: { allow: [create-vni, attach-vni] } }
steps:
  - request-hsm: { customer: acme, subnet: subnet-308, address: 10.0.0.201 }
`;

/** The MTU of every link of FIG. 3, both directions, by name. */
function mtusOf(links: string, underlay?: string): ReadonlyMap<string, ReadonlySet<number>> {
  const { scenario, diagnostics } = loadScenario(FILE(links, underlay), 'links.yaml');
  expect(diagnostics).toEqual([]);
  if (scenario === null) throw new Error('the file is sound');
  const world = createWorld(scenario);
  if (!world.ok) throw new Error('the provider builds it');
  scenario.steps.forEach((step, index) => {
    expect(performStep(world.value, step, index).ok).toBe(true);
  });
  const found = new Map<string, Set<number>>();
  for (const stage of claimedProgram(world.value).stages) {
    if (stage.kind === 'transmit') found.set(stage.link, (found.get(stage.link) ?? new Set()).add(stage.mtu));
  }
  return found;
}

describe('the MTU of a link', () => {
  it('is 1500, and on the fabric 1550, so that a wrapped packet of 1500 fits (RFC 7348)', () => {
    const mtus = mtusOf('[]');
    expect(mtus.size).toBeGreaterThanOrEqual(7);
    for (const [name, mtu] of mtus) expect([...mtu], name).toEqual([name.includes('fabric') ? 1550 : 1500]);
  });

  it('[N-18] is 1570 on a fabric of IPv6, where a wrapper takes 70 (RFC 7348)', () => {
    const mtus = mtusOf('[]', 'ipv6');
    for (const [name, mtu] of mtus) expect([...mtu], name).toEqual([name.includes('fabric') ? 1570 : 1500]);
  });

  it.each(['[tor, hsm-326]', '[hsm-326, tor]'])(
    'is what the file says in both directions, written as %s',
    (between) => {
      const mtus = mtusOf(`[{ between: ${between}, mtu: 1400 }]`);
      expect([...(mtus.get('tor--hsm-326') ?? [])]).toEqual([1400]);
      expect([...(mtus.get('tor--dx-router') ?? [])]).toEqual([1500]);
    },
  );

  it('may be said of a device that a step creates', () => {
    const mtus = mtusOf(
      '[{ between: [nat-322, server-b], mtu: 1300 }, { between: [acme/app-310, server-a], mtu: 68 }]',
    );
    expect([...(mtus.get('nat-322--server-b') ?? mtus.get('server-b--nat-322') ?? [])]).toEqual([1300]);
    expect([...(mtus.get('app-310--server-a') ?? mtus.get('server-a--app-310') ?? [])]).toEqual([68]);
  });
});

describe('what is said of a link that is never there', () => {
  const file = 'test/golden/errors/scenario.idle-setting.yaml';

  it('is warned of, and what is said of one that is there is not', () => {
    const { scenario, diagnostics } = loadScenario(readFileSync(file), file);
    if (scenario === null) throw new Error('a warning is no error');
    const ran = runScenario(scenario);
    if (!ran.ok) throw new Error(ran.fault.map(({ message }) => message).join('; '));
    const there = new Set(
      ran.value.world.epochs.flatMap(({ program }) =>
        program.links.map(({ ends }) => [...ends].sort().join()),
      ),
    );
    const warned = new Set(
      diagnostics
        .filter(({ line, message }) => line < 25 && !message.startsWith('nothing'))
        .map(({ line }) => line),
    );
    for (const { ends, source } of scenario.links) {
      const isThere = there.has(
        ends
          .map(({ id }) => id)
          .sort()
          .join(),
      );
      expect([source.line, warned.has(source.line)]).toEqual([source.line, !isThere]);
    }
    expect(scenario.links.length).toBeGreaterThan(10);
  });
});
