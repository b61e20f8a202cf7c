import { mac, port } from '../../src/address/index.ts';
import { present } from '../../src/base/index.ts';
import type { Model } from '../../src/model/index.ts';
import { deriveEspKey, type Frame, sealPacket, udpPacket } from '../../src/packet/index.ts';
import { INTERNET_MAC } from '../../src/program/internet.ts';
import { address } from './programs.ts';

/** What acme's gateway 210 sends to gateway 212 by the first number, right in all but what is given. */
export function sealedFrame(
  { premises, channels }: Model,
  wrong: { readonly spi?: number; readonly secret?: string; readonly from?: string },
): Frame {
  const { kind } = present(channels['acme'], 'the channel of acme');
  if (kind.kind !== 'ipsec') throw new Error('the channel crosses the Internet');
  const spi = wrong.spi ?? kind.towardsNetwork;
  const key = deriveEspKey(wrong.secret ?? kind.secret, spi);
  const source = present(premises['acme'], 'the premises').gateway.public;
  const inner = udpPacket({
    source: address(wrong.from ?? '172.16.5.7'),
    target: address('10.0.0.7'),
    sourcePort: port(40_000),
    targetPort: port(1792),
  });
  const link = { target: INTERNET_MAC, source: mac(0x02dead000001), vlan: null };
  return { link, body: sealPacket(inner, { spi, key, source, target: kind.public }, 1, 64) };
}
