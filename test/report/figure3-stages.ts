import { type Ipv4, type Mac, portRange } from '../../src/address/index.ts';
import type { Link, Vlan } from '../../src/packet/index.ts';
import { NOWHERE, type PlaceId } from '../../src/program/index.ts';
import { at, block, ip, prefixTable, station } from './network.ts';

/** The addresses of FIG. 3, and the link addresses that the figure does not give. */
export const ROUTER = station(0xff);
export const APP = station(0x07);
export const VNI_314 = station(0x14);
export const VNI_324 = station(0x24);
export const SERVER_A = station(0xa0);
export const SERVER_B = station(0xb0);
export const OVERLAY = station(0xc0);
export const OVERLAY_RACK = station(0xc1);
export const DX_NORTH = station(0xd0);
export const DX_SOUTH = station(0xd1);
export const HSM = station(0x26);

export const CLIENT = ip('10.0.0.7');
export const OUTER = ip('10.0.0.201');
export const INWARD = ip('192.168.0.55');
export const TARGET = ip('10.10.0.3');

export const mapping = (
  owner: string,
  address: string,
  station: Mac,
  to: PlaceId,
  behind: string | null,
) => ({
  owner,
  address: ip(address),
  mac: station,
  subnet: block(address.startsWith('10.') ? '10.0.0.0/16' : '192.168.0.0/24'),
  to,
  behind,
  routed: { target: station, source: ROUTER, vlan: null },
});

export const wrap = (segment: number, source: string, target: string, towards: string, link: Link) => ({
  kind: 'wrap' as const,
  mtu: 1500,
  senders: new Map(),
  segment,
  source: ip(source),
  target: ip(target),
  link,
  towards,
});

export const neighbour = (own: Mac, vlan: Vlan | null, via: string | null) => ({
  kind: 'neighbour' as const,
  table: 0,
  via: via === null ? null : ip(via),
  mac: own,
  address: ip('10.0.0.7'),
  vlan,
  owners: new Map(),
  request: NOWHERE,
  errors: NOWHERE,
  reporter: ip('10.0.0.7'),
});

export const accept = (own: Mac, address: string, role: 'ends' | 'forwards', vlan: Vlan | null = null) => ({
  kind: 'accept' as const,
  table: 0,
  mac: own,
  address: ip(address),
  vlan,
  back: NOWHERE,
  role,
  own: new Set<Ipv4>(),
  broadcasts: new Set<Ipv4>(),
});

export const routes = (name: string, ...entries: readonly [string, string, number?][]) => ({
  kind: 'route' as const,
  name,
  forwards: false,
  itself: NOWHERE,
  errors: NOWHERE,
  address: ip('10.0.0.1'),
  table: prefixTable(
    entries.map(([text, towards, line]) => ({
      block: block(text),
      value: {
        block: block(text),
        towards,
        to: NOWHERE,
        from: line === undefined ? null : at(line),
      },
    })),
  ),
});

export const nat322 = (direction: 'outward' | 'inward') => ({
  kind: 'translate' as const,
  line: 26,
  table: 0,
  instance: 'nat-322',
  direction,
  outer: OUTER,
  inward: INWARD,
  target: TARGET,
  sourceRewrite: true,
  ports: portRange(1024, 65535),
  timers: 'rfc' as const,
  mapping: 'address-and-port-dependent' as const,
  tellsExhausted: false,
  reverse: null,
  forwards: true,
  errors: NOWHERE,
});

export const untag = (name: string) => ({
  kind: 'tag' as const,
  port: name,
  mode: { kind: 'access' as const, vlan: 101 },
});
