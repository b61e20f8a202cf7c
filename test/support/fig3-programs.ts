import type { Mac } from '../../src/address/index.ts';
import type { BridgePort, Program, Segment, Stages } from '../../src/program/index.ts';
import { NOWHERE } from '../../src/program/index.ts';
import { STATIONS, segmentOf, type Tenant, TUNNELS, torMembers, vlanOf } from './fig3-names.ts';
import { buildTenant } from './fig3-tenant.ts';
import { ProgramDraft, type StageDraft, transmit } from './programs.ts';

export { FIG3, segmentOf, type Tenant, vlanOf } from './fig3-names.ts';

/**
 * FIG. 3 by hand for any number of tenants who have every address in common, link addresses included, and share
 * every device of the provider: what tells them apart is the segment, the VLAN and the VRF alone.
 */

export interface Tenants {
  readonly program: Program;
  /** machines by tenant */
  readonly tenants: readonly Tenant[];
}

/**
 * FIG. 3 with its physical attachment for `count` tenants: two instances on server A, the NAT instance on server B,
 * overlay device, DX router, ToR switch and HSM.
 */
export function tenantsOfFig3(count: number): Tenants {
  const draft = new ProgramDraft();
  const all = Array.from({ length: count }, (_, tenant) => tenant);
  const serverA = draft.device('server-a', 'server', 'provider');
  const serverB = draft.device('server-b', 'server', 'provider');
  const overlay = draft.device('overlay-240', 'overlay-device', 'provider');
  const dx = draft.device('dx-router', 'dx-router', 'provider');
  const tor = draft.device('tor', 'tor-switch', 'provider');
  buildFabric(draft);
  buildTunnelEnds(draft, all, serverA, serverB, overlay);
  buildShared(draft, all, overlay, dx, tor);
  const tenants = all.map((tenant) => buildTenant(draft, tenant, { serverA, serverB, overlay, dx, tor }));
  return { program: draft.finish(), tenants };
}

function buildFabric(draft: ProgramDraft): void {
  const fabric = draft.device('fabric', 'fabric', 'provider');
  const ends = [
    ['a', STATIONS.serverA],
    ['b', STATIONS.serverB],
    ['overlay', STATIONS.tunnel],
  ] as const;
  const bridge = draft.bridge('fabric');
  const ports = ends.map(([name]): BridgePort => ({ name, to: draft.at(`fabric to ${name}`) }));
  const fixed = new Map(ends.map(([, address], index) => [address, ports[index] as BridgePort]));
  for (const [name] of ends) {
    const mode = { kind: 'unaware' } as const;
    const members = new Map([[0, ports]]);
    draft.place(fabric, `fabric from ${name}`, {
      kind: 'switch',
      out: NOWHERE,
      bridge,
      port: name,
      mode,
      members,
      fixed,
    });
    draft.place(
      fabric,
      `fabric to ${name}`,
      { kind: 'tag', port: name, mode },
      transmit(draft.at(`${name} uplink`)),
    );
  }
}

function buildTunnelEnds(
  draft: ProgramDraft,
  all: readonly number[],
  serverA: number,
  serverB: number,
  overlay: number,
): void {
  const segment = (
    tenant: number,
    service: boolean,
    peer: keyof typeof TUNNELS,
    ...entries: readonly (readonly [Mac, string])[]
  ): readonly [number, Segment] => {
    const owner = `tenant-${tenant}`;
    const ports = entries.map(([own, name]) => [own, { owner, to: draft.at(`t${tenant} ${name}`) }] as const);
    const peers = new Map([[TUNNELS[peer], peer]]);
    return [segmentOf(tenant, service), { vn: `${owner} ${service}`, peers, ports: new Map(ports) }];
  };
  const end = (
    device: number,
    name: keyof typeof TUNNELS,
    own: Mac,
    segments: Stages['unwrap']['segments'],
  ): void => {
    draft.place(
      device,
      `${name} uplink`,
      {
        kind: 'accept',
        table: draft.neighbours(name),
        mac: own,
        address: TUNNELS[name],
        vlan: null,
        back: NOWHERE,
        role: 'ends',
        own: new Set(),
        broadcasts: new Set(),
      },
      { kind: 'unwrap', address: TUNNELS[name], segments },
    );
  };
  const instances = [
    [STATIONS.app, 'app in'],
    [STATIONS.other, 'other in'],
  ] as const;
  const onA = all.map((tenant) => segment(tenant, false, 'b', ...instances));
  const customerOnB = all.map((tenant) => segment(tenant, false, 'a', [STATIONS.outer, 'vni-314 in']));
  const serviceOnB = all.map((tenant) => segment(tenant, true, 'overlay', [STATIONS.inner, 'vni-324 in']));
  const onOverlay = all.map((tenant) => segment(tenant, true, 'b', [STATIONS.overlay, 'overlay vn']));
  end(serverA, 'a', STATIONS.serverA, new Map(onA));
  end(serverB, 'b', STATIONS.serverB, new Map([...customerOnB, ...serviceOnB]));
  end(overlay, 'overlay', STATIONS.tunnel, new Map(onOverlay));
}

function buildShared(
  draft: ProgramDraft,
  all: readonly number[],
  overlay: number,
  dx: number,
  tor: number,
): void {
  const select = (what: string): StageDraft => ({
    kind: 'vlan',
    subinterfaces: new Map(
      all.map((tenant) => [
        vlanOf(tenant),
        { name: `${vlanOf(tenant)}`, to: draft.at(`t${tenant} ${what}`) },
      ]),
    ),
  });
  draft.place(overlay, 'overlay dx', select('overlay sub'));
  draft.place(dx, 'dx overlay', select('dx from overlay'));
  draft.place(dx, 'dx tor', select('dx from tor'));
  const mode = { kind: 'trunk', vlans: new Set(all.map(vlanOf)) } as const;
  const bridge = draft.bridge('tor');
  draft.place(tor, 'tor uplink', {
    kind: 'switch',
    out: NOWHERE,
    bridge,
    port: 'uplink',
    mode,
    members: torMembers(draft, all),
    fixed: null,
  });
  draft.place(tor, 'tor to uplink', { kind: 'tag', port: 'uplink', mode }, transmit(draft.at('dx tor')));
}
