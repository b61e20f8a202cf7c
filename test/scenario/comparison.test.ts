import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compareWorlds, loadScenario, prepareWorld, type World } from '../../src/scenario/index.ts';

function worldOf(file: string, change: (text: string) => string = (text) => text): World {
  const text = readFileSync(`scenarios/${file}`, 'utf8');
  const { scenario, diagnostics } = loadScenario(change(text), file);
  if (scenario === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const world = prepareWorld(scenario, { kind: 'end' });
  if (!world.ok) throw new Error(`${file} can be performed`);
  return world.value;
}

function withRule(from: string, to: string): (text: string) => string {
  return (text) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  };
}

const ICMP = '- { allow: icmp, from: 10.0.0.0/16 }';

describe('what a change opens and closes', () => {
  it.for(['fig3.yaml', 'fig2.yaml', 'firewalls.yaml', 'two-tenants.yaml', 'acls.yaml'])(
    'is nothing where nothing is changed: %s',
    (file) => {
      expect(compareWorlds(worldOf(file), worldOf(file)).pairs).toEqual([]);
    },
  );

  it('[I-11] is what one rule instead of another lets through, exactly, with a packet that arrives', () => {
    const after = worldOf('fig3.yaml', withRule(ICMP, '- { allow: tcp/22, from: 10.0.0.8/32 }'));
    const { pairs } = compareWorlds(worldOf('fig3.yaml'), after);
    const told = pairs.map(({ from, to, opened, closed }) => [
      from,
      to,
      opened.map(({ sent }) => `${sent.traffic} ${sent.source} ${sent.target}`),
      closed.map(({ sent }) => `${sent.traffic} ${sent.source} ${sent.target}`),
    ]);
    expect(told).toEqual([
      ['acme/app-310', 'hsm-326', [], ['icmp 10.0.0.7 10.0.0.201']],
      ['acme/store-310', 'hsm-326', ['tcp/22 10.0.0.8 10.0.0.201'], ['icmp 10.0.0.8 10.0.0.201']],
    ]);
    for (const { opened, closed } of pairs) {
      for (const { confirmed } of [...opened, ...closed]) {
        expect(confirmed.steps.at(-1)?.outcome.verdict).toBe('deliver');
      }
    }
  });

  it('turned round, opens what it closed', () => {
    const changed = withRule(ICMP, '- { allow: udp, from: 10.0.0.0/16 }');
    const [one, other] = [worldOf('fig3.yaml'), worldOf('fig3.yaml', changed)];
    const there = compareWorlds(one, other).pairs;
    const back = compareWorlds(other, one).pairs;
    expect(back.map(({ opened }) => opened.map(({ sent }) => sent))).toEqual(
      there.map(({ closed }) => closed.map(({ sent }) => sent)),
    );
    expect(there.length).toBeGreaterThan(0);
  });

  it('[T-02] tells that the same packets arrive under other addresses', () => {
    const changed = withRule('address: 192.168.0.55 }', 'address: 192.168.0.77 }');
    const { pairs } = compareWorlds(worldOf('fig3.yaml'), worldOf('fig3.yaml', changed));
    expect(pairs.map(({ from, opened, closed }) => [from, opened, closed])).toEqual([
      ['acme/app-310', [], []],
      ['acme/store-310', [], []],
    ]);
    const [{ arrives } = { arrives: null }] = pairs;
    expect(arrives?.before.map(({ source }) => source)).toContain('192.168.0.55');
    expect(arrives?.after.map(({ source }) => source)).toContain('192.168.0.77');
  });

  it('names machines that only one of the two has', () => {
    const { onlyBefore, onlyAfter } = compareWorlds(worldOf('fig3.yaml'), worldOf('no-source-rewrite.yaml'));
    expect([onlyBefore, onlyAfter]).toEqual([['acme/store-310'], []]);
  });
});
