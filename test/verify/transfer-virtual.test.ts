import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BROADCAST_MAC, type Cidr, port, prefixTable } from '../../src/address/index.ts';
import type { Mapping, PlaceId, Stage, SubnetRoute } from '../../src/program/index.ts';
import { mismatch, NOWHERE, ruleTable } from '../../src/program/index.ts';
import { IPV4_SPACE } from '../../src/verify/address-space.ts';
import { coversBox } from '../../src/verify/boxes.ts';
import { FIELD, formatBox } from '../../src/verify/index.ts';
import type { Flow } from '../../src/verify/learned.ts';
import type { SetNode } from '../../src/verify/set-node.ts';
import { boxOf } from '../../src/verify/witness.ts';
import { address, allow, block, type StageDraft, station } from '../support/programs.ts';

import { anything, FIRST, lines, linked, packets, run, SECOND, THIRD } from '../support/transfers.ts';

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
    rules: ruleTable(rules),
    tracking: null,
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
          const box = boxOf(IPV4_SPACE, { ...header, icmpError: false, sourcePort: port(9) });
          const passed = run(filter(direction, ...rules), anything);
          const matches = rules.some(
            (one) =>
              mismatch(
                one,
                direction === 'in' ? header.source : header.target,
                header.protocol,
                header.targetPort,
              ) === null,
          );
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

describe('a firewall on sets that remembers', () => {
  const tracking = { table: 0, timers: 'aws' } as const;
  const filter = (direction: 'in' | 'out', ...rules: ReturnType<typeof allow>[]): StageDraft => ({
    kind: 'filter',
    firewall: 'sg-312',
    direction,
    rules: ruleTable(rules),
    tracking,
  });
  const asked = (): Flow[] => {
    const flows: Flow[] = [];
    run(filter('out', allow('udp', '10.0.0.8/32', 53, 53)), packets(FIELD.source, 0x0a000007), flows);
    return flows;
  };

  it('[I-17] passes answers to what could be asked, and ICMP errors about it either way', () => {
    expect(lines(run(filter('in'), anything, asked()))).toEqual([
      '0: source 10.0.0.7, target 10.0.0.8, protocol udp, target port 53',
      '0: source 10.0.0.8, target 10.0.0.7, protocol udp, source port 53',
      '0: target 10.0.0.7, protocol icmp-error',
      '0: target 10.0.0.8, protocol icmp-error',
    ]);
    expect(run(filter('in'), anything)).toEqual([]);
  });

  it('[I-17] remembers all of what a rule allows but errors, and who opens it', () => {
    const flows: Flow[] = [];
    run(filter('in', allow('any', '10.0.0.0/24')), anything, flows);
    expect(flows.map(({ original }) => formatBox(IPV4_SPACE, original))).toEqual([
      'source 10.0.0.0-10.0.0.255, protocol 0-255',
    ]);
    const [answer] = run(filter('in'), packets(FIELD.protocol, 17), asked());
    expect(answer?.opening?.header.now).toEqual(asked()[0]?.original);
  });

  it('[I-05] takes a rule that names a firewall for each interface that carries it', () => {
    const addresses = new Set([address('10.0.0.7'), address('128.0.0.9')]);
    const rule = { ...allow('udp', '0.0.0.0/0', 53, 53), peer: { firewall: 'web', addresses } };
    expect(lines(run({ ...filter('in', rule), tracking: null } as StageDraft, anything))).toEqual([
      '0: source 10.0.0.7, protocol udp, target port 53',
      '0: source 128.0.0.9, protocol udp, target port 53',
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
    { block: block('224.0.0.0/4'), value: { kind: 'interface', target: near, origin: 'static', from: null } },
    { block: block('10.0.1.0/28'), value: { kind: 'blackhole', from: null } },
    {
      block: block('192.168.0.0/16'),
      value: { kind: 'interface', target: mapping('10.0.0.9', 9, THIRD), origin: 'static', from: null },
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
  const underlay = { mtu: 1500, senders: new Map() };
  const wrap: StageDraft = {
    kind: 'wrap',
    segment: 7,
    source: from,
    target: to,
    link,
    towards: 'b',
    ...underlay,
  };
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
    expect(formatBox(IPV4_SPACE, wrapped.header.now)).toBe(
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
    expect(formatBox(IPV4_SPACE, forged?.header.now ?? [])).toBe('everything');
    expect(run(unwrap(7), packets(FIELD.source, 5))).toEqual([]);
  });

  it('refuses to wrap without end', () => {
    let node: SetNode | undefined = anything;
    expect(() => {
      while (node !== undefined) [node] = run(wrap, node);
    }).toThrow('a Program does not wrap without end');
  });
});
