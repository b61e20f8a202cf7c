import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Journey } from '../../src/dataplane/index.ts';
import type { Program } from '../../src/program/index.ts';
import { writeCapture } from '../../src/report/index.ts';
import { hasPeer } from '../support/peer.ts';
import { fields, PROBLEMS, tshark } from '../support/tshark.ts';
import { sundries } from './exchanges.ts';
import { figure3 } from './figure3.ts';

const folder = mkdtempSync(join(tmpdir(), 'vnsim-capture-'));
afterAll(() => rmSync(folder, { recursive: true }));

function capture(name: string, program: Program, journeys: readonly Journey[]): string {
  const file = join(folder, `${name}.pcapng`);
  writeFileSync(file, writeCapture({ parts: [{ program, journeys }], seed: 7 }));
  return file;
}

describe.skipIf(!hasPeer('tshark'))('tshark reads a capture', () => {
  const { program, request, reply, denied, broken } = figure3();
  const other = sundries();
  const figure = capture('figure3', program, [request, reply]);
  const refused = capture('denied', program, [denied, broken]);
  const sundry = capture('sundries', other.program, other.journeys);
  const files = [
    { name: 'FIG. 3', file: figure },
    { name: 'drops', file: refused },
    { name: 'one of each sort', file: sundry },
  ];

  it.each(files)('$name: without a warning, and every packet counted', ({ file }) => {
    expect(tshark(file, '-q', '-z', 'io,stat,0').join('\n')).toContain('Interval');
  });

  it.each(files)(
    '$name: no packet is malformed, wrong in a checksum, without interface or direction',
    ({ file }) => {
      expect(fields(file, PROBLEMS, 'frame.number', 'frame.protocols', '_ws.expert.message')).toEqual([]);
    },
  );

  it('the judge is awake: a wrong checksum is found', () => {
    const [first] = other.journeys.slice(2);
    if (first?.frame.body.kind !== 'ipv4') throw new Error('the third packet is UDP');
    const before = { ...first.frame, body: { ...first.frame.body, checksum: 1 } };
    const wrong = { ...first, frame: before, steps: first.steps.map((step) => ({ ...step, before })) };
    expect(fields(capture('wrong', other.program, [wrong]), PROBLEMS, 'frame.number')).toEqual(['1', '2']);
  });

  it('names the interfaces, their direction and the comment of the step', () => {
    const sent = fields(
      figure,
      'frame.interface_name=="nat-322:eth1" && frame.packet_flags_direction==2',
      'ip.src',
      'ip.dst',
      'ip.ttl',
    );
    expect(sent).toEqual(['192.168.0.55\t10.10.0.3\t63']);
    const comments = fields(
      figure,
      'frame.interface_name=="nat-322:eth1" && frame.packet_flags_direction==2',
      'frame.comment',
    );
    expect(comments.join()).toContain('translate: new connection · 10.0.0.201 stands for 10.10.0.3');
    expect(
      fields(figure, 'frame.interface_description=="app-310:eth0 in words"', 'frame.number').length,
    ).toBe(2);
    expect(fields(sundry, 'frame.interface_name=="東京:eth0"', 'frame.packet_flags_direction')).toHaveLength(
      7,
    );
  });

  it('decodes VXLAN and the packet inside, outer and inner', () => {
    expect(
      fields(
        figure,
        'vxlan.vni==5001 && frame.interface_name=="server-a:uplink" && tcp.flags.ack==0',
        'ip.src',
        'ip.dst',
      ),
    ).toEqual(['100.64.0.17,10.0.0.7\t100.64.0.18,10.0.0.201']);
  });

  it('decodes VLAN tags, ARP and what ICMP errors quote', () => {
    const onTrunk = fields(
      figure,
      'frame.interface_name=="tor:port 1" && frame.packet_flags_direction==1',
      'vlan.id',
      'ip.dst',
    );
    expect(onTrunk).toEqual(['101\t10.10.0.3']);
    expect(fields(sundry, 'arp && frame.packet_flags_direction==2', 'arp.opcode', 'vlan.id')).toEqual([
      '1\t',
      '2\t101',
    ]);
    expect(fields(sundry, 'icmp.type==11 && frame.packet_flags_direction==2', 'icmp.code', 'ip.src')).toEqual(
      ['0\t10.0.0.7,10.0.0.7'],
    );
  });

  it('reads simulated time to the nanosecond, journeys as packet ids, and the order is strict', () => {
    const times = fields(figure, 'frame', 'frame.time_epoch').map(Number);
    expect(times[0]).toBe(0.001);
    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect(new Set(fields(figure, 'frame', 'frame.packet_id'))).toEqual(new Set(['1', '2']));
  });

  it('shows the reason where a packet was dropped', () => {
    expect(fields(refused, 'frame.comment contains "firewall.deny"', 'frame.interface_name')).toEqual([
      'server-b:uplink',
    ]);
    expect(fields(refused, 'frame.comment contains "link.down"', 'frame.interface_name')).toEqual([
      'tor:port 3',
    ]);
  });
});
