import { describe, expect, it } from 'vitest';
import { ANY_PORT, BROADCAST_MAC, ipv4, type Mac, prefixTable } from '../../src/address/index.ts';
import type { PlaceId, PortMode, Stage } from '../../src/program/index.ts';
import { NOWHERE } from '../../src/program/index.ts';
import { IPV4_SPACE } from '../../src/verify/address-space.ts';
import { FIELD, formatBox, ICMP_ERROR } from '../../src/verify/index.ts';
import type { Flow } from '../../src/verify/learned.ts';
import { narrowRange } from '../../src/verify/set-node.ts';
import type { TRANSFERS } from '../../src/verify/transfer.ts';
import { address, block, type StageDraft, station } from '../support/programs.ts';

import { anything, FIRST, lines, linked, packets, run, SECOND, THIRD } from '../support/transfers.ts';

describe('the table of transfers', () => {
  it('does not compile without an entry for each kind', () => {
    type Incomplete = Omit<typeof TRANSFERS, 'filter'>;
    const compiles: Incomplete extends typeof TRANSFERS ? true : false = false;
    expect(compiles).toBe(false);
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
    mapping: 'address-and-port-dependent',
    tellsExhausted: false,
    reverse: null,
    forwards: true,
    errors: NOWHERE,
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
      `0: ${to}, protocol tcp, source port 1-65535`,
      `0: ${to}, protocol udp, source port 1-65535`,
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
    expect(formatBox(IPV4_SPACE, answer?.header.sent ?? [])).toBe(
      'source 10.10.0.3, target 192.168.0.55, protocol tcp, source port 1792, target port 1-65535',
    );
    expect(answer?.opening).not.toBeNull();
  });
});

/** What may stand in an address field of a packet on a wire (RFC 1812 5.3.7). */
const POSSIBLE = ['1.0.0.0-126.255.255.255', '128.0.0.0-223.255.255.255', '240.0.0.0-255.255.255.254'];
const TO_ITSELF = POSSIBLE.map((source) => `0: source ${source}, target 10.10.0.3`);

describe('an IP interface on sets', () => {
  const accept = (role: 'ends' | 'forwards'): StageDraft => ({
    kind: 'accept',
    table: 0,
    mac: station(1),
    address: address('10.10.0.3'),
    vlan: null,
    back: NOWHERE,
    role,
    own: new Set(),
    broadcasts: new Set(),
  });

  it('takes what is addressed to it, and a machine only packets to its own address', () => {
    expect(lines(run(accept('ends'), anything))).toEqual(TO_ITSELF);
    expect(lines(run(accept('forwards'), anything))).toEqual(
      POSSIBLE.flatMap((source) => POSSIBLE.map((target) => `0: source ${source}, target ${target}`)),
    );
    expect(run(accept('forwards'), linked(anything, { target: station(2) }))).toEqual([]);
  });

  it('forwards no broadcast', () => {
    const broadcast = linked(anything, { target: BROADCAST_MAC });
    expect(run(accept('forwards'), broadcast)).toEqual([]);
    expect(lines(run(accept('ends'), broadcast))).toEqual(TO_ITSELF);
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
    const route: StageDraft = {
      kind: 'route',
      table,
      name: 'main',
      forwards: false,
      itself: NOWHERE,
      errors: NOWHERE,
      address: ipv4(0),
    };
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
      request: NOWHERE,
      table: 0,
      via: null,
      mac: station(1),
      address: ipv4(0),
      vlan: null,
      owners,
      errors: NOWHERE,
      reporter: ipv4(0),
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
    out: NOWHERE,
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
