import { describe, expect, it } from 'vitest';
import {
  diff,
  loadNetwork,
  type Network,
  type Packet,
  perform,
  prove,
  reach,
  run,
  snapshot,
  trace,
} from '../../src/library/index.ts';
import { OFFICE } from './office.ts';
import { scenarioFile } from './scenario-file.ts';

const office = loadNetwork(OFFICE);
const fig3 = loadNetwork(scenarioFile('fig3'), { file: 'fig3.yaml' });
const hsm: Packet = { from: 'app-310', to: '10.0.0.201', tcp: { port: 1792 } };

describe('[DC-10] a network', () => {
  it('is the same from text and from an object', () => {
    const again = loadNetwork(office.text());
    expect(again.scenario).toEqual(office.scenario);
    expect(trace(again, { from: 'desk', to: 'files', tcp: { port: 445 } })).toEqual(
      trace(office, { from: 'desk', to: 'files', tcp: { port: 445 } }),
    );
  });

  it('says who is in it', () => {
    expect(office.customers).toEqual(['acme']);
    expect(office.machines).toEqual(['desk', 'files', 'vault']);
    expect(fig3.machines).toContain('hsm-326');
    expect(loadNetwork(scenarioFile('two-tenants')).machines).toContain('globex/app-310');
  });

  it('takes another seed, and keeps it in its text', () => {
    const other = loadNetwork(OFFICE, { seed: 310 });
    expect([office.seed, other.seed]).toEqual([1, 310]);
    expect(loadNetwork(other.text()).seed).toBe(310);
  });

  it('takes the first steps of its scenario, or those that build', () => {
    const built = loadNetwork(scenarioFile('fig3'), { steps: 'building' });
    expect(built.scenario.steps?.map((step) => Object.keys(step).at(-1))).toEqual(['request-hsm']);
    expect(trace(built, hsm).outcome).toBe('delivered');
    const nothing = loadNetwork(scenarioFile('fig3'), { steps: 0 });
    expect(trace(nothing, hsm)).toMatchObject({ outcome: 'dropped', reason: 'mapping.none' });
  });

  it('is never changed by what is asked of it', () => {
    for (const network of [office, fig3, loadNetwork(scenarioFile('fig5'), { steps: 3 })]) {
      const [from = '', to = ''] = network.machines;
      const packet: Packet = { from, to, udp: { port: 53 } };
      const before = JSON.stringify(trace(network, packet));
      perform(network, { wait: '400 s' });
      prove(network, `nothing from ${from} reaches ${to}`);
      expect(JSON.stringify(trace(network, packet))).toBe(before);
    }
  });

  it('goes on from where its scenario ended: what was said is remembered, time has passed', () => {
    const after = perform(
      office,
      { send: { from: 'desk', to: 'files', udp: { port: 53 } } },
      { wait: '1 s' },
    );
    const { hops } = trace(after, { from: 'desk', to: 'files', udp: { port: 53 } }).request;
    expect(hops[0]?.time).toBeGreaterThanOrEqual(1e9);
    expect(after.text()).toContain('wait: 1 s');
    expect(office.scenario.steps).toBeUndefined();
  });
});

describe('[DC-10] answers', () => {
  it('of trace tell the way, its end and the reason', () => {
    const { outcome, request, reply } = trace(fig3, hsm);
    expect(outcome).toBe('delivered');
    expect(request.end).toEqual({ device: 'hsm-326', outcome: 'delivered', reason: null });
    expect(reply?.end.device).toBe('app-310');
    const dropped = trace(office, { from: 'desk', to: 'vault', tcp: { port: 80 } });
    expect(dropped.request.end).toEqual({ device: 'server-a', outcome: 'dropped', reason: 'firewall.deny' });
  });

  it('of prove come with what breaks a claim, as a scenario that fails', () => {
    const proofs = prove(
      office,
      'nothing from desk reaches vault',
      'nothing unasked from desk reaches vault tcp/80',
    );
    expect(proofs.claims.map(({ verdict }) => verdict)).toEqual(['refuted', 'proved']);
    const [witness, none] = proofs.witnesses();
    expect(run(loadNetwork(witness?.text ?? '')).failed).toBeGreaterThan(0);
    expect(none).toBeNull();
  });

  it('of prove leave out what a machine says to itself', () => {
    const verdicts = (network: Network, ...claims: readonly string[]) =>
      prove(network, ...claims).claims.map(({ verdict }) => verdict);
    expect(verdicts(office, 'nothing from desk reaches desk', 'nothing from acme reaches acme')).toEqual([
      'vacuous',
      'refuted',
    ]);
  });

  it('of prove are about the claims of the scenario unless others are given', () => {
    expect(prove(fig3).claims.map(({ text }) => text)).toEqual(fig3.scenario.prove);
  });

  it('of reach and diff are sets in words', () => {
    expect(reach(office, 'desk', 'vault').passes.map(({ sent }) => sent.traffic)).toEqual(['tcp/22']);
    const closed = reach(office, 'desk', 'vault', 'tcp/80').blocked;
    expect(closed?.blockers[0]?.change).toContain('allow: tcp/80');
    const opened = loadNetwork({
      ...OFFICE,
      steps: [
        {
          'set-firewall': {
            customer: 'acme',
            firewall: 'shell',
            in: [{ allow: 'tcp/80', from: '10.0.0.0/24' }],
          },
        },
      ],
    });
    const { same, pairs } = diff(office, opened);
    expect(same).toBe(false);
    expect(pairs.find(({ from }) => from === 'acme/desk')).toMatchObject({
      opened: [{ traffic: 'tcp/80' }],
      closed: [{ traffic: 'tcp/22' }],
    });
    expect(diff(office, office).same).toBe(true);
  });

  it('of snapshot are tables, all or those that are named', () => {
    expect(snapshot(office, 'vn')).toMatchObject({
      vn: [{ rows: [{ network: 'acme', block: '10.0.0.0/16' }] }, {}],
    });
    expect(Object.keys(snapshot(office))).toHaveLength(17);
  });

  it('are data that JSON holds, and text for people beside it', () => {
    const network: Network = fig3;
    const answers = [
      trace(network, hsm),
      prove(network),
      reach(network, 'app-310', 'hsm-326'),
      diff(network, network),
      run(network),
      snapshot(network),
    ];
    for (const answer of answers) {
      expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
      expect(Object.keys(answer)).not.toContain('text');
      expect(answer.text().length).toBeGreaterThan(20);
    }
    expect(trace(network, hsm).text({ detail: 'minimal', both: false })).not.toContain('←');
  });
});
