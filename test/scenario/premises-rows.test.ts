import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatIp } from '../../src/address/index.ts';
import { present } from '../../src/base/index.ts';
import { frameAfter, type Journey } from '../../src/dataplane/index.ts';
import { channelId } from '../../src/model/index.ts';
import { call, failPart } from '../../src/provider/index.ts';
import { loadScenario, prepareWorld, tablesOf, type World } from '../../src/scenario/index.ts';
import { pathOf } from '../../src/scenario/path.ts';
import { adopt } from '../../src/scenario/world.ts';
import { asked, built } from '../support/built.ts';

/** What FIG. 1 and FIG. 2 draw of the premises, looked up in the network that the scenario files build. */

/** The devices of a request and of its reply, the switch of the LAN left out. */
function waysOf(world: World, from: string, to: string): readonly (readonly string[])[] {
  const { request, reply } = asked(world, { from, to });
  return [request, reply].map((journey) =>
    journey === null
      ? []
      : pathOf(world.engine.program, journey)
          .filter(({ role }) => role !== 'lan-switch')
          .map(({ name }) => name),
  );
}

function thereAndBack(...way: readonly string[]): readonly (readonly string[])[] {
  return [way, [...way].reverse()];
}

const BEHIND_212 = ['vni-314', 'nat-224', 'vni-324', 'overlay-240', 'dx-router', 'tor', 'hsm-238'];

function cut(world: World, customer: string): void {
  const part = { kind: 'channel' as const, id: channelId(customer), name: customer, from: null };
  const change = call(world.model, 'fail', failPart, part);
  if (!change.ok) throw new Error('a channel fails');
  adopt(world, change.value);
}

function lastReason(journey: Journey | null): string | null {
  return journey?.steps.at(-1)?.outcome.reason ?? null;
}

describe('FIG. 2, as the scenario file builds it', () => {
  it('[S-04] [S-09] [T-09] [D-02] [D-11] client 218 reaches HSM 238 through gateway 210, the channel, gateway 212 and VNI 314, and is answered', () => {
    const ways = waysOf(built('fig2'), 'client-218', '10.0.0.201');
    expect(ways).toEqual(thereAndBack('client-218', 'vgw-210', 'internet', 'vgw-212', ...BEHIND_212));
  });

  it('[D-01] [S-10] [S-14] client 220 reaches it with no gateway on its way', () => {
    expect(waysOf(built('fig2'), 'client-220', '10.0.0.201')).toEqual(
      thereAndBack('client-220', ...BEHIND_212),
    );
  });

  it('[D-02] [D-18] client 218 reaches HSM 216 on its own LAN', () => {
    expect(waysOf(built('fig2'), 'client-218', 'hsm-216')).toEqual(thereAndBack('client-218', 'hsm-216'));
  });

  it('[D-18] [S-11] client 220 reaches HSM 216 through the channel in the other direction', () => {
    const way = ['client-220', 'vgw-212', 'internet', 'vgw-210', 'hsm-216'];
    expect(waysOf(built('fig2'), 'client-220', 'hsm-216')).toEqual(thereAndBack(...way));
  });

  it('[T-09] a client on the premises is translated as any other', () => {
    const world = built('fig2');
    const headers = ['client-218', 'client-220'].map((from) => {
      const { request } = asked(world, { from, to: '10.0.0.201' });
      const steps = present(request, 'it is sent').steps;
      const translations = steps.filter(({ stage }) => stage.kind === 'translate');
      expect(translations).toHaveLength(1);
      const { body } = frameAfter(present(translations[0], 'one translation'));
      return body.kind === 'ipv4' ? [formatIp(body.source), formatIp(body.target)] : [];
    });
    expect(headers).toEqual([
      ['192.168.0.55', '10.10.0.3'],
      ['192.168.0.55', '10.10.0.3'],
    ]);
  });

  it('[N-08] the logical network is the premises and the virtual network, and every device of the customer is in one of them', () => {
    const [table] = tablesOf(built('fig2'), 'logical');
    expect(present(table, 'the table of acme').rows.map(([part, device]) => [part, device])).toEqual([
      ['virtual network 10.0.0.0/16', 'client-220'],
      ['virtual network 10.0.0.0/16', 'vni-314'],
      ['virtual network 10.0.0.0/16', 'vgw-212'],
      ['premises 172.16.0.0/24', 'vgw-210'],
      ['premises 172.16.0.0/24', 'client-218'],
      ['premises 172.16.0.0/24', 'hsm-216'],
      ['premises 172.16.0.0/24', 'rped-214'],
    ]);
  });

  it('[N-03] [S-06] the premises have no link to the substrate; gateway 212 is a part of it', () => {
    const { engine } = built('fig2');
    const { links } = engine.program;
    const neighbours = (id: string) =>
      links.flatMap(({ ends }) => (ends.includes(id) ? ends.filter((end) => end !== id) : [])).sort();
    expect(neighbours('acme/vgw-210')).toEqual(['acme/lan-206', 'internet']);
    expect(neighbours('acme/client-218')).toEqual(['acme/lan-206']);
    expect(neighbours('acme/vgw-212')).toEqual(['fabric', 'internet']);
  });
});

describe('a channel', () => {
  it('[N-04] [S-13] is opened by the provider’s API; before that nothing leads from one site to the other', () => {
    const before = prepareWorld(
      present(loadScenario(readFileSync('scenarios/fig1.yaml'), 'fig1').scenario, 'fig1'),
      {
        kind: 'after',
        count: 0,
      },
    );
    if (!before.ok) throw new Error('the first step of fig1 can be performed');
    expect(lastReason(asked(before.value, { from: 'office', to: 'app' }).request)).toBe('route.none');
    const after = built('fig1');
    expect(after.changes.map(({ verb }) => verb)).toContain('open-channel');
    expect(asked(after, { from: 'office', to: 'app' }).reply).not.toBeNull();
    expect(asked(after, { from: 'app', to: 'office' }).reply).not.toBeNull();
  });

  it('[N-04] [S-12] that is cut keeps the sites apart, and takes nothing from whoever is in the virtual network', () => {
    const world = built('fig2');
    cut(world, 'acme');
    expect(lastReason(asked(world, { from: 'client-218', to: '10.0.0.201' }).request)).toBe('channel.down');
    expect(lastReason(asked(world, { from: 'client-220', to: 'hsm-216' }).request)).toBe('channel.down');
    expect(asked(world, { from: 'client-220', to: '10.0.0.201' }).reply).not.toBeNull();
    expect(asked(world, { from: 'client-218', to: 'hsm-216' }).reply).not.toBeNull();
  });

  it('[S-02] gives the same result whichever kind it is, and only the one over the Internet is on the Internet', () => {
    // without the steps that speak of the Internet, which is not there then
    const direct = (text: string) =>
      text
        .slice(0, text.indexOf('  - name: client 218, on the premises'))
        .replace('kind: ipsec', 'kind: direct');
    const [sealed, private_] = [built('fig2'), built('fig2', direct)];
    const arrivals = [sealed, private_].map((world) => {
      const { request, reply } = asked(world, { from: 'client-218', to: '10.0.0.201' });
      return [request, reply].map((journey) => journey?.steps.at(-1)?.before.body);
    });
    const addresses = arrivals.map((bodies) =>
      bodies.map((body) =>
        body?.kind === 'ipv4' ? [body.source, body.target, body.kept, body.body.kind] : null,
      ),
    );
    expect(addresses[0]).toEqual(addresses[1]);
    const way = ['client-218', 'vgw-210', 'vgw-212', ...BEHIND_212];
    expect(waysOf(private_, 'client-218', '10.0.0.201')).toEqual(thereAndBack(...way));
    const kinds = new Set(private_.engine.program.stages.map(({ kind }) => kind));
    expect([kinds.has('seal'), kinds.has('open')]).toEqual([false, false]);
  });

  it('[N-26] [S-08] leaves the addresses of both ends alone, in both directions', () => {
    const world = built('fig2');
    for (const [from, to, source, target] of [
      ['client-218', 'client-220', '172.16.0.18', '10.0.0.20'],
      ['client-220', 'client-218', '10.0.0.20', '172.16.0.18'],
    ] as const) {
      const { request } = asked(world, { from, to, carry: { kind: 'icmp-echo' } });
      const body = request?.steps.at(-1)?.before.body;
      expect(body?.kind === 'ipv4' && [formatIp(body.source), formatIp(body.target)]).toEqual([
        source,
        target,
      ]);
    }
  });

  it('[S-01] [W-07] adds one layer on the Internet and another on the substrate, and neither is left at the end', () => {
    const { request } = asked(built('fig2'), { from: 'client-218', to: '10.0.0.201' });
    const layers = present(request, 'it is sent').steps.flatMap(({ stage, outcome }) =>
      ['seal', 'open', 'wrap', 'unwrap'].includes(stage.kind) && outcome.verdict !== 'drop'
        ? [stage.kind]
        : [],
    );
    expect(layers).toEqual(['seal', 'open', 'wrap', 'unwrap', 'wrap', 'unwrap']);
  });
});
