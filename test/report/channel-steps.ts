import { port } from '../../src/address/index.ts';
import {
  deriveEspKey,
  deriveWireguardKey,
  type Frame,
  type Ipv4Packet,
  sealPacket,
  sealWireguard,
  udpPacket,
} from '../../src/packet/index.ts';
import { block, ip, type New, station } from './network.ts';
import { DROP, frame, place, stepOf } from './stage-samples.ts';

/** Every decision that the engine can make at either end of a channel, with a name. */

const SITE = block('172.16.0.0/24');
const NETWORK = block('10.0.0.0/16');
const ENDS = {
  number: 0x1001,
  key: deriveEspKey('a secret', 0x1001),
  source: ip('198.51.100.10'),
  target: ip('203.0.113.1'),
};

const CHANNEL: New<'channel'> = {
  kind: 'channel',
  line: 44,
  name: 'the channel of acme',
  up: true,
  selectors: { sources: [SITE], targets: [NETWORK] },
  to: place(2),
};
const SEAL: New<'seal'> = {
  kind: 'seal',
  mechanism: 'ipsec',
  line: 45,
  association: 0,
  ...ENDS,
  towards: 'vgw-212',
  to: place(3),
};
const OPEN: New<'open'> = {
  kind: 'open',
  mechanism: 'ipsec',
  line: 46,
  address: ENDS.target,
  mac: station(9),
  associations: new Map([
    [0x1001, { association: 0, key: ENDS.key, selectors: CHANNEL.selectors, peer: 'vgw-210' }],
  ]),
};

function inside(from = '172.16.0.18'): Ipv4Packet {
  const ends = { source: ip(from), target: ip('10.0.0.201') };
  return udpPacket({ ...ends, sourcePort: port(49152), targetPort: port(1792), payload: new Uint8Array(9) });
}

function sealed(sequence = 7): Frame {
  return frame(sealPacket(inside(), ENDS, sequence, 64));
}

const SESSION = { ...ENDS, key: deriveWireguardKey('a secret', 0x1001) };
const DATAGRAM = frame(sealWireguard(inside(), SESSION, 7, 64));
const SEAL_IN_UDP: New<'seal'> = { ...SEAL, mechanism: 'wireguard', key: SESSION.key };
const OPEN_FROM_UDP: New<'open'> = {
  ...OPEN,
  mechanism: 'wireguard',
  associations: new Map([
    [0x1001, { association: 0, key: SESSION.key, selectors: CHANNEL.selectors, peer: 'vgw-210' }],
  ]),
};

const WINDOW = { highest: 7, near: 1, far: 0 };

export const CHANNEL_CASES = {
  channel: {
    'is up': stepOf(CHANNEL, frame(inside()), { verdict: 'forward', to: place(2) }),
    'is down': stepOf({ ...CHANNEL, up: false }, frame(inside()), DROP('channel.down')),
    'a foreign source': stepOf(CHANNEL, frame(inside('10.9.9.9')), DROP('channel.not-carried')),
  },
  seal: {
    seals: stepOf(SEAL, frame(inside()), {
      verdict: 'forward',
      to: place(3),
      frame: sealed(),
      effect: { kind: 'sealed', association: 0, sequence: 7 },
    }),
    'seals for WireGuard': stepOf(SEAL_IN_UDP, frame(inside()), {
      verdict: 'forward',
      to: place(3),
      frame: DATAGRAM,
      effect: { kind: 'sealed', association: 0, sequence: 7 },
    }),
    'no counter left': stepOf(SEAL_IN_UDP, frame(inside()), DROP('wireguard.counter-exhausted')),
    'no number left': stepOf(SEAL, frame(inside()), DROP('esp.sequence-exhausted')),
  },
  open: {
    opens: stepOf(OPEN, sealed(), {
      frame: frame(inside()),
      effect: { kind: 'opened', association: 0, sequence: 7, window: WINDOW },
    }),
    'in the clear': stepOf(OPEN, frame(inside()), DROP('esp.policy')),
    'another policy': stepOf(
      OPEN,
      sealed(),
      DROP('esp.policy', { kind: 'opened', association: 0, sequence: 7, window: WINDOW }),
    ),
    'unknown association': stepOf({ ...OPEN, associations: new Map() }, sealed(), DROP('esp.unknown-spi')),
    'changed on the way': stepOf(OPEN, sealed(), DROP('esp.auth-failed')),
    'here before': stepOf(OPEN, sealed(), DROP('esp.replayed')),
    'opens WireGuard': stepOf(OPEN_FROM_UDP, DATAGRAM, {
      frame: frame(inside()),
      effect: { kind: 'opened', association: 0, sequence: 7, window: WINDOW },
    }),
    'no message': stepOf(OPEN_FROM_UDP, frame(inside()), DROP('wireguard.not-allowed')),
    'unknown index': stepOf(
      { ...OPEN_FROM_UDP, associations: new Map() },
      DATAGRAM,
      DROP('wireguard.unknown-index'),
    ),
    'datagram changed': stepOf(OPEN_FROM_UDP, DATAGRAM, DROP('wireguard.auth-failed')),
    'datagram here before': stepOf(OPEN_FROM_UDP, DATAGRAM, DROP('wireguard.replayed')),
  },
};
