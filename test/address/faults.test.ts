import { describe, expect, it } from 'vitest';
import {
  type AddressFault,
  parseCidr,
  parseIpv4,
  parseIpv6,
  parseMac,
  parsePort,
  parsePortRange,
} from '../../src/address/index.ts';
import type { Result } from '../../src/base/index.ts';

/** `code | message | near miss` of a refusal: the exact words are under test. */
function refusal(read: Result<unknown, AddressFault>): string {
  if (read.ok) return 'accepted';
  const { code, message, nearMiss } = read.fault;
  return [code, message, ...(nearMiss === undefined ? [] : [nearMiss])].join(' | ');
}

describe('[DC-06] a refused text is explained, with what was probably meant', () => {
  it.each([
    [
      '010.0.0.7',
      'not-canonical | "010.0.0.7" is not an IPv4 address: octets have no leading zero | 10.0.0.7',
    ],
    [
      '0x0a.0.0.1',
      'not-canonical | "0x0a.0.0.1" is not an IPv4 address: octets are decimal, not hexadecimal | 10.0.0.1',
    ],
    [
      '167772161',
      'not-canonical | "167772161" is not an IPv4 address: it is one number, not four octets | 10.0.0.1',
    ],
    ['4294967296', 'not-canonical | "4294967296" is not an IPv4 address: it is one number, not four octets'],
    [
      ' 10.0.0.1\n',
      'not-canonical | " 10.0.0.1\\n" is not an IPv4 address: it has white space around it | 10.0.0.1',
    ],
    ['1.2.3', 'not-an-address | "1.2.3" is not an IPv4 address: it has 3 octets, not four'],
    ['1.2.3.4.5', 'not-an-address | "1.2.3.4.5" is not an IPv4 address: it has 5 octets, not four'],
    ['10.0.0.256', 'not-an-address | "10.0.0.256" is not an IPv4 address: octet 256 is above 255'],
    [
      '10.0.0.1/24',
      'not-an-address | "10.0.0.1/24" is not an IPv4 address: a prefix length belongs to a block | 10.0.0.1',
    ],
    ['fd00::1', 'not-an-address | "fd00::1" is not an IPv4 address: it has colons, as IPv6 has'],
    ['app-310', 'not-an-address | "app-310" is not an IPv4 address: four decimal octets are expected'],
    ['1.2..4', 'not-an-address | "1.2..4" is not an IPv4 address: four decimal octets are expected'],
    ['', 'not-an-address | "" is not an IPv4 address: it is empty'],
  ])('IPv4 %j', (text, expected) => {
    expect(refusal(parseIpv4(text))).toBe(`address/${expected}`);
  });

  it.each([
    [
      '2001:DB8::1',
      'not-canonical | "2001:DB8::1" is not an IPv6 address: it is not in the form of RFC 5952 | 2001:db8::1',
    ],
    [
      'fd00:0:0:0:0:0:0:1',
      'not-canonical | "fd00:0:0:0:0:0:0:1" is not an IPv6 address: it is not in the form of RFC 5952 | fd00::1',
    ],
    [
      '::ffff:1.2.3.4',
      'not-canonical | "::ffff:1.2.3.4" is not an IPv6 address: its last groups are not dotted | ::ffff:102:304',
    ],
    ['[::1]', 'not-canonical | "[::1]" is not an IPv6 address: it has brackets around it | ::1'],
    [
      'fe80::1%eth0',
      'not-an-address | "fe80::1%eth0" is not an IPv6 address: a zone has no meaning here | fe80::1',
    ],
    [
      'fd00::1/64',
      'not-an-address | "fd00::1/64" is not an IPv6 address: a prefix length belongs to a block | fd00::1',
    ],
    ['10.0.0.1', 'not-an-address | "10.0.0.1" is not an IPv6 address: it has no colons'],
    ['1::2::3', 'not-an-address | "1::2::3" is not an IPv6 address: it has more than one "::"'],
    ['1:2:3', 'not-an-address | "1:2:3" is not an IPv6 address: it has 3 groups, not eight'],
    ['::12345', 'not-an-address | "::12345" is not an IPv6 address: group 12345 has more than four digits'],
    ['::g', 'not-an-address | "::g" is not an IPv6 address: groups are hexadecimal, with colons between'],
    [' ::1', 'not-canonical | " ::1" is not an IPv6 address: it has white space around it | ::1'],
  ])('IPv6 %j', (text, expected) => {
    expect(refusal(parseIpv6(text))).toBe(`address/${expected}`);
  });

  it.each([
    ['10.0.0.7/24', 'host-bits | "10.0.0.7/24" is not an IPv4 block: the block is 10.0.0.0/24 | 10.0.0.0/24'],
    [
      '010.0.0.7/24',
      'not-canonical | "010.0.0.7/24" is not an IPv4 block: octets have no leading zero | 10.0.0.0/24',
    ],
    [
      '10.0.0.0',
      'prefix-length | "10.0.0.0" is not an IPv4 block: the prefix length is missing | 10.0.0.0/32',
    ],
    ['10.0.0.0/33', 'prefix-length | "10.0.0.0/33" is not an IPv4 block: prefix lengths go from 0 to 32'],
    ['10.0.0.0/-1', 'prefix-length | "10.0.0.0/-1" is not an IPv4 block: prefix lengths go from 0 to 32'],
    ['10.0.0.0/', 'prefix-length | "10.0.0.0/" is not an IPv4 block: prefix lengths go from 0 to 32'],
    [
      '10.0.0.0/08',
      'not-canonical | "10.0.0.0/08" is not an IPv4 block: prefix lengths have no leading zero | 10.0.0.0/8',
    ],
    [
      '10.0.0.0/255.255.0.0',
      'prefix-length | "10.0.0.0/255.255.0.0" is not an IPv4 block: a length is expected, not a mask | 10.0.0.0/16',
    ],
    [
      '10.0.0.0/255.0.255.0',
      'prefix-length | "10.0.0.0/255.0.255.0" is not an IPv4 block: prefix lengths go from 0 to 32',
    ],
  ])('IPv4 block %j', (text, expected) => {
    expect(refusal(parseCidr(text))).toBe(`address/${expected}`);
  });

  it.each([
    ['fd00::7/64', 'host-bits | "fd00::7/64" is not an IPv6 block: the block is fd00::/64 | fd00::/64'],
    [
      'FD00::/64',
      'not-canonical | "FD00::/64" is not an IPv6 block: it is not in the form of RFC 5952 | fd00::/64',
    ],
    ['fd00::/129', 'prefix-length | "fd00::/129" is not an IPv6 block: prefix lengths go from 0 to 128'],
  ])('IPv6 block %j', (text, expected) => {
    expect(refusal(parseCidr(text))).toBe(`address/${expected}`);
  });

  it.each([
    [
      '02-00-5E-00-00-01',
      'not-canonical | "02-00-5E-00-00-01" is not a MAC address: it is written in lower case with colons | 02:00:5e:00:00:01',
    ],
    [
      '0200.5e00.0001',
      'not-canonical | "0200.5e00.0001" is not a MAC address: it is written in lower case with colons | 02:00:5e:00:00:01',
    ],
    [
      '02:00:5e:00:00',
      'not-an-address | "02:00:5e:00:00" is not a MAC address: six octets of two hexadecimal digits are expected',
    ],
    [
      '02:00-5e:00:00:01',
      'not-an-address | "02:00-5e:00:00:01" is not a MAC address: six octets of two hexadecimal digits are expected',
    ],
  ])('MAC %j', (text, expected) => {
    expect(refusal(parseMac(text))).toBe(`address/${expected}`);
  });

  it.each([
    ['65536', 'port | "65536" is not a port: ports go from 0 to 65535'],
    ['-1', 'port | "-1" is not a port: ports are decimal numbers'],
    ['ssh', 'port | "ssh" is not a port: ports are decimal numbers'],
    ['0022', 'not-canonical | "0022" is not a port: numbers have no leading zero | 22'],
    ['', 'port | "" is not a port: it is empty'],
  ])('port %j', (text, expected) => {
    expect(refusal(parsePort(text))).toBe(`address/${expected}`);
  });

  it.each([
    [
      '1001-1000',
      'port-range | "1001-1000" is not a port or a range of ports: it ends before it begins | 1000-1001',
    ],
    [
      '80-80',
      'not-canonical | "80-80" is not a port or a range of ports: a single port is written without a dash | 80',
    ],
    ['1000-', 'port | "1000-" is not a port or a range of ports: it is empty'],
    [
      '1000 - 2000',
      'not-canonical | "1000 - 2000" is not a port or a range of ports: it has white space around it | 1000-2000',
    ],
    ['1-2-3', 'port | "1-2-3" is not a port or a range of ports: ports are decimal numbers'],
  ])('range of ports %j', (text, expected) => {
    expect(refusal(parsePortRange(text))).toBe(`address/${expected}`);
  });
});
