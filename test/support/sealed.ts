import { mac, port } from '../../src/address/index.ts';
import { present } from '../../src/base/index.ts';
import type { Model } from '../../src/model/index.ts';
import { type Frame, MECHANISMS, udpPacket } from '../../src/packet/index.ts';
import { INTERNET_MAC } from '../../src/program/internet.ts';
import { address } from './programs.ts';

/** What acme's gateway 210 sends to gateway 212 by the first number, right in all but what is given. */
export function sealedFrame(
  { premises, channels }: Model,
  wrong: { readonly number?: number; readonly secret?: string; readonly from?: string },
): Frame {
  const { kind } = present(channels['acme'], 'the channel of acme');
  if (kind.kind === 'direct') throw new Error('the channel crosses the Internet');
  const { deriveKey, seal } = MECHANISMS[kind.kind];
  const number = wrong.number ?? kind.towardsNetwork;
  const key = deriveKey(wrong.secret ?? kind.secret, number);
  const source = present(premises['acme'], 'the premises').gateway.public;
  const inner = udpPacket({
    source: address(wrong.from ?? '172.16.5.7'),
    target: address('10.0.0.7'),
    sourcePort: port(40_000),
    targetPort: port(1792),
  });
  const link = { target: INTERNET_MAC, source: mac(0x02dead000001), vlan: null };
  return { link, body: seal(inner, { number, key, source, target: kind.public }, 1, 64) };
}
