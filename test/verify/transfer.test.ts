import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ANY_PORT,
  BROADCAST_MAC,
  type Cidr,
  ipv4,
  type Mac,
  port,
  prefixTable,
} from '../../src/address/index.ts';
import type { Mapping, PlaceId, PortMode, Stage, SubnetRoute } from '../../src/program/index.ts';
import { mismatch, NOWHERE } from '../../src/program/index.ts';
import { coversBox } from '../../src/verify/boxes.ts';
import { FIELD, formatBox, ICMP_ERROR } from '../../src/verify/index.ts';
import type { Flow, Learned } from '../../src/verify/learned.ts';
import { everyFrame, type LinkSet, narrowRange, type SetNode } from '../../src/verify/set-node.ts';
import { TRANSFERS, transfer } from '../../src/verify/transfer.ts';
import { boxOf } from '../../src/verify/witness.ts';
import { address, allow, block, type StageDraft, station } from '../support/programs.ts';

const HERE = 0 as PlaceId;
const [FIRST, SECOND, THIRD] = [1 as PlaceId, 2 as PlaceId, 3 as PlaceId];
const anything = everyFrame(HERE, { host: 0, carrier: null });

function run(draft: StageDraft, from: SetNode, flows: Flow[] = []): readonly SetNode[] {
  const stage = { ...draft, id: 0, from: { record: 'test', source: null } } as Stage;
  const learned: Learned = {
    flows: () => flows,
    open: (_table, flow) => flows.push(flow),
    arrive: () => undefined,
  };
  return transfer(stage, from, learned);
}

function linked(node: SetNode, link: Partial<LinkSet>): SetNode {
  return { ...node, link: { ...node.link, ownAddresses: false, ownTag: false, ...link } };
}

/** What came out, one line a set: where to, and which headers. */
function lines(nodes: readonly SetNode[]): readonly string[] {
  return nodes.map(({ place, header }) => `${place}: ${formatBox(header.now)}`).sort();
}

function packets(field: (typeof FIELD)[keyof typeof FIELD], value: number): SetNode {
  const part = narrowRange(anything, field, value, value);
  if (part === null) throw new Error('everything holds every value');
  return part;
}

describe('the table of transfers', () => {
  it('does not compile without an entry for each kind', () => {
    const { filter, ...rest } = TRANSFERS;
    // @ts-expect-error one kind is missing
    const incomplete: typeof TRANSFERS = rest;
    expect(Object.keys(incomplete)).toHaveLength(Object.keys({ filter, ...rest }).length - 1);
  });
});

describe('a guard on sets', () => {
  const own = {
    kind: 'guard',
    interface: 'eth0',
    mac: station(1),
    addresses: [address('10.0.0.7')],
  } as const;

  it('[I-01] passes the guest’s own addresses and no tag', () => {
    const [passed] = run(own, anything);
    expect(lines(run(own, anything))).toEqual(['0: source 10.0.0.7']);
    expect(passed?.sent).toMatchObject({ source: station(1), vlan: null });
    expect(run(own, linked(anything, { source: station(2) }))).toEqual([]);
    expect(run(own, linked(anything, { vlan: 5 }))).toEqual([]);
  });

  it('passes any source address where the check is off, and none where the list is empty', () => {
    expect(lines(run({ ...own, addresses: null }, anything))).toEqual(['0: everything']);
    expect(run({ ...own, addresses: [] }, anything)).toEqual([]);
  });
});

describe('a firewall on sets', () => {
  const filter = (direction: 'in' | 'out', ...rules: ReturnType<typeof allow>[]): StageDraft => ({
    kind: 'filter',
    firewall: 'sg-312',
    direction,
    rules,
  });

  it('[I-05] passes the union of what its rules allow, and nothing without rules', () => {
    const rules = [allow('tcp', '10.0.0.0/16', 443, 444), allow('any', '10.9.0.0/32')];
    expect(lines(run(filter('in', ...rules), anything))).toEqual([
      '0: source 10.0.0.0-10.0.255.255, protocol tcp, target port 443-444',
      '0: source 10.9.0.0',
    ]);
    expect(run(filter('in'), anything)).toEqual([]);
  });

  it('[I-05] passes exactly the packets that some rule matches', () => {
    const peers = fc.constantFrom('0.0.0.0/0', '128.0.0.0/1', '10.0.0.0/30', '10.0.0.1/32');
    const rule = fc
      .tuple(fc.constantFrom('any', 'tcp', 'udp', 'icmp'), peers, fc.nat(3), fc.nat(3))
      .map(([protocol, peer, one, other]) =>
        allow(protocol, peer, Math.min(one, other), Math.max(one, other)),
      );
    const addresses = fc
      .constantFrom('10.0.0.0', '10.0.0.1', '10.0.0.4', '127.255.255.255', '128.0.0.0')
      .map(address);
    const headers = fc.record({
      source: addresses,
      target: addresses,
      protocol: fc.constantFrom(1, 6, 17, 47),
      targetPort: fc.nat(4).map(port),
    });
    fc.assert(
      fc.property(
        fc.array(rule, { maxLength: 3 }),
        fc.constantFrom('in', 'out'),
        headers,
        (rules, direction, header) => {
          const box = boxOf({ ...header, icmpError: false, sourcePort: port(9) });
          const passed = run(filter(direction, ...rules), anything);
          const matches = rules.some((one) => mismatch(one, header) === null);
          expect(passed.some((part) => coversBox(part.header.now, box))).toBe(matches);
        },
      ),
    );
  });

  it('takes ICMP errors for ICMP, and never looks at its ports', () => {
    expect(lines(run(filter('in', allow('icmp', '0.0.0.0/0', 7, 7)), anything))).toEqual([
      '0: protocol icmp',
      '0: protocol icmp-error',
    ]);
  });
});

describe('the virtual switch on sets', () => {
  const router = station(0xff);
  const subnet = block('10.0.0.0/24');
  const mapping = (at: string, number: number, to: PlaceId, inside: Cidr = subnet): Mapping => ({
    owner: 'acme',
    address: address(at),
    mac: station(number),
    subnet: inside,
    to,
    behind: null,
    routed: { target: station(number), source: router, vlan: null },
  });
  const near = mapping('10.0.0.7', 7, FIRST);
  const far = mapping('10.0.1.8', 8, SECOND, block('10.0.1.0/24'));
  const routes: { block: Cidr; value: SubnetRoute }[] = [
    { block: block('10.0.0.0/16'), value: { kind: 'local', from: null } },
    { block: block('10.0.1.0/28'), value: { kind: 'blackhole', from: null } },
    {
      block: block('192.168.0.0/16'),
      value: { kind: 'interface', target: mapping('10.0.0.9', 9, THIRD), from: null },
    },
  ];
  const locate = (more: Partial<Stage<'locate'>> = {}): StageDraft => ({
    kind: 'locate',
    vn: 'acme',
    router,
    bridged: true,
    back: NOWHERE,
    subnet,
    mappings: new Map([near, far].map((one) => [one.address, one])),
    neighbours: new Map([near, far].map((one) => [one.mac, one])),
    routes: prefixTable(routes),
    ...more,
  });

  it('[N-21] routes by the longest prefix what is sent to the router', () => {
    const routed = run(locate(), linked(anything, { target: router }));
    expect(lines(routed)).toEqual(['1: target 10.0.0.7', '3: target 192.168.0.0-192.168.255.255']);
    expect(routed.map(({ link }) => link.source)).toEqual([router, router]);
  });

  it('[I-01] bridges only inside the subnet, whatever the target address says', () => {
    expect(lines(run(locate(), linked(anything, { target: near.mac })))).toEqual(['1: everything']);
    expect(run(locate(), linked(anything, { target: far.mac }))).toEqual([]);
    expect(run(locate(), linked(anything, { target: BROADCAST_MAC }))).toEqual([]);
  });

  it('goes both ways for a sender who may choose, who then must have chosen', () => {
    const both = run(locate(), anything);
    expect(lines(both)).toEqual([
      '1: everything',
      '1: target 10.0.0.7',
      '3: target 192.168.0.0-192.168.255.255',
    ]);
    expect(both.every(({ sent }) => sent.target === router || sent.target === near.mac)).toBe(true);
  });

  it('always routes where frames may not name a peer', () => {
    expect(lines(run(locate({ bridged: false }), linked(anything, { target: near.mac })))).toEqual([
      '1: target 10.0.0.7',
      '3: target 192.168.0.0-192.168.255.255',
    ]);
  });
});

describe('wrapping on sets', () => {
  const [from, to] = [address('172.16.0.1'), address('172.16.0.2')];
  const link = { target: station(2), source: station(1), vlan: null };
  const wrap: StageDraft = { kind: 'wrap', segment: 7, source: from, target: to, link, towards: 'b' };
  const segment = {
    vn: 'acme',
    peers: new Map([[from, 'a']]),
    ports: new Map([[station(9), { owner: 'app', to: FIRST }]]),
  };
  const unwrap = (number: number, peers = segment.peers): StageDraft => ({
    kind: 'unwrap',
    address: to,
    segments: new Map([[number, { ...segment, peers }]]),
  });

  it('[W-02] unwrapping gives back what was wrapped, the link header included', () => {
    const inside = linked(packets(FIELD.source, 5), { target: station(9) });
    const [wrapped] = run(wrap, inside);
    if (wrapped === undefined) throw new Error('wrapping passes everything');
    expect(formatBox(wrapped.header.now)).toBe(
      'source 172.16.0.1, target 172.16.0.2, protocol udp, target port 4789',
    );
    const [out] = run(unwrap(7), wrapped);
    expect([out?.header, out?.link, out?.inner, out?.place]).toEqual([
      inside.header,
      inside.link,
      null,
      FIRST,
    ]);
  });

  it('[W-03] [W-05] a wrapper of another segment or from a stranger stays shut', () => {
    const [wrapped] = run(wrap, anything);
    if (wrapped === undefined) throw new Error('wrapping passes everything');
    expect(run(unwrap(8), wrapped)).toEqual([]);
    expect(run(unwrap(7, new Map([[address('172.16.0.9'), 'z']])), wrapped)).toEqual([]);
  });

  it('[W-05] what a machine wraps itself may hold any frame, once its source is a peer’s', () => {
    const [forged] = run(unwrap(7), anything);
    expect(forged?.sender.carrier?.segment).toBe(7);
    expect(formatBox(forged?.header.now ?? [])).toBe('everything');
    expect(run(unwrap(7), packets(FIELD.source, 5))).toEqual([]);
  });

  it('refuses to wrap without end', () => {
    let node: SetNode | undefined = anything;
    expect(() => {
      while (node !== undefined) [node] = run(wrap, node);
    }).toThrow('a Program does not wrap without end');
  });
});

describe('translation on sets', () => {
  const base = {
    kind: 'translate',
    table: 0,
    instance: 'nat-322',
    outer: address('10.0.0.201'),
    inward: address('192.168.0.55'),
    target: address('10.10.0.3'),
    sourceRewrite: true,
    ports: ANY_PORT,
    timers: 'rfc',
  } as const;
  const outward: StageDraft = { ...base, direction: 'outward' };
  const inward: StageDraft = { ...base, direction: 'inward' };
  const client = packets(FIELD.source, 0x0a000007);

  it('[T-01] [T-02] sends what is addressed to the outer address on, under the inward one', () => {
    const to = 'source 192.168.0.55, target 10.10.0.3';
    const flows: Flow[] = [];
    expect(lines(run(outward, client, flows))).toEqual([
      `0: ${to}, protocol icmp`,
      `0: ${to}, protocol icmp-error`,
      `0: ${to}, protocol tcp`,
      `0: ${to}, protocol udp`,
    ]);
    expect(run(outward, packets(FIELD.target, 5))).toEqual([]);
    expect(run(outward, packets(FIELD.protocol, 47))).toEqual([]);
  });

  it('[T-10] [T-07] carries an ICMP error outward only about a connection, and under its addresses', () => {
    const errors = packets(FIELD.protocol, ICMP_ERROR);
    expect(run(outward, errors)).toEqual([]);
    const flows: Flow[] = [];
    const plain: StageDraft = { ...base, direction: 'outward', sourceRewrite: false };
    run(plain, client, flows);
    expect(lines(run(plain, errors, flows))).toEqual([
      '0: source 10.0.0.7, target 10.10.0.3, protocol icmp-error',
    ]);
  });

  it('[T-10] lets in nothing that nobody asked for', () => {
    expect(run(inward, anything)).toEqual([]);
  });

  it('[T-03] [T-08] turns an answer back into one from the outer address to who asked, and nothing else', () => {
    const flows: Flow[] = [];
    const asked = narrowRange(client, FIELD.sourcePort, 5000, 5001);
    const called = asked === null ? null : narrowRange(asked, FIELD.targetPort, 1792, 1792);
    const tcp = called === null ? null : narrowRange(called, FIELD.protocol, 6, 6);
    if (tcp === null) throw new Error('everything holds every value');
    run(outward, tcp, flows);
    const answers = run(inward, anything, flows);
    expect(lines(answers)).toEqual([
      '0: source 10.0.0.201, target 10.0.0.7, protocol icmp-error',
      '0: source 10.0.0.201, target 10.0.0.7, protocol tcp, source port 1792, target port 5000-5001',
    ]);
    const answer = answers.find(({ header }) => header.now[2 * FIELD.protocol] === 6);
    expect(formatBox(answer?.header.sent ?? [])).toBe(
      'source 10.10.0.3, target 192.168.0.55, protocol tcp, source port 1792',
    );
    expect(answer?.opening).not.toBeNull();
  });
});

describe('an IP interface on sets', () => {
  const accept = (role: 'ends' | 'forwards'): StageDraft => ({
    kind: 'accept',
    table: 0,
    mac: station(1),
    address: address('10.10.0.3'),
    vlan: null,
    back: NOWHERE,
    role,
    errors: NOWHERE,
  });

  it('takes what is addressed to it, and a machine only packets to its own address', () => {
    expect(lines(run(accept('ends'), anything))).toEqual(['0: target 10.10.0.3']);
    expect(lines(run(accept('forwards'), anything))).toEqual(['0: target 0.0.0.0-223.255.255.255']);
    expect(run(accept('forwards'), linked(anything, { target: station(2) }))).toEqual([]);
  });

  it('forwards no broadcast', () => {
    const broadcast = linked(anything, { target: BROADCAST_MAC });
    expect(run(accept('forwards'), broadcast)).toEqual([]);
    expect(lines(run(accept('ends'), broadcast))).toEqual(['0: target 10.10.0.3']);
  });

  it('[N-21] a route takes what no longer prefix takes', () => {
    const entry = (text: string, to: PlaceId) => ({
      block: block(text),
      value: { block: block(text), towards: text, to, from: null },
    });
    const table = prefixTable([
      entry('10.0.0.0/30', FIRST),
      entry('10.0.0.1/32', SECOND),
      entry('10.0.0.2/32', NOWHERE),
    ]);
    const route: StageDraft = { kind: 'route', table, name: 'main', errors: NOWHERE, address: ipv4(0) };
    expect(lines(run(route, anything))).toEqual([
      '1: target 10.0.0.0',
      '1: target 10.0.0.3',
      '2: target 10.0.0.1',
    ]);
  });

  it('reaches only neighbours that are there', () => {
    const owners = new Map([[address('10.10.0.3'), station(3)]]);
    const neighbour: StageDraft = {
      kind: 'neighbour',
      table: 0,
      via: null,
      mac: station(1),
      address: ipv4(0),
      vlan: null,
      owners,
      errors: NOWHERE,
    };
    const [found] = run(neighbour, anything);
    expect(lines(run(neighbour, anything))).toEqual(['0: target 10.10.0.3']);
    expect(found?.link).toMatchObject({ target: station(3), source: station(1), vlan: null });
    expect(run({ ...neighbour, via: address('10.10.0.9') }, anything)).toEqual([]);
    expect(lines(run({ ...neighbour, via: address('10.10.0.3') }, anything))).toEqual(['0: everything']);
  });
});

describe('a bridge on sets', () => {
  const port = (name: string, to: PlaceId) => ({ name, to });
  const members = new Map([
    [10, [port('a', FIRST), port('up', THIRD)]],
    [11, [port('b', SECOND), port('up', THIRD)]],
  ]);
  const bridge = (name: string, mode: PortMode, fixed: Stage<'switch'>['fixed'] = null): StageDraft => ({
    kind: 'switch',
    bridge: 0,
    port: name,
    mode,
    members,
    fixed,
  });
  const trunk: PortMode = { kind: 'trunk', vlans: new Set([10, 11]) };

  it('[D-08] floods inside the VLAN and never back', () => {
    expect(run(bridge('a', { kind: 'access', vlan: 10 }), anything).map(({ place }) => place)).toEqual([
      THIRD,
    ]);
    expect(run(bridge('up', trunk), linked(anything, { vlan: 11 })).map(({ place }) => place)).toEqual([
      SECOND,
    ]);
  });

  it('[I-03] takes no tag on an access port, and on a trunk only the tags it carries', () => {
    expect(run(bridge('a', { kind: 'access', vlan: 10 }), linked(anything, { vlan: 11 }))).toEqual([]);
    expect(run(bridge('up', trunk), linked(anything, { vlan: 12 }))).toEqual([]);
    expect(run(bridge('up', trunk), linked(anything, { vlan: null }))).toEqual([]);
    expect(
      run(bridge('up', { kind: 'trunk', vlans: new Set([10]) }), linked(anything, { vlan: 11 })),
    ).toEqual([]);
    expect(run(bridge('up', trunk), anything).map(({ sent }) => sent.vlan)).toEqual([10, 11]);
  });

  it('sends to programmed stations only where it does not learn', () => {
    const fixed = new Map<Mac, { name: string; to: PlaceId }>([
      [station(1), port('a', FIRST)],
      [station(2), port('b', SECOND)],
    ]);
    const fabric = bridge('a', { kind: 'unaware' }, fixed);
    expect(run(fabric, linked(anything, { target: station(2) })).map(({ place }) => place)).toEqual([SECOND]);
    expect(run(fabric, linked(anything, { target: station(1) }))).toEqual([]);
    expect(run(fabric, linked(anything, { target: station(3) }))).toEqual([]);
    expect(run(fabric, anything).map(({ sent }) => sent.target)).toEqual([station(2)]);
  });

  it('takes the tag off at an access port', () => {
    const tagged = linked(anything, { vlan: 10 });
    expect(
      run({ kind: 'tag', port: 'a', mode: { kind: 'access', vlan: 10 } }, tagged)[0]?.link.vlan,
    ).toBeNull();
    expect(run({ kind: 'tag', port: 'up', mode: trunk }, tagged)[0]?.link.vlan).toBe(10);
  });

  it('[I-03] carries no VLAN out of a port that is not the port’s own', () => {
    const tagged = linked(anything, { vlan: 11 });
    expect(run({ kind: 'tag', port: 'a', mode: { kind: 'access', vlan: 10 } }, tagged)).toEqual([]);
    expect(run({ kind: 'tag', port: 'up', mode: { kind: 'trunk', vlans: new Set([10]) } }, tagged)).toEqual(
      [],
    );
    expect(run(bridge('c', { kind: 'access', vlan: 10 }), anything)).toEqual([]);
  });

  it('[D-07] selects the subinterface of the tag', () => {
    const select: StageDraft = { kind: 'vlan', subinterfaces: new Map([[10, port('10', FIRST)]]) };
    expect(run(select, linked(anything, { vlan: 10 })).map(({ place }) => place)).toEqual([FIRST]);
    expect(run(select, linked(anything, { vlan: 11 }))).toEqual([]);
    expect(run(select, linked(anything, { vlan: null }))).toEqual([]);
    expect(run(select, anything).map(({ link }) => link.vlan)).toEqual([10]);
  });
});
