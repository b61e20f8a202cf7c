import { portRange } from '../../src/address/index.ts';
import type { BridgePort } from '../../src/program/index.ts';
import { address, type ProgramDraft, station } from './programs.ts';

/** What the hand-written Programs of FIG. 3 call things: addresses, stations, segments and VLANs. */

export const ROUTER = station(0xff);
export const STATIONS = {
  app: station(1),
  other: station(2),
  outer: station(3),
  inner: station(4),
  overlay: station(5),
  toDx: station(6),
  dxOverlay: station(7),
  dxTor: station(8),
  hsm: station(9),
  serverA: station(0x10),
  serverB: station(0x11),
  tunnel: station(0x12),
};
export const TUNNELS = { a: address('172.16.0.1'), b: address('172.16.0.2'), overlay: address('172.16.0.3') };

export interface Tenant {
  readonly app: number;
  readonly other: number;
  readonly hsm: number;
}

/** What a tenant of {@link tenantsOfFig3} has: always the same addresses. */
export const FIG3 = {
  app: address('10.0.0.7'),
  other: address('10.0.0.8'),
  outer: address('10.0.0.201'),
  inward: address('192.168.0.55'),
  hsm: address('10.10.0.3'),
  ports: portRange(1792, 1792),
};

/** Names of the places that tests tamper with. */
export const segmentOf = (tenant: number, service: boolean): number => 100 + 2 * tenant + (service ? 1 : 0);
export const vlanOf = (tenant: number): number => 10 + tenant;

export function torMembers(
  draft: ProgramDraft,
  all: readonly number[],
): ReadonlyMap<number, readonly BridgePort[]> {
  return new Map(
    all.map((tenant) => [
      vlanOf(tenant),
      [
        { name: 'uplink', to: draft.at('tor to uplink') },
        { name: `hsm-${tenant}`, to: draft.at(`t${tenant} tor to hsm`) },
      ],
    ]),
  );
}
