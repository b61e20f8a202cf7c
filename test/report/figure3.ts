import { type Mac, portRange } from '../../src/address/index.ts';
import { MICROSECOND, nanos } from '../../src/base/index.ts';
import type { Journey } from '../../src/dataplane/index.ts';
import type { Link } from '../../src/packet/index.ts';
import { NOWHERE, type PlaceId, type Program, ruleTable } from '../../src/program/index.ts';
import { broken, denied, reply, request } from './figure3-journeys.ts';
import {
  APP,
  accept,
  CLIENT,
  DX_NORTH,
  DX_SOUTH,
  HSM,
  INWARD,
  mapping,
  nat322,
  neighbour,
  OUTER,
  OVERLAY,
  OVERLAY_RACK,
  ROUTER,
  routes,
  SERVER_A,
  SERVER_B,
  untag,
  VNI_314,
  VNI_324,
  wrap,
} from './figure3-stages.ts';
import { at, block, ip, prefixTable, station, TestNetwork, tagged } from './network.ts';

/** FIG. 3 as a Program made by hand, and one round trip through it as the engine would record it. */
export interface Figure3 {
  readonly program: Program;
  readonly request: Journey;
  readonly reply: Journey;
  /** stopped by the firewall of VNI 314 */
  readonly denied: Journey;
  /** stopped because the HSM's link is down */
  readonly broken: Journey;
}

export function figure3(): Figure3 {
  const network = new TestNetwork();
  const app = network.device('app-310', 'instance', 'acme');
  const serverA = network.device('server-a', 'server');
  const fabric = network.device('fabric', 'fabric');
  const serverB = network.device('server-b', 'server');
  const vni314 = network.device('vni-314', 'interface', 'acme');
  const nat = network.device('nat-322', 'nat-instance');
  const vni324 = network.device('vni-324', 'interface');
  const overlay = network.device('overlay-240', 'overlay-device');
  const dx = network.device('dx-router', 'dx-router');
  const tor = network.device('tor', 'tor-switch');
  const hsm = network.device('hsm-326', 'hsm');
  const spare = network.device('hsm-327', 'hsm');

  const place = (name: string, device: number): PlaceId => network.place(name, device);
  const p = {
    appOut: place('app-310/out', app),
    appIn: place('app-310/in', app),
    portOut: place('app-310/port-out', serverA),
    portIn: place('app-310/port-in', serverA),
    tunnelAB: place('server-a/tunnel/acme/server-b', serverA),
    fabricA: place('fabric/server-a', fabric),
    fabricB: place('fabric/server-b', fabric),
    fabricO: place('fabric/overlay-240', fabric),
    toA: place('fabric/server-a:out', fabric),
    toB: place('fabric/server-b:out', fabric),
    toO: place('fabric/overlay-240:out', fabric),
    underA: place('server-a/underlay', serverA),
    underB: place('server-b/underlay', serverB),
    in314: place('vni-314/in', vni314),
    out314: place('vni-314/out', vni314),
    tunnelBA: place('server-b/tunnel/acme/server-a', serverB),
    natOuter: place('nat-322/eth0', nat),
    natInner: place('nat-322/eth1', nat),
    out324: place('vni-324/out', vni324),
    in324: place('vni-324/in', vni324),
    tunnelBO: place('server-b/tunnel/acme-1/overlay-240', serverB),
    underO: place('overlay-240/underlay', overlay),
    overlaySouth: place('overlay-240/south', overlay),
    overlayNorth: place('overlay-240/north', overlay),
    dxNorth: place('dx-router/north', dx),
    dxSouth: place('dx-router/south', dx),
    torUp: place('tor/port 1', tor),
    torHsm: place('tor/port 3', tor),
    torSpare: place('tor/port 4', tor),
    torHsmOut: place('tor/port 3:out', tor),
    torSpareOut: place('tor/port 4:out', tor),
    torUpOut: place('tor/port 1:out', tor),
    hsmIn: place('hsm-326/in', hsm),
    hsmOut: place('hsm-326/out', hsm),
    spareIn: place('hsm-327/in', spare),
  };

  const wire = (
    link: string,
    from: number,
    fromName: string,
    into: number,
    intoName: string,
    to: PlaceId,
    address: Mac | null = null,
  ) => ({
    kind: 'transmit' as const,
    link,
    out: network.end(from, fromName, address),
    into: network.end(into, intoName),
    to,
    latency: nanos(5 * MICROSECOND),
    mtu: 1500,
    up: true,
    broken: null,
  });
  const acme = {
    vn: 'acme',
    router: ROUTER,
    bridged: true,
    back: NOWHERE,
    subnet: block('10.0.0.0/16'),
    routes: prefixTable([{ block: block('10.0.0.0/16'), value: { kind: 'local' as const, from: at(16) } }]),
  };
  const app310 = mapping('app-310', '10.0.0.7', APP, p.portIn, null);
  const vni = mapping('vni-314', '10.0.0.201', VNI_314, p.tunnelAB, 'server-b');
  const gateway = mapping('overlay-240', '192.168.0.1', OVERLAY, p.tunnelBO, 'overlay-240');
  const segments = new Map([
    [
      5001,
      {
        vn: 'acme',
        peers: new Map([
          [ip('100.64.0.17'), 'server-a'],
          [ip('100.64.0.18'), 'server-b'],
        ]),
        ports: new Map([
          [APP, { owner: 'app-310', to: p.portIn }],
          [VNI_314, { owner: 'vni-314', to: p.in314 }],
        ]),
      },
    ],
    [
      6001,
      {
        vn: 'acme/1',
        peers: new Map([
          [ip('100.64.0.18'), 'server-b'],
          [ip('100.64.0.1'), 'overlay-240'],
        ]),
        ports: new Map([
          [OVERLAY, { owner: 'overlay-240', to: p.overlaySouth }],
          [VNI_324, { owner: 'vni-324', to: p.in324 }],
        ]),
      },
    ],
  ]);
  const fabricPort = (name: string) => ({
    kind: 'switch' as const,
    out: NOWHERE,
    bridge: 0,
    port: name,
    mode: { kind: 'unaware' as const },
    members: new Map(),
    fixed: new Map([
      [SERVER_A, { name: 'server-a', to: p.toA }],
      [SERVER_B, { name: 'server-b', to: p.toB }],
      [OVERLAY, { name: 'overlay-240', to: p.toO }],
    ]),
  });
  const torPort = (name: string, mode: 'trunk' | 'access') => ({
    kind: 'switch' as const,
    out: NOWHERE,
    bridge: 1,
    port: name,
    mode:
      mode === 'trunk'
        ? { kind: 'trunk' as const, vlans: new Set([101]) }
        : { kind: 'access' as const, vlan: 101 },
    members: new Map([
      [
        101,
        [
          { name: 'port 1', to: p.torUpOut },
          { name: 'port 3', to: p.torHsmOut },
          { name: 'port 4', to: p.torSpareOut },
        ],
      ],
    ]),
    fixed: null,
  });
  const toServerB: Link = { target: SERVER_B, source: SERVER_A, vlan: null };
  const toServerA: Link = { target: SERVER_A, source: SERVER_B, vlan: null };
  const toOverlay: Link = { target: OVERLAY, source: SERVER_B, vlan: null };
  const fromOverlay: Link = { target: SERVER_B, source: OVERLAY, vlan: null };

  network.fill(
    p.appOut,
    neighbour(APP, null, null),
    wire('app-310--server-a', app, 'eth0', serverA, 'app-310', p.portOut, APP),
  );
  network.fill(
    p.portOut,
    { kind: 'guard', line: 18, interface: 'app-310', mac: APP, addresses: [CLIENT] },
    {
      kind: 'locate',
      line: 15,
      ...acme,
      mappings: new Map([
        [app310.address, app310],
        [vni.address, vni],
      ]),
      neighbours: new Map([[VNI_314, vni]]),
    },
  );
  network.fill(
    p.tunnelAB,
    wrap(5001, '100.64.0.17', '100.64.0.18', 'server-b', toServerB),
    wire('server-a--fabric', serverA, 'uplink', fabric, 'server-a', p.fabricA, SERVER_A),
  );
  network.fill(p.fabricA, fabricPort('server-a'));
  network.fill(p.fabricB, fabricPort('server-b'));
  network.fill(p.fabricO, fabricPort('overlay-240'));
  network.fill(p.toA, wire('server-a--fabric', fabric, 'server-a', serverA, 'uplink', p.underA));
  network.fill(p.toB, wire('server-b--fabric', fabric, 'server-b', serverB, 'uplink', p.underB));
  network.fill(p.toO, wire('overlay-240--fabric', fabric, 'overlay-240', overlay, 'uplink', p.underO));
  network.fill(p.underA, { kind: 'unwrap', address: ip('100.64.0.17'), segments });
  network.fill(p.underB, { kind: 'unwrap', address: ip('100.64.0.18'), segments });
  network.fill(p.underO, { kind: 'unwrap', address: ip('100.64.0.1'), segments });
  network.fill(
    p.in314,
    {
      kind: 'filter',
      line: 22,
      firewall: 'vni-314',
      tracking: null,
      direction: 'in',
      rules: ruleTable([
        { protocol: 'udp', peer: block('10.0.0.0/16'), ports: portRange(500, 500), from: at(24) },
        { protocol: 'tcp', peer: block('10.0.0.0/16'), ports: portRange(1792, 1792), from: at(25) },
      ]),
    },
    wire('server-b--nat-322', vni314, 'vni-314', nat, 'eth0', p.natOuter),
  );
  network.fill(
    p.natOuter,
    accept(VNI_314, '10.0.0.201', 'forwards'),
    nat322('outward'),
    routes('nat-322', ['0.0.0.0/0', '192.168.0.1'], ['192.168.0.0/24', 'on link']),
    neighbour(VNI_324, null, '192.168.0.1'),
    wire('nat-322--vni-324', nat, 'eth1', vni324, 'vni-324', p.out324, VNI_324),
  );
  network.fill(
    p.out324,
    { kind: 'guard', interface: 'vni-324', mac: VNI_324, addresses: [INWARD] },
    {
      kind: 'locate',
      vn: 'acme/1',
      router: ROUTER,
      bridged: true,
      back: NOWHERE,
      subnet: block('192.168.0.0/24'),
      mappings: new Map([[gateway.address, gateway]]),
      neighbours: new Map([[OVERLAY, gateway]]),
      routes: prefixTable([
        { block: block('192.168.0.0/24'), value: { kind: 'local' as const, from: at(27) } },
        {
          block: block('10.10.0.3/32'),
          value: { kind: 'interface' as const, target: gateway, origin: 'static' as const, from: at(26) },
        },
      ]),
    },
  );
  network.fill(
    p.tunnelBO,
    wrap(6001, '100.64.0.18', '100.64.0.1', 'overlay-240', toOverlay),
    wire('server-b--fabric', serverB, 'uplink', fabric, 'server-b', p.fabricB, SERVER_B),
  );
  network.fill(
    p.overlaySouth,
    accept(OVERLAY, '192.168.0.1', 'forwards'),
    routes('VRF acme/1', ['10.10.0.0/24', 'dx-router'], ['192.168.0.0/24', 'service VN acme/1']),
    neighbour(OVERLAY_RACK, tagged(101), '169.254.101.2'),
    wire('overlay-240--dx-router', overlay, 'rack', dx, 'north', p.dxNorth, OVERLAY_RACK),
  );
  network.fill(
    p.dxNorth,
    { kind: 'vlan', subinterfaces: new Map([[101, { name: 'north.101', to: NOWHERE }]]) },
    accept(DX_NORTH, '169.254.101.2', 'forwards', tagged(101)),
    routes('VRF acme/1', ['10.10.0.0/24', 'on link'], ['192.168.0.0/24', 'overlay-240']),
    neighbour(DX_SOUTH, tagged(101), null),
    wire('dx-router--tor', dx, 'south', tor, 'port 1', p.torUp, DX_SOUTH),
  );
  network.fill(p.torUp, torPort('port 1', 'trunk'));
  network.fill(p.torHsmOut, untag('port 3'), wire('tor--hsm-326', tor, 'port 3', hsm, 'eth0', p.hsmIn));
  network.fill(p.torSpareOut, untag('port 4'), wire('tor--hsm-327', tor, 'port 4', spare, 'eth0', p.spareIn));
  network.fill(
    p.torUpOut,
    { kind: 'tag', port: 'port 1', mode: { kind: 'trunk', vlans: new Set([101]) } },
    wire('dx-router--tor', tor, 'port 1', dx, 'south', p.dxSouth),
  );
  network.fill(p.hsmIn, accept(HSM, '10.10.0.3', 'ends'), { kind: 'deliver', host: 1 });
  network.fill(p.spareIn, accept(station(0x27), '10.10.0.4', 'ends'), { kind: 'deliver', host: 2 });
  network.fill(
    p.hsmOut,
    neighbour(HSM, null, '10.10.0.1'),
    wire('tor--hsm-326', hsm, 'eth0', tor, 'port 3', p.torHsm, HSM),
  );
  network.fill(p.torHsm, torPort('port 3', 'access'));
  network.fill(
    p.dxSouth,
    { kind: 'vlan', subinterfaces: new Map([[101, { name: 'south.101', to: NOWHERE }]]) },
    accept(DX_SOUTH, '10.10.0.1', 'forwards', tagged(101)),
    routes('VRF acme/1', ['10.10.0.0/24', 'on link'], ['192.168.0.0/24', 'overlay-240']),
    neighbour(DX_NORTH, tagged(101), '169.254.101.1'),
    wire('overlay-240--dx-router', dx, 'north', overlay, 'rack', p.overlayNorth, DX_NORTH),
  );
  network.fill(
    p.overlayNorth,
    { kind: 'vlan', subinterfaces: new Map([[101, { name: 'rack.101', to: NOWHERE }]]) },
    accept(OVERLAY_RACK, '169.254.101.1', 'forwards', tagged(101)),
    routes('VRF acme/1', ['10.10.0.0/24', 'dx-router'], ['192.168.0.0/24', 'service VN acme/1']),
    wrap(6001, '100.64.0.1', '100.64.0.18', 'server-b', fromOverlay),
    wire('overlay-240--fabric', overlay, 'uplink', fabric, 'overlay-240', p.fabricO, OVERLAY),
  );
  network.fill(p.in324, wire('nat-322--vni-324', vni324, 'vni-324', nat, 'eth1', p.natInner));
  network.fill(
    p.natInner,
    accept(VNI_324, '192.168.0.55', 'forwards'),
    nat322('inward'),
    routes('nat-322', ['10.0.0.0/16', 'on link']),
    neighbour(VNI_314, null, null),
    wire('server-b--nat-322', nat, 'eth0', vni314, 'vni-314', p.out314, VNI_314),
  );
  const back = mapping('app-310', '10.0.0.7', APP, p.tunnelBA, 'server-a');
  network.fill(
    p.out314,
    { kind: 'guard', line: 22, interface: 'vni-314', mac: VNI_314, addresses: [OUTER] },
    {
      kind: 'locate',
      line: 15,
      ...acme,
      mappings: new Map([[back.address, back]]),
      neighbours: new Map([[APP, back]]),
    },
  );
  network.fill(
    p.tunnelBA,
    wrap(5001, '100.64.0.18', '100.64.0.17', 'server-a', toServerA),
    wire('server-b--fabric', serverB, 'uplink', fabric, 'server-b', p.fabricB),
  );
  network.fill(p.portIn, wire('app-310--server-a', serverA, 'app-310', app, 'eth0', p.appIn));
  network.fill(p.appIn, accept(APP, '10.0.0.7', 'ends'), { kind: 'deliver', host: 0 });

  return {
    program: network.program(),
    request: request(network, p).done(1),
    reply: reply(network, p).done(2, 1),
    denied: denied(network, p).done(3),
    broken: broken(network, p).done(4),
  };
}
