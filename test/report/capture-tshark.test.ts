import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeCapture } from '../../src/report/index.ts';
import { historyOf, loadScenario, runScenario } from '../../src/scenario/index.ts';
import { hasPeer } from '../support/peer.ts';
import { fields, isInOrder, PROBLEMS, tshark } from '../support/tshark.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SCENARIOS = readdirSync(join(ROOT, 'scenarios')).filter((name) => name.endsWith('.yaml'));

/** Those that turn bits over. */
const DAMAGING = SCENARIOS.filter((name) =>
  readFileSync(join(ROOT, 'scenarios', name), 'utf8').includes('corrupt:'),
);

const folder = mkdtempSync(join(tmpdir(), 'vnsim-scenarios-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Where the capture of a scenario is. */
const captureOf = (name: string): string => join(folder, `${name}.pcapng`);

function capture(name: string): void {
  const { scenario } = loadScenario(readFileSync(join(ROOT, 'scenarios', name)), name);
  if (scenario === null) throw new Error(`${name} has mistakes`);
  const ran = runScenario(scenario);
  if (!ran.ok) throw new Error(`${name} cannot be performed`);
  writeFileSync(captureOf(name), writeCapture({ parts: historyOf(ran.value.world), seed: scenario.seed }));
}

describe.skipIf(!hasPeer('tshark'))('tshark reads the capture of every scenario', () => {
  // every scenario is run and written: on a busy machine that takes a while
  beforeAll(() => SCENARIOS.forEach(capture), 600_000);

  it.for(SCENARIOS.filter((name) => !DAMAGING.includes(name)))(
    '%s: without a warning, no checksum wrong, outer or inner',
    (name) => {
      expect(fields(captureOf(name), PROBLEMS, 'frame.number', '_ws.expert.message')).toEqual([]);
    },
  );

  it.for(DAMAGING)('%s: finds the damage that is done to packets, and nothing else', (name) => {
    const found = fields(captureOf(name), PROBLEMS, '_ws.expert.message');
    expect(found.length).toBeGreaterThan(0);
    for (const message of found) expect(message).toMatch(/checksum/i);
  });

  it.for(SCENARIOS)('%s: in the order of time', (name) => {
    expect(isInOrder(captureOf(name))).toBe(true);
  });

  it.for(SCENARIOS)('%s: every packet has its interface, its direction, and is explained', (name) => {
    const packets = fields(
      captureOf(name),
      'frame',
      'frame.interface_name',
      'frame.packet_flags_direction',
      'frame.protocols',
      'frame.comment',
    ).map((line) => line.split('\t'));
    expect(packets.length).toBeGreaterThan(0);
    for (const [at = '', direction = '', protocols = '', comment = ''] of packets) {
      expect(at).toMatch(/^[^:]+:.+$/);
      expect(direction).toMatch(/^0x0000000[12]$/);
      // what was done to a packet stands where it leaves; ARP is simply said
      if (direction.endsWith('2') && protocols.includes(':ip')) expect(comment).not.toBe('');
    }
  });
});

describe.skipIf(!hasPeer('tshark'))('FIG. 3 in the eyes of tshark', () => {
  beforeAll(() => capture('fig3.yaml'));
  const file = captureOf('fig3.yaml');

  /** The TCP segments with these flags that crossed an interface: addresses, ports and TTL. */
  const crossed = (at: string, direction: 'in' | 'out', flags: string): readonly string[] =>
    fields(
      file,
      `frame.interface_name == "${at}" && frame.packet_flags_direction == ${direction === 'in' ? 1 : 2} && tcp.flags == ${flags}`,
      'ip.src',
      'tcp.srcport',
      'ip.dst',
      'tcp.dstport',
      'ip.ttl',
    ).map((line) => {
      const [source, sourcePort, target, targetPort, ttl] = line.split('\t');
      return `${source}:${sourcePort} ${target}:${targetPort} ${ttl}`;
    });

  it('[T-04] [K-19] the four headers are those that a run prints', () => {
    const printed = readFileSync(join(ROOT, 'test/golden/cli/run-fig3.txt'), 'utf8')
      .split('\n')
      .flatMap((line) => /([\d.]+:\d+) +([\d.]+:\d+) +(\d+) +TCP/.exec(line)?.slice(1).join(' ') ?? []);
    expect(printed).toHaveLength(4);
    const [syn, synAck] = ['0x0002', '0x0012'];
    expect([
      ...crossed('app-310:eth0', 'out', syn),
      ...crossed('hsm-326:eth0', 'in', syn),
      ...crossed('hsm-326:eth0', 'out', synAck),
      ...crossed('app-310:eth0', 'in', synAck),
    ]).toEqual(printed);
  });

  it('[T-01] [T-02] the NAT instance is where they change', () => {
    expect(crossed('nat-322:eth0', 'in', '0x0002')).toEqual(['10.0.0.7:49152 10.0.0.201:1792 64']);
    expect(crossed('nat-322:eth1', 'out', '0x0002')).toEqual(['192.168.0.55:49152 10.10.0.3:1792 63']);
  });

  it('[T-05] no address of the customer is on any wire of the rack, in no header and no payload', () => {
    const rack = '(frame.interface_name contains "tor:" || frame.interface_name contains "hsm-326:")';
    expect(fields(file, `${rack} && ip`, 'frame.number').length).toBeGreaterThan(10);
    const traces = 'ip.addr == 10.0.0.0/16 || arp.src.proto_ipv4 == 10.0.0.0/16 || frame contains "10.0.0.7"';
    expect(fields(file, `${rack} && (${traces})`, 'frame.number')).toEqual([]);
  });

  it('[T-03] the client is never told another address than 10.0.0.201', () => {
    const heard = 'frame.interface_name == "app-310:eth0" && frame.packet_flags_direction == 1 && ip';
    expect(new Set(fields(file, heard, 'ip.src'))).toEqual(new Set(['10.0.0.201']));
  });

  it('the wrapper, the packet inside and the tag of the rack are decoded', () => {
    const wrapped = fields(
      file,
      'vxlan && tcp.flags == 0x0002 && frame.packet_flags_direction == 2',
      'frame.interface_name',
      'vxlan.vni',
      'ip.src',
    );
    expect(wrapped).toContain('server-a:uplink\t5001\t100.64.0.17,10.0.0.7');
    expect(wrapped).toContain('server-b:uplink\t5002\t100.64.0.18,192.168.0.55');
    const tagged = fields(file, 'vlan && tcp.flags == 0x0002', 'frame.interface_name', 'vlan.id', 'ip.dst');
    expect(tagged).toContain('tor:uplink\t101\t10.10.0.3');
    const untagged = fields(file, 'vlan && frame.interface_name == "hsm-326:eth0"', 'frame.number');
    expect(untagged).toEqual([]);
  });

  it('the whole conversation is one TCP stream with its end', () => {
    const flags = fields(file, 'frame.interface_name == "app-310:eth0" && tcp', 'tcp.flags.fin');
    expect(flags.filter((fin) => fin === '1' || fin === 'True')).toHaveLength(2);
    expect(tshark(file, '-q', '-z', 'io,stat,0').join('\n')).toContain('Interval');
  });
});

describe.skipIf(!hasPeer('tshark'))('an underlay of IPv6 in the eyes of tshark', () => {
  const file = captureOf('ipv6-underlay.yaml');
  beforeAll(() => capture('ipv6-underlay.yaml'), 30_000);

  it('[N-18] [W-01] is a wrapper of IPv6 around packets of either family, in the segments of both tenants', () => {
    const wrapped = (inner: string) =>
      new Set(
        fields(
          file,
          `vxlan && ipv6.src == fd00:64::11 && frame.packet_flags_direction == 2 && ${inner}`,
          'frame.interface_name',
          'vxlan.vni',
          'ipv6.src',
          'ip.src',
          'ipv6.hlim',
        ),
      );
    expect([...wrapped('ip.dst == 10.0.0.201')]).toContain(
      'server-a:uplink\t5001\tfd00:64::11\t10.0.0.7\t64',
    );
    expect([...wrapped('ipv6.dst == fd00:302::c9')]).toContain(
      'server-a:uplink\t5002\tfd00:64::11,fd00:302::7\t\t64,64',
    );
  });

  it('[N-18] is never longer than its links, never in pieces, and 70 bytes longer than what is inside', () => {
    const lengths = fields(file, 'vxlan && ip.dst == 10.0.0.201 && !icmp', 'ipv6.plen', 'ip.len');
    expect(lengths.length).toBeGreaterThan(10);
    for (const line of lengths) {
      const [outer = 0, inner = 0] = line.split('\t').map(Number);
      expect(outer + 40).toBe(inner + 70);
    }
    // what globex cuts by itself is in pieces inside, and acme has no IPv6 inside
    expect(fields(file, 'vxlan && ip && ipv6.fraghdr', 'frame.number')).toEqual([]);
    const behind = fields(file, 'vxlan && frame.interface_name == "server-c:uplink"', 'frame.len');
    expect(Math.max(...behind.map(Number))).toBe(1514);
  });
});
