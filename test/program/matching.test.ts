import { describe, expect, it } from 'vitest';
import { ANY_PORT, everywhere, type Ip, ipv4, ipv6, port } from '../../src/address/index.ts';
import { echoPacket, type IpPacket, recomputeChecksums } from '../../src/packet/index.ts';
import { type FilterRule, firstRule, ruleTable } from '../../src/program/index.ts';

const OLD = [ipv4(0x0a000007), ipv4(0x0a0000c9)] as const;
const NEW = [ipv6((0xfd00n << 112n) | 7n), ipv6((0xfd00n << 112n) | 0xc9n)] as const;

function echo([source, target]: readonly [Ip, Ip]): IpPacket {
  return echoPacket({ source, target, direction: 'request', identifier: port(1), sequence: 1 });
}

/** The same packet under the number of the other family's ICMP, which makes it a packet of no known protocol. */
function misnumbered(packet: IpPacket): IpPacket {
  const protocol = packet.kind === 'ipv4' ? 58 : 1;
  const kept = { ...packet.kept, protocol, nextHeader: protocol };
  return recomputeChecksums({
    ...packet,
    kept,
    body: { kind: 'opaque-body', payload: new Uint8Array(8) },
  } as IpPacket);
}

function allows(protocol: FilterRule['protocol'], ends: readonly [Ip, Ip], packet: IpPacket): boolean {
  const rule: FilterRule = { protocol, peer: everywhere(ends[0]), ports: ANY_PORT, from: null };
  return firstRule(ruleTable([rule]), packet, 'in') === 0;
}

describe('[N-18] a rule about icmp', () => {
  it.each([
    ['IPv4', OLD],
    ['IPv6', NEW],
  ] as const)('means that of its family, in %s', (_, ends) => {
    expect(allows('icmp', ends, echo(ends))).toBe(true);
    expect(allows('icmp', ends, misnumbered(echo(ends)))).toBe(false);
    expect(allows('any', ends, misnumbered(echo(ends)))).toBe(true);
    expect(allows('udp', ends, echo(ends))).toBe(false);
  });

  it('says nothing of the other family', () => {
    expect(allows('any', OLD, echo(NEW))).toBe(false);
    expect(allows('any', NEW, echo(OLD))).toBe(false);
  });
});
