import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { familyOf, formatIp } from '../../src/address/index.ts';
import { present } from '../../src/base/index.ts';
import { EMPTY_MODEL } from '../../src/model/index.ts';
import { call, layUnderlay, openZone, startServer, transact } from '../../src/provider/index.ts';
import { explainStep } from '../../src/report/index.ts';
import { type Diagnostic, loadScenario, prepareWorld, tablesOf } from '../../src/scenario/index.ts';
import { asked, built, type Change } from '../support/built.ts';

/* Families of addresses: that of the underlay, which is the provider's choice, and that of a network and all it deals with. */

function complaints(file: string, change: Change): readonly Diagnostic[] {
  const text = change(readFileSync(`scenarios/${file}.yaml`, 'utf8'));
  const { scenario, diagnostics } = loadScenario(text, file);
  if (scenario === null) return diagnostics;
  const world = prepareWorld(scenario, { kind: 'built' });
  return world.ok ? [] : world.fault;
}

describe('the underlay', () => {
  it('[N-18] gives every tunnel end an address of its family, and the model says which that is', () => {
    const { model } = built('ipv6-underlay');
    expect(Object.values(model.servers).map(({ tunnel }) => formatIp(tunnel))).toEqual([
      'fd00:64::11',
      'fd00:64::12',
      'fd00:64::13',
    ]);
    expect([model.underlay, built('fig3').model.underlay]).toEqual([6, 4]);
    const bordered = built('public-private-subnets', (text) =>
      text.replace('provider:', 'provider:\n  underlay: ipv6'),
    );
    const gateways = Object.values(bordered.model.gateways);
    expect(gateways.length).toBeGreaterThan(0);
    expect(gateways.map(({ tunnel }) => familyOf(tunnel))).toEqual(gateways.map(() => 6));
  });

  it('[N-18] is laid before anything stands on it', () => {
    const zone = { name: 'z', kind: 'room', power: [], operator: null, from: null } as const;
    const standing = transact(EMPTY_MODEL, 'build', (draft) => [
      ...openZone(draft, zone),
      ...startServer(draft, { name: 's', zone: 'z', power: null, from: null }),
    ]);
    if (!standing.ok) throw new Error('a server starts');
    const { model } = standing.value;
    const late = call(model, 'underlay', layUnderlay, { family: 6 });
    expect(late.ok ? [] : late.fault.map(({ code, message }) => [code, message])).toEqual([
      ['provider/other-family', 's is at 100.64.0.17 on the underlay, which cannot become IPv6 now'],
    ]);
    expect(call(model, 'underlay', layUnderlay, { family: 4 }).ok).toBe(true);
  });

  it('[N-18] [W-01] is named where a frame is wrapped and where it is opened', () => {
    const { request } = asked(built('ipv6-underlay'), { from: 'acme/app-310', to: '10.0.0.201' });
    const words = present(request, 'it was sent').steps.flatMap((step) =>
      step.stage.kind === 'wrap' || step.stage.kind === 'unwrap' ? [explainStep(step).because] : [],
    );
    expect(words).toEqual([
      'VXLAN segment 5001 → server-b at fd00:64::12',
      'segment 5001 from server-a is VN acme, for acme/vni-314',
      'VXLAN segment 5003 → overlay-240 at fd00:64::1',
      'segment 5003 from server-b is VN acme/1, for overlay-240',
    ]);
  });

  it('[N-18] `show links` says what fits inside a wrapper', () => {
    const rows = (file: string) =>
      tablesOf(built(file), 'links').flatMap((table) =>
        table.rows.filter(([name = '']) => name.startsWith('fabric--')).map((row) => row.slice(0, 3)),
      );
    expect(rows('ipv6-underlay')).toEqual([
      ['fabric--server-a', '1570', '1500'],
      ['fabric--server-b', '1570', '1500'],
      ['fabric--server-c', '1500', '1430'],
      ['fabric--overlay-240', '1570', '1500'],
    ]);
    expect(rows('fig3').map(([, mtu, inside]) => [mtu, inside])).toContainEqual(['1550', '1500']);
  });
});

describe('both sides of the NAT instance', () => {
  it('[Q-30] are of one family, and what is of the other is refused by name, whichever side says it', () => {
    const mixed: readonly (readonly [string, Change, string])[] = [
      ['ipv6', (text) => text.replace('address: fd00:10:10::3', 'address: 10.10.0.3'), 'IPv6'],
      ['fig3', (text) => text.replace('address: 10.10.0.3', 'address: "fd00:10:10::3"'), 'IPv4'],
    ];
    for (const [file, change, wanted] of mixed) {
      const [complaint] = complaints(file, change);
      expect(complaint?.code).toMatch(/^(?:provider\/no-capacity|scenario\/other-family)$/);
      expect(complaint?.message).toContain(wanted);
    }
    const service = (text: string) =>
      text.replace(
        / {6}service: \{.*\}/,
        '      service: { cidr: "fdc0:a800::/64", address: "fdc0:a800::37" }',
      );
    expect(complaints('fig3', service).map(({ code, message }) => [code, message])).toContainEqual([
      'scenario/other-family',
      'fdc0:a800::/64 is IPv6, and the network is 10.0.0.0/16',
    ]);
  });

  it('[Q-30] have no mixed family anywhere in a network that is built', () => {
    for (const file of ['fig3', 'ipv6', 'ipv6-underlay', 'two-tenants']) {
      const { model } = built(file);
      for (const nat of Object.values(model.natInstances)) {
        const outer = present(model.interfaces[nat.outer], nat.outer);
        const inward = present(model.interfaces[nat.inward], nat.inward);
        const hsm = present(model.hsms[nat.hsm], nat.hsm);
        const families = [outer.address, inward.address, hsm.address].map(familyOf);
        expect(new Set(families).size, `${file} ${nat.id}`).toBe(1);
      }
    }
  });
});
