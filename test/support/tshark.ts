import { spawnSync } from 'node:child_process';
import { expect } from 'vitest';

/**
 * Checksums are looked at; nothing is put together from several packets. The same packet at several interfaces would
 * look like a retransmission, so sequence numbers are left alone.
 */
const PREFERENCES = [
  'ip.check_checksum:TRUE',
  'udp.check_checksum:TRUE',
  // a wrapper of IPv6 leaves it out (RFC 6935)
  'udp.ignore_ipv6_zero_checksum:TRUE',
  'tcp.check_checksum:TRUE',
  'ip.defragment:FALSE',
  'tcp.desegment_tcp_streams:FALSE',
  'tcp.analyze_sequence_numbers:FALSE',
].flatMap((preference) => ['-o', preference]);

/** The applications behind these ports say words of their own, which are no such messages. */
const NOT_OURS = ['ntp', 'snmp', 'syslog', 'ssh'].flatMap((protocol) => ['--disable-protocol', protocol]);

/** Packets that tshark has something to say about. A segment quoted in part by an ICMP error is no wrong checksum. */
export const PROBLEMS: string = [
  '_ws.malformed',
  '_ws.short',
  '(_ws.expert.severity >= 8388608 && !icmp)',
  'ip.checksum.status == 0',
  'udp.checksum.status == 0',
  '(tcp.checksum.status == 0 && !icmp)',
  'icmp.checksum.status == 0',
  '!frame.interface_name',
  '!frame.packet_flags_direction',
  '(udp.dstport == 4789 && !vxlan && !icmp)',
  '(vxlan && (vxlan.flag_i == 0 || vxlan.flags_reserved != 0))',
].join(' || ');

/** The lines that tshark prints; anything on stderr but the notice about root is a complaint, and fails the test. */
export function tshark(file: string, ...asked: readonly string[]): readonly string[] {
  return judge('tshark', ['-n', '-r', file, ...PREFERENCES, ...NOT_OURS, ...asked]);
}

/** One line a packet that passes the filter, the fields with tabs between them. */
export function fields(file: string, filter: string, ...names: readonly string[]): readonly string[] {
  return tshark(file, '-Y', filter, '-T', 'fields', ...names.flatMap((name) => ['-e', name]));
}

/** Whether no packet is older than the one before it. */
export function isInOrder(file: string): boolean {
  return judge('capinfos', ['-o', file]).some((line) => /Strict time order:\s+True/.test(line));
}

function judge(program: string, words: readonly string[]): readonly string[] {
  const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8', maxBuffer: 64_000_000 });
  const complaints = linesOf(stderr).filter((line) => !line.startsWith('Running as user "root"'));
  expect(complaints).toEqual([]);
  expect(status).toBe(0);
  return linesOf(stdout);
}

function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n/).filter((line) => line !== '');
}
