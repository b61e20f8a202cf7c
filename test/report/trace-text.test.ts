import { describe, expect, it } from 'vitest';
import type { Journey } from '../../src/dataplane/index.ts';
import { arpRequest, type Frame, icmpErrorPacket } from '../../src/packet/index.ts';
import type { SubnetRoute } from '../../src/program/index.ts';
import { type Detail, type Look, type Palette, PLAIN_LOOK, renderTrace } from '../../src/report/index.ts';
import { figure3 } from './figure3.ts';
import { expectGolden, expectPresentable } from './golden.ts';
import { at, block, ip, prefixTable, station, TestJourney, TestNetwork } from './network.ts';

const figure = figure3();
const { program, request, reply, denied, broken } = figure;
const DETAILS: readonly Detail[] = ['minimal', 'summary', 'full'];
const ASCII: Look = { ...PLAIN_LOOK, unicode: false };
const ESC = String.fromCharCode(27);
const wrapIn = (code: number) => (text: string) => `${ESC}[${code}m${text}${ESC}[0m`;
const COLOURS: Palette = {
  dim: wrapIn(2),
  strong: wrapIn(1),
  good: wrapIn(32),
  bad: wrapIn(31),
  changed: wrapIn(36),
};

describe('a trace for people', () => {
  it.each(DETAILS)('[D-11] both ways, %s', (detail) => {
    const text = renderTrace({ program, request, reply }, detail, PLAIN_LOOK);
    expectPresentable(text);
    expectGolden(`trace-${detail}.txt`, text);
  });

  it.each([
    ['denied', denied],
    ['broken', broken],
  ] as const)('%s: names the hop, the reason and what did not match', (name, journey) => {
    for (const detail of DETAILS)
      expectPresentable(renderTrace({ program, request: journey, reply: null }, detail, PLAIN_LOOK));
    const text = renderTrace({ program, request: journey, reply: null }, 'summary', PLAIN_LOOK);
    expectGolden(`trace-${name}.txt`, text);
  });

  it('shows how FIG. 3 rewrites target, source and TTL under the step that did it', () => {
    const lines = renderTrace({ program, request, reply: null }, 'summary', PLAIN_LOOK).split('\n');
    const step = lines.findIndex((line) => line.includes('translate'));
    expect(lines[step + 1]).toContain('target      10.0.0.201:1792 → 10.10.0.3:1792');
    expect(lines[step + 2]).toMatch(/source {6}10\.0\.0\.7:49152 → 192\.168\.0\.55:49152 +ttl 64 → 63$/);
  });

  it('says what each side saw, and of a reply that was blocked that the request arrived', () => {
    expect(renderTrace({ program, request, reply }, 'minimal', PLAIN_LOOK)).toContain(
      'the customer saw only 10.0.0.201 · the HSM saw only 192.168.0.55',
    );
    expect(renderTrace({ program, request, reply: broken }, 'minimal', PLAIN_LOOK)).toContain(
      ' ✘ the request arrived, its reply was blocked at hop 25 · link.down: the link is down',
    );
  });

  it('names the sender’s ICMP error when a router told it', () => {
    const body = request.frame.body;
    if (body.kind !== 'ipv4') throw new Error('the request is IPv4');
    const error: Frame = {
      ...request.frame,
      body: icmpErrorPacket({
        source: ip('10.0.0.201'),
        target: ip('10.0.0.7'),
        error: [11, 0],
        offending: body,
      }),
    };
    const steps = reply.steps.map((step) =>
      step === reply.steps.at(-1) ? { ...step, before: error } : step,
    );
    const told: Journey = { ...reply, steps };
    expect(renderTrace({ program, request: denied, reply: told }, 'summary', PLAIN_LOOK)).toContain(
      'the sender hears ICMP 11/0 from 10.0.0.201',
    );
  });

  it('without Unicode it has the same rows in ASCII, as wide at most', () => {
    for (const detail of DETAILS) {
      const text = renderTrace({ program, request, reply }, detail, ASCII);
      expectPresentable(text);
      expect(text).toMatch(/^[\x20-\x7e\n]*$/);
    }
    expectGolden('trace-ascii.txt', renderTrace({ program, request, reply }, 'summary', ASCII));
  });

  it('colour changes nothing that is read', () => {
    const text = renderTrace({ program, request, reply }, 'full', { palette: COLOURS, unicode: true });
    expect(text).toContain(ESC);
    const bare = text.replaceAll(new RegExp(`${ESC}\\[\\d+m`, 'g'), '');
    expect(bare).toBe(renderTrace({ program, request, reply }, 'full', PLAIN_LOOK));
  });

  it('[I-01] an address that only another tenant has is said to be another network’s', () => {
    const exchange = twoTenants();
    const text = renderTrace(exchange, 'summary', PLAIN_LOOK);
    expectPresentable(text);
    expectGolden('trace-two-tenants.txt', text);
  });

  it('a link address that nobody has is not blamed on another network', () => {
    const { program: both, request: asked } = twoTenants();
    const steps = asked.steps.map((step) => {
      const own = both.stages.find(({ kind, from }) => kind === 'locate' && from.source?.line === 31);
      return step.stage.kind === 'locate' && own !== undefined ? { ...step, stage: own } : step;
    });
    const text = renderTrace(
      { program: both, request: { ...asked, steps }, reply: null },
      'summary',
      PLAIN_LOOK,
    );
    expect(text).toContain('mapping.none');
    expect(text).not.toContain('another virtual network');
  });

  it('cuts long lists of rules and says how many more there are', () => {
    const exchange = twoTenants(40);
    const text = renderTrace(exchange, 'full', PLAIN_LOOK);
    expectPresentable(text);
    expect(text).toContain('… and 28 more that did not match');
  });

  it('a name cannot steer the terminal', () => {
    const network = new TestNetwork();
    const device = network.device(`app${ESC}[2J`, 'instance');
    const out = network.place('out', device);
    network.fill(out, { kind: 'deliver', host: 0 });
    const frame = arpRequest(station(1), ip('10.0.0.7'), ip('10.0.0.8'));
    const journey = new TestJourney(network, out, frame).step(out, 0, { verdict: 'deliver' }).done(1);
    const text = renderTrace(
      { program: network.program(), request: journey, reply: null },
      'summary',
      PLAIN_LOOK,
    );
    expect(text).not.toContain(ESC);
    expect(text).toContain('app\\x1b[2J');
  });
});

/** globex asks for an address that acme has; the subnet has `routes` routes that do not lead there. */
function twoTenants(routes = 0): {
  program: ReturnType<TestNetwork['program']>;
  request: Journey;
  reply: null;
} {
  const network = new TestNetwork();
  const spy = network.device('globex/spy', 'instance', 'globex');
  const server = network.device('server-c', 'server');
  const out = network.place('spy/out', spy);
  const portOut = network.place('spy/port-out', server);
  const other = network.place('app-310/port-out', server);
  const locate = {
    kind: 'locate' as const,
    router: station(0xff),
    bridged: true,
    back: out,
    subnet: block('10.0.0.0/16'),
    neighbours: new Map(),
  };
  const local = { block: block('10.0.0.0/16'), value: { kind: 'local' as const, from: at(38) } };
  const more = Array.from({ length: routes }, (_, index) => ({
    block: block(`10.${index + 1}.0.0/24`),
    value: { kind: 'blackhole' as const, from: at(40 + index) },
  }));
  const vni = {
    owner: 'vni-314',
    address: ip('10.0.0.201'),
    mac: station(0x14),
    subnet: locate.subnet,
    to: out,
    behind: null,
    routed: { target: station(0x14), source: station(0xff), vlan: null },
  };
  network.fill(out, {
    kind: 'transmit',
    link: 'spy--server-c',
    out: network.end(spy, 'eth0'),
    into: network.end(server, 'spy'),
    to: portOut,
    latency: 1000 as never,
    mtu: 1500,
    up: true,
    broken: null,
  });
  network.fill(portOut, {
    ...locate,
    line: 37,
    vn: 'globex',
    mappings: new Map(),
    routes: prefixTable<SubnetRoute>([local, ...more]),
  });
  network.fill(other, {
    ...locate,
    line: 31,
    vn: 'acme',
    mappings: new Map([[vni.address, vni]]),
    routes: prefixTable([local]),
  });
  const asked: Frame = { ...request.frame, link: { ...request.frame.link, target: station(0xff) } };
  const journey = new TestJourney(network, out, asked)
    .step(out, 0, { verdict: 'transmit' })
    .step(portOut, 0, { verdict: 'drop', reason: 'mapping.none' })
    .done(1);
  return { program: network.program(), request: journey, reply: null };
}
