import {
  ANY_PORT,
  type Cidr,
  type Ip,
  type Ipv4,
  ipv4,
  type Mac,
  prefixTable,
} from '../../src/address/index.ts';
import type { FilterRule, Mapping, PlaceId, Role, SubnetRoute } from '../../src/program/index.ts';
import { NOWHERE, ruleTable } from '../../src/program/index.ts';
import { FIG3, ROUTER, STATIONS, segmentOf, type Tenant, TUNNELS, torMembers, vlanOf } from './fig3-names.ts';
import { address, allow, block, type ProgramDraft, type StageDraft, transmit } from './programs.ts';

/** One tenant of the Programs of FIG. 3: its machines, its NAT instance and its share of the rack. */

export interface Provider {
  readonly serverA: number;
  readonly serverB: number;
  readonly overlay: number;
  readonly dx: number;
  readonly tor: number;
}

export function buildTenant(draft: ProgramDraft, tenant: number, provider: Provider): Tenant {
  const name = (text: string): string => `t${tenant} ${text}`;
  const at = (text: string): PlaceId => draft.at(name(text));
  const owner = `tenant-${tenant}`;
  const customer = block('10.0.0.0/16');
  const service = block('192.168.0.0/24');
  const vlan = { id: vlanOf(tenant), priority: 0, dropEligible: false };
  const accept = (own: Mac, address: Ipv4, role: 'ends' | 'forwards'): StageDraft => ({
    kind: 'accept',
    table: draft.neighbours(name(`${own}`)),
    mac: own,
    address,
    vlan: null,
    back: NOWHERE,
    role,
    own: new Set(),
    broadcasts: new Set(),
  });
  const neighbour = (
    own: Mac,
    via: Ipv4 | null,
    owners: readonly (readonly [Ip, Mac])[],
    tagged = false,
  ): StageDraft => ({
    kind: 'neighbour',
    request: NOWHERE,
    table: draft.neighbours(name(`${own}`)),
    via,
    mac: own,
    address: ipv4(0),
    vlan: tagged ? vlan : null,
    owners: new Map(owners),
    errors: NOWHERE,
    reporter: ipv4(0),
  });
  const route = (...entries: readonly (readonly [string, PlaceId])[]): StageDraft => ({
    kind: 'route',
    name: name('routes'),
    table: prefixTable(
      entries.map(([text, to]) => ({
        block: block(text),
        value: { block: block(text), towards: text, to, from: null },
      })),
    ),
    forwards: false,
    itself: NOWHERE,
    errors: NOWHERE,
    address: ipv4(0),
  });
  const mapping = (to: string, address: Ipv4, own: Mac, subnet: Cidr): Mapping => ({
    owner,
    address,
    mac: own,
    subnet,
    to: at(to),
    behind: null,
    routed: { target: own, source: ROUTER, vlan: null },
  });
  const locate = (
    subnet: Cidr,
    bridged: boolean,
    mappings: readonly Mapping[],
    extra: readonly (readonly [string, Mapping])[] = [],
  ): StageDraft => {
    const local: SubnetRoute = { kind: 'local', from: null };
    return {
      kind: 'locate',
      vn: name('vn'),
      router: ROUTER,
      bridged,
      back: NOWHERE,
      subnet,
      mappings: new Map(mappings.map((entry) => [entry.address, entry])),
      neighbours: new Map(mappings.map((entry) => [entry.mac, entry])),
      routes: prefixTable([
        { block: subnet, value: local },
        ...extra.map(([text, target]): { block: Cidr; value: SubnetRoute } => ({
          block: block(text),
          value: { kind: 'interface', target, origin: 'static', from: null },
        })),
      ]),
    };
  };
  const tunnel = (
    device: number,
    text: string,
    from: keyof typeof TUNNELS,
    to: keyof typeof TUNNELS,
    isService: boolean,
    target: Mac,
  ): void => {
    const link = { target, source: ROUTER, vlan: null };
    const segment = segmentOf(tenant, isService);
    draft.place(
      device,
      name(text),
      {
        kind: 'wrap',
        segment,
        source: TUNNELS[from],
        target: TUNNELS[to],
        link,
        towards: to,
        mtu: 1500,
        senders: new Map(),
      },
      transmit(draft.at(`fabric from ${from}`)),
    );
  };
  const guard = (own: Mac, ...addresses: readonly Ipv4[]): StageDraft => ({
    kind: 'guard',
    interface: name(`${own}`),
    mac: own,
    addresses,
  });
  const filter = (direction: 'in' | 'out', ...rules: readonly FilterRule[]): StageDraft => ({
    kind: 'filter',
    firewall: name('firewall'),
    direction,
    rules: ruleTable(rules),
    tracking: null,
  });
  const open = allow('any', '0.0.0.0/0');

  const machine = (
    text: string,
    address: Ipv4,
    own: Mac,
    port: PlaceId,
    gateway: Ipv4 | null,
    owners: readonly (readonly [Ip, Mac])[],
    role: Role,
  ): number => {
    const device = draft.device(`${text}-${tenant}`, role, owner);
    draft.place(device, name(`${text} stack`), route(['0.0.0.0/0', at(`${text} wire`)]));
    draft.place(device, name(`${text} wire`), neighbour(own, gateway, owners), transmit(port));
    draft.place(device, name(`${text} bare wire`), transmit(port));
    const index = draft.host({
      device,
      address,
      mac: own,
      out: at(`${text} stack`),
      wire: at(`${text} bare wire`),
      port,
      mtu: 1500,
    });
    draft.place(device, name(`${text} nic`), accept(own, address, 'ends'), { kind: 'deliver', host: index });
    return index;
  };

  // Customer VN: two instances on server A, VNI 314 behind server B.
  const onA = [
    mapping('app in', FIG3.app, STATIONS.app, customer),
    mapping('other in', FIG3.other, STATIONS.other, customer),
    mapping('a to b', FIG3.outer, STATIONS.outer, customer),
  ];
  const onLink = onA.map(({ address, mac }) => [address, mac] as const);
  for (const [text, address, own] of [
    ['app', FIG3.app, STATIONS.app],
    ['other', FIG3.other, STATIONS.other],
  ] as const) {
    draft.place(
      provider.serverA,
      name(`${text} port`),
      guard(own, address),
      filter('out', open),
      locate(customer, true, onA),
    );
    draft.place(provider.serverA, name(`${text} in`), filter('in', open), transmit(at(`${text} nic`)));
  }
  const app = machine('app', FIG3.app, STATIONS.app, at('app port'), null, onLink, 'instance');
  const other = machine('other', FIG3.other, STATIONS.other, at('other port'), null, onLink, 'instance');
  tunnel(provider.serverA, 'a to b', 'a', 'b', false, STATIONS.serverB);

  // NAT instance 322 between VNI 314 and VNI 324, both on server B.
  const nat = draft.device(`nat-322-${tenant}`, 'nat-instance', 'provider');
  const table = draft.table(name('nat'));
  const translate = (direction: 'outward' | 'inward'): StageDraft => ({
    kind: 'translate',
    table,
    instance: name('nat-322'),
    direction,
    outer: FIG3.outer,
    inward: FIG3.inward,
    target: FIG3.hsm,
    sourceRewrite: true,
    ports: ANY_PORT,
    timers: 'rfc',
    mapping: 'address-and-port-dependent',
    tellsExhausted: false,
    reverse: null,
    forwards: true,
    errors: NOWHERE,
  });
  draft.place(
    provider.serverB,
    name('vni-314 in'),
    filter('in', allow('tcp', '10.0.0.0/16', 1792, 1792), allow('icmp', '10.0.0.0/16')),
    transmit(at('nat outer')),
  );
  draft.place(
    nat,
    name('nat outer'),
    accept(STATIONS.outer, FIG3.outer, 'forwards'),
    translate('outward'),
    neighbour(STATIONS.inner, address('192.168.0.1'), [[address('192.168.0.1'), ROUTER]]),
    transmit(at('vni-324 port')),
  );
  const gateway = mapping('b to overlay', address('192.168.0.4'), STATIONS.overlay, service);
  draft.place(
    provider.serverB,
    name('vni-324 port'),
    guard(STATIONS.inner, FIG3.inward),
    filter('out', open),
    locate(
      service,
      true,
      [mapping('vni-324 in', FIG3.inward, STATIONS.inner, service), gateway],
      [['10.10.0.3/32', gateway]],
    ),
  );
  tunnel(provider.serverB, 'b to overlay', 'b', 'overlay', true, STATIONS.tunnel);
  draft.place(provider.serverB, name('vni-324 in'), filter('in', open), transmit(at('nat inner')));
  draft.place(
    nat,
    name('nat inner'),
    accept(STATIONS.inner, FIG3.inward, 'forwards'),
    translate('inward'),
    neighbour(STATIONS.outer, null, onLink),
    transmit(at('vni-314 port')),
  );
  draft.place(
    provider.serverB,
    name('vni-314 port'),
    guard(STATIONS.outer, FIG3.outer),
    filter('out', open),
    locate(customer, true, [
      mapping('b to a', FIG3.app, STATIONS.app, customer),
      mapping('b to a', FIG3.other, STATIONS.other, customer),
    ]),
  );
  tunnel(provider.serverB, 'b to a', 'b', 'a', false, STATIONS.serverA);

  // Overlay device 240, DX router and ToR switch, by VLAN and VRF.
  const overlayRoutes = route(['10.10.0.3/32', at('overlay to dx')], ['192.168.0.0/24', at('overlay to vn')]);
  draft.place(
    provider.overlay,
    name('overlay vn'),
    accept(STATIONS.overlay, address('192.168.0.4'), 'forwards'),
    overlayRoutes,
  );
  draft.place(
    provider.overlay,
    name('overlay sub'),
    accept(STATIONS.toDx, address('169.254.0.1'), 'forwards'),
    overlayRoutes,
  );
  draft.place(
    provider.overlay,
    name('overlay to dx'),
    neighbour(STATIONS.toDx, address('169.254.0.2'), [[address('169.254.0.2'), STATIONS.dxOverlay]], true),
    transmit(draft.at('dx overlay')),
  );
  draft.place(
    provider.overlay,
    name('overlay to vn'),
    locate(service, false, [mapping('overlay to b', FIG3.inward, STATIONS.inner, service)]),
  );
  tunnel(provider.overlay, 'overlay to b', 'overlay', 'b', true, STATIONS.serverB);
  const vrf = route(['10.10.0.0/24', at('dx to hsm')], ['192.168.0.0/24', at('dx to overlay')]);
  draft.place(
    provider.dx,
    name('dx from overlay'),
    accept(STATIONS.dxOverlay, address('169.254.0.2'), 'forwards'),
    vrf,
  );
  draft.place(
    provider.dx,
    name('dx from tor'),
    accept(STATIONS.dxTor, address('10.10.0.1'), 'forwards'),
    vrf,
  );
  draft.place(
    provider.dx,
    name('dx to hsm'),
    neighbour(STATIONS.dxTor, null, [[FIG3.hsm, STATIONS.hsm]], true),
    transmit(draft.at('tor uplink')),
  );
  draft.place(
    provider.dx,
    name('dx to overlay'),
    neighbour(STATIONS.dxOverlay, address('169.254.0.1'), [[address('169.254.0.1'), STATIONS.toDx]], true),
    transmit(draft.at('overlay dx')),
  );
  const access = { kind: 'access', vlan: vlan.id } as const;
  draft.place(provider.tor, name('tor from hsm'), {
    kind: 'switch',
    out: NOWHERE,
    bridge: 1,
    port: `hsm-${tenant}`,
    mode: access,
    members: torMembers(draft, [tenant]),
    fixed: null,
  });
  draft.place(
    provider.tor,
    name('tor to hsm'),
    { kind: 'tag', port: `hsm-${tenant}`, mode: access },
    transmit(at('hsm nic')),
  );
  const hsm = machine(
    'hsm',
    FIG3.hsm,
    STATIONS.hsm,
    at('tor from hsm'),
    address('10.10.0.1'),
    [[address('10.10.0.1'), STATIONS.dxTor]],
    'hsm',
  );
  return { app, other, hsm };
}
