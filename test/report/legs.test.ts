import { describe, expect, it } from 'vitest';
import type { Journey } from '../../src/dataplane/index.ts';
import { endOf, hopsOf, pathOf, traceDocument } from '../../src/report/index.ts';
import { figure3 } from './figure3.ts';
import { expectGolden } from './golden.ts';
import { TestJourney, TestNetwork } from './network.ts';

const { program, request, reply, denied, broken } = figure3();
const FORWARD = ['app-310', 'vni-314', 'nat-322', 'vni-324', 'overlay-240', 'dx-router', 'tor', 'hsm-326'];

describe('legs', () => {
  it('[D-11] the path leaves out servers and fabric, and the reply’s is the request’s reversed', () => {
    expect(pathOf(program, request)).toEqual(FORWARD);
    expect(pathOf(program, reply)).toEqual([...FORWARD].reverse());
  });

  it('a hop is what follows at one device, the substrate included', () => {
    expect(hopsOf(program, request).map(({ device }) => device.name)).toEqual([
      'app-310',
      'server-a',
      'fabric',
      'server-b',
      'vni-314',
      'nat-322',
      'vni-324',
      'server-b',
      'fabric',
      'overlay-240',
      'dx-router',
      'tor',
      'hsm-326',
    ]);
  });

  it('the main line of a flooded frame is the copy that arrives, in whatever order the copies were recorded', () => {
    const { steps } = request;
    const last = steps.slice(-7);
    const [tagHsm, outHsm, tagSpare, outSpare, inHsm, inSpare, deliver] = last;
    const other = [tagSpare, tagHsm, outSpare, outHsm, inSpare, inHsm, deliver].flatMap((step) => step ?? []);
    const shuffled: Journey = { ...request, steps: [...steps.slice(0, -7), ...other] };
    expect(hopsOf(program, shuffled)).toEqual(hopsOf(program, request));
    const leg = traceDocument({ program, request: shuffled, reply: null }).request;
    expect(leg.copies).toEqual([{ device: 'hsm-327', outcome: 'dropped', reason: 'accept.not-for-me' }]);
  });

  it('two copies that meet at one place stay apart: each goes on from its own frame', () => {
    const network = new TestNetwork();
    const device = network.device('bridge', 'tor-switch');
    const [start, left, right, meeting] = ['start', 'left', 'right', 'meeting'].map((name) =>
      network.place(name, device),
    );
    if (start === undefined || left === undefined || right === undefined || meeting === undefined)
      throw new Error('four');
    for (const place of [start, left, right, meeting]) network.fill(place, { kind: 'deliver', host: 0 });
    const one = { ...request.frame };
    const other = { ...request.frame };
    const { steps } = new TestJourney(network, start, request.frame)
      .step(start, 0, { verdict: 'flood', copies: [left, right] })
      .step(left, 0, { verdict: 'forward', to: meeting, frame: one })
      .step(right, 0, { verdict: 'forward', to: meeting, frame: other }, request.frame)
      .step(meeting, 0, { verdict: 'deliver' }, one)
      .step(meeting, 0, { verdict: 'drop', reason: 'accept.not-for-me' }, other)
      .done(1);
    const [hop] = hopsOf(network.program(), { ...request, steps });
    expect(hop?.steps.map(({ place }) => place.name)).toEqual(['start', 'left', 'meeting']);
  });

  it('ends are delivered, dropped with a reason, or lost', () => {
    expect(endOf(program, request)).toMatchObject({
      outcome: 'delivered',
      reason: null,
      device: { name: 'hsm-326' },
    });
    expect(endOf(program, denied)).toMatchObject({
      outcome: 'dropped',
      reason: 'firewall.deny',
      device: { name: 'vni-314' },
    });
    expect(endOf(program, broken)).toMatchObject({
      outcome: 'dropped',
      reason: 'link.down',
      device: { name: 'tor' },
    });
    expect(endOf(program, { ...request, steps: [] })).toMatchObject({
      outcome: 'lost',
      device: { name: 'app-310' },
    });
  });
});

describe('the trace document', () => {
  it('[K-19] is vnsim.trace/1 with request and reply, hops with the headers before and after', () => {
    const document = traceDocument({ program, request, reply });
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
    expect(Object.keys(document)).toEqual(['schema', 'outcome', 'reason', 'request', 'reply', 'deeds']);
    expect(document).toMatchObject({ schema: 'vnsim.trace/1', outcome: 'delivered', reason: null });
    const hop = document.request.hops.find(({ device }) => device === 'nat-322');
    expect(Object.keys(hop ?? {})).toEqual(['device', 'time', 'stages', 'in', 'out']);
    expect(hop?.in.ipv4).toMatchObject({ source: '10.0.0.7', target: '10.0.0.201', ttl: 64 });
    expect(hop?.out?.ipv4).toMatchObject({ source: '192.168.0.55', target: '10.10.0.3', ttl: 63 });
    expect(Object.keys(hop?.stages[0] ?? {})).toEqual([
      'kind',
      'verdict',
      'rule',
      'because',
      'rejected',
      'effects',
    ]);
    const wrapping = document.request.hops.find(({ device }) => device === 'server-a');
    expect(wrapping?.out).toMatchObject({ vxlan: { vni: 5001 }, inner: { ipv4: { target: '10.0.0.201' } } });
    expect(document.request.hops.at(-1)?.out).toBeNull();
    expectGolden('trace.json', `${JSON.stringify(document, null, 2)}\n`);
  });

  it('says dropped and why as soon as one leg does not arrive', () => {
    const one = traceDocument({ program, request: denied, reply: null });
    expect(one).toMatchObject({ outcome: 'dropped', reason: 'firewall.deny', reply: null });
    expect(one.request.hops.at(-1)?.stages.at(-1)?.rejected).toEqual([
      { rule: '#1 allow udp/500 from 10.0.0.0/16', field: 'protocol', line: 24 },
      { rule: '#2 allow tcp/1792 from 10.0.0.0/16', field: 'target port', line: 25 },
    ]);
    expect(traceDocument({ program, request, reply: broken })).toMatchObject({
      outcome: 'dropped',
      reason: 'link.down',
    });
  });
});
