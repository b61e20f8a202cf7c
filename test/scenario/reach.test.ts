import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { port, portRange } from '../../src/address/index.ts';
import {
  loadScenario,
  prepareWorld,
  type Reach,
  reachBetween,
  runScenario,
} from '../../src/scenario/index.ts';

function reach(file: string, from: string, to: string, tcp: number | null = null): Reach {
  const { scenario } = loadScenario(readFileSync(`scenarios/${file}`, 'utf8'), file);
  if (scenario === null) throw new Error(`${file} can be loaded`);
  const world = prepareWorld(scenario, { kind: 'end' });
  if (!world.ok) throw new Error(`${file} can be performed`);
  const carried = tcp === null ? null : { protocol: 'tcp' as const, ports: portRange(port(tcp), port(tcp)) };
  const found = reachBetween(world.value, from, to, carried);
  if (!found.ok) throw new Error(found.fault.message);
  return found.value;
}

describe('what gets through', () => {
  it('[I-11] [T-02] is exactly what the firewall of the request allows, under the addresses of FIG. 3', () => {
    const { passages } = reach('fig3.yaml', 'app-310', 'hsm-326');
    expect(passages.map(({ sent }) => [sent.source, sent.target, sent.traffic])).toEqual([
      ['10.0.0.7', '10.0.0.201', 'icmp'],
      ['10.0.0.7', '10.0.0.201', 'tcp/1792'],
    ]);
    for (const { arrives, confirmed } of passages) {
      expect([arrives.source, arrives.target]).toEqual(['192.168.0.55', '10.10.0.3']);
      expect(confirmed?.steps.at(-1)?.outcome.verdict).toBe('deliver');
    }
  });

  it('[T-10] is nothing from an HSM to its client, unasked', () => {
    expect(reach('fig3.yaml', 'hsm-326', 'app-310').passages).toEqual([]);
  });

  it('may be asked for by address', () => {
    const { passages } = reach('fig3.yaml', 'app-310', '10.0.0.201', 1792);
    expect(passages.map(({ to, sent }) => [to, sent.traffic])).toEqual([['hsm-326', 'tcp/1792']]);
  });

  it('[I-05] is one set where rules of a firewall overlap', () => {
    const { passages } = reach('firewalls.yaml', 'web-1', 'web-2');
    expect(passages.map(({ sent }) => sent.traffic)).toEqual(['icmp', 'tcp/443']);
  });
});

describe('what is in the way', () => {
  it('[I-11] is the firewall, and one rule would open it', () => {
    const { blocked, passages } = reach('fig3.yaml', 'app-310', 'hsm-326', 22);
    expect(passages).toEqual([]);
    expect(blocked).toMatchObject({ target: '10.0.0.201', opens: true });
    expect(blocked?.blockers.map(({ stops, message, change }) => [stops, message, change])).toEqual([
      [
        'request',
        'dropped at vni-314: firewall.deny',
        '{ allow: tcp/22, from: 10.0.0.7/32 } in the firewall of vni-314 (in)',
      ],
    ]);
    expect(blocked?.confirmed?.steps.at(-1)?.outcome.verdict).toBe('deliver');
  });

  it('[I-05] is everything on the way, not only the first', () => {
    const { blocked } = reach('firewalls.yaml', 'vault', 'app-310', 80);
    expect(blocked?.blockers.map(({ change }) => change)).toEqual([
      '{ allow: tcp/80, to: 10.0.0.9/32 } in the firewall of vault (out)',
      '{ allow: tcp/80, from: 10.0.0.11/32 } in the firewall of app-310 (in)',
    ]);
  });

  it('[I-17] is an ACL for the answer too, since it remembers nothing', () => {
    const { blocked } = reach('acls.yaml', 'app-310', 'db-2', 22);
    expect(blocked?.opens).toBe(true);
    expect(new Set(blocked?.blockers.map(({ stops }) => stops))).toContain('request');
    expect(blocked?.blockers.every(({ change }) => change !== null)).toBe(true);
  });

  it.for([
    ['fig3.yaml', 'app-310', 'hsm-326', 22],
    ['firewalls.yaml', 'vault', 'app-310', 80],
    ['acls.yaml', 'app-310', 'db-2', 22],
    ['two-tenants.yaml', 'globex/spy', 'hsm-326', 1792],
  ] as const)(
    'is what a claim names too, and not some packet that is stopped anywhere: %s',
    ([file, from, to, tcp]) => {
      const [first] = reach(file, from, to, tcp).blocked?.blockers ?? [];
      const text = readFileSync(`scenarios/${file}`, 'utf8');
      const claim = `${from} reaches ${to} tcp/${tcp}`;
      const head = text.includes('\nprove:') ? text.slice(0, text.indexOf('\nprove:')) : text;
      const { scenario } = loadScenario(`${head}\nprove: [${claim}]\n`, file);
      const ran = scenario === null ? null : runScenario(scenario);
      const check = ran?.ok ? ran.value.report.checks.find(({ name }) => name === claim) : undefined;
      const where = first?.message.replace(/^dropped /, '') ?? '';
      expect(check).toMatchObject({ passed: false });
      expect(check?.message).toContain(where);
    },
  );

  it('[I-03] is told as far as it gets where nothing helps: another customer’s HSM', () => {
    const { blocked } = reach('two-tenants.yaml', 'globex/spy', 'hsm-326', 1792);
    expect(blocked).toMatchObject({ target: '10.10.0.3', opens: false });
    expect(blocked?.blockers.at(-1)).toMatchObject({ change: null });
  });

  it('[I-01] is no address at all between customers, who both have the same: who calls it calls himself', () => {
    const { passages, blocked } = reach('two-tenants.yaml', 'acme/app-310', 'globex/app-310', 80);
    expect([passages, blocked]).toEqual([[], null]);
  });
});
