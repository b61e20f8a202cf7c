import { type Ipv4, port } from '../../src/address/index.ts';
import { nanos } from '../../src/base/index.ts';
import {
  decrementTtl,
  type Frame,
  type Ipv4Packet,
  type Link,
  NO_BYTES,
  TCP,
  tcpPacket,
  translate,
  unwrapFrame,
  wrapFrame,
} from '../../src/packet/index.ts';
import type { PlaceId } from '../../src/program/index.ts';
import {
  APP,
  CLIENT,
  DX_NORTH,
  DX_SOUTH,
  HSM,
  INWARD,
  OUTER,
  OVERLAY,
  OVERLAY_RACK,
  SERVER_A,
  SERVER_B,
  TARGET,
  VNI_314,
  VNI_324,
} from './figure3-stages.ts';
import { ip, station, TestJourney, type TestNetwork, tagged } from './network.ts';

/** The ways of FIG. 3, step by step as the engine would record them. */

export type Places = Readonly<Record<string, PlaceId>>;

function get(places: Places, name: string): PlaceId {
  const place = places[name];
  if (place === undefined) throw new Error(`no place ${name}`);
  return place;
}

/** From the application to server B's virtual port of VNI 314. */
function towardsVni(network: TestNetwork, p: Places, packet: Ipv4Packet): TestJourney {
  const bare: Frame = { link: { target: station(0), source: APP, vlan: null }, body: packet };
  const addressed: Frame = { link: { target: VNI_314, source: APP, vlan: null }, body: packet };
  const link: Link = { target: SERVER_B, source: SERVER_A, vlan: null };
  const wrapped = overUnderlay(addressed, 5001, link, ip('100.64.0.17'), ip('100.64.0.18'));
  return new TestJourney(network, get(p, 'appOut'), bare, 1_000_000)
    .step(get(p, 'appOut'), 0, { frame: addressed })
    .step(get(p, 'appOut'), 1, { verdict: 'transmit' })
    .step(get(p, 'portOut'), 0)
    .step(get(p, 'portOut'), 1, { verdict: 'forward', to: get(p, 'tunnelAB') })
    .step(get(p, 'tunnelAB'), 0, { frame: wrapped })
    .step(get(p, 'tunnelAB'), 1, { verdict: 'transmit' })
    .step(get(p, 'fabricA'), 0, { verdict: 'forward', to: get(p, 'toB') })
    .step(get(p, 'toB'), 0, { verdict: 'transmit' })
    .step(get(p, 'underB'), 0, {
      verdict: 'forward',
      to: get(p, 'in314'),
      frame: unwrapFrame(wrapped) ?? wrapped,
    });
}

function towardsTor(network: TestNetwork, p: Places): TestJourney {
  const syn = tcpPacket({
    source: CLIENT,
    target: OUTER,
    sourcePort: port(49152),
    targetPort: port(1792),
    sequence: 7,
    flags: TCP.syn,
  });
  const journey = towardsVni(network, p, syn);
  const outer = { target: VNI_314, source: APP, vlan: null };
  const taken: Frame = { link: outer, body: decrementTtl(syn) };
  const inside = translate(decrementTtl(syn), INWARD, port(49152), TARGET, port(1792));
  const translated: Frame = { link: outer, body: inside };
  const sent: Frame = { link: { target: OVERLAY, source: VNI_324, vlan: null }, body: inside };
  const link: Link = { target: OVERLAY, source: SERVER_B, vlan: null };
  const wrapped = overUnderlay(sent, 6001, link, ip('100.64.0.18'), ip('100.64.0.1'));
  const overlaid: Frame = { link: sent.link, body: decrementTtl(inside) };
  const tag = tagged(101);
  const onRack: Frame = { link: { target: DX_NORTH, source: OVERLAY_RACK, vlan: tag }, body: overlaid.body };
  const last = decrementTtl(decrementTtl(inside));
  const routed: Frame = { link: onRack.link, body: last };
  const addressed: Frame = { link: { target: HSM, source: DX_SOUTH, vlan: tag }, body: last };
  return journey
    .step(get(p, 'in314'), 0, { rule: 1 })
    .step(get(p, 'in314'), 1, { verdict: 'transmit' })
    .step(get(p, 'natOuter'), 0, { frame: taken })
    .step(get(p, 'natOuter'), 1, {
      frame: translated,
      effect: {
        kind: 'connection-opened',
        table: 0,
        protocol: 6,
        originalSource: CLIENT,
        originalSourcePort: port(49152),
        originalTarget: OUTER,
        originalTargetPort: port(1792),
        replySource: TARGET,
        replySourcePort: port(1792),
        replyTarget: INWARD,
        replyTargetPort: port(49152),
        state: 1,
        expiresAt: nanos(240_001_000_000),
        cursor: 49153,
      },
    })
    .step(get(p, 'natOuter'), 2, { rule: 0 })
    .step(get(p, 'natOuter'), 3, { frame: sent })
    .step(get(p, 'natOuter'), 4, { verdict: 'transmit' })
    .step(get(p, 'out324'), 0)
    .step(get(p, 'out324'), 1, { verdict: 'forward', to: get(p, 'tunnelBO') })
    .step(get(p, 'tunnelBO'), 0, { frame: wrapped })
    .step(get(p, 'tunnelBO'), 1, { verdict: 'transmit' })
    .step(get(p, 'fabricB'), 0, { verdict: 'forward', to: get(p, 'toO') })
    .step(get(p, 'toO'), 0, { verdict: 'transmit' })
    .step(get(p, 'underO'), 0, { verdict: 'forward', to: get(p, 'overlaySouth'), frame: sent })
    .step(get(p, 'overlaySouth'), 0, { frame: overlaid })
    .step(get(p, 'overlaySouth'), 1, { rule: 0 })
    .step(get(p, 'overlaySouth'), 2, { frame: onRack })
    .step(get(p, 'overlaySouth'), 3, { verdict: 'transmit' })
    .step(get(p, 'dxNorth'), 0)
    .step(get(p, 'dxNorth'), 1, { frame: routed })
    .step(get(p, 'dxNorth'), 2, { rule: 0 })
    .step(get(p, 'dxNorth'), 3, { frame: addressed })
    .step(get(p, 'dxNorth'), 4, { verdict: 'transmit' })
    .step(get(p, 'torUp'), 0, {
      verdict: 'flood',
      copies: [get(p, 'torHsmOut'), get(p, 'torSpareOut')],
      effect: {
        kind: 'station-learned',
        bridge: 1,
        vlan: 101,
        mac: DX_SOUTH,
        port: get(p, 'torUpOut'),
        portName: 'port 1',
      },
    });
}

/** The bridge floods: the copies' steps interleave. */
export function request(network: TestNetwork, p: Places): TestJourney {
  const journey = towardsTor(network, p);
  const flooded = journey.frame;
  const untagged: Frame = { link: { ...flooded.link, vlan: null }, body: flooded.body };
  const copy: Frame = { link: { ...flooded.link, vlan: null }, body: flooded.body };
  return journey
    .step(get(p, 'torHsmOut'), 0, { frame: untagged }, flooded)
    .step(get(p, 'torHsmOut'), 1, { verdict: 'transmit' })
    .step(get(p, 'torSpareOut'), 0, { frame: copy }, flooded)
    .step(get(p, 'torSpareOut'), 1, { verdict: 'transmit' })
    .step(get(p, 'hsmIn'), 0, {}, untagged)
    .step(get(p, 'spareIn'), 0, { verdict: 'drop', reason: 'accept.not-for-me' }, copy)
    .step(get(p, 'hsmIn'), 1, { verdict: 'deliver' }, untagged);
}

export function broken(network: TestNetwork, p: Places): TestJourney {
  const journey = towardsTor(network, p);
  const flooded = journey.frame;
  const untagged: Frame = { link: { ...flooded.link, vlan: null }, body: flooded.body };
  return journey
    .step(get(p, 'torHsmOut'), 0, { frame: untagged }, flooded)
    .step(get(p, 'torHsmOut'), 1, { verdict: 'drop', reason: 'link.down' });
}

export function denied(network: TestNetwork, p: Places): TestJourney {
  const packet = tcpPacket({
    source: CLIENT,
    target: OUTER,
    sourcePort: port(49152),
    targetPort: port(22),
    sequence: 7,
    flags: TCP.syn,
  });
  return towardsVni(network, p, packet).step(get(p, 'in314'), 0, {
    verdict: 'drop',
    reason: 'firewall.deny',
  });
}

export function reply(network: TestNetwork, p: Places): TestJourney {
  const answer = tcpPacket({
    source: TARGET,
    target: INWARD,
    sourcePort: port(1792),
    targetPort: port(49152),
    sequence: 99,
    acknowledgement: 8,
    flags: TCP.syn + TCP.ack,
    payload: NO_BYTES,
  });
  const tag = tagged(101);
  const bare: Frame = { link: { target: station(0), source: HSM, vlan: null }, body: answer };
  const addressed: Frame = { link: { target: DX_SOUTH, source: HSM, vlan: null }, body: answer };
  const onTrunk: Frame = { link: { target: DX_SOUTH, source: HSM, vlan: tag }, body: answer };
  const one = decrementTtl(answer);
  const two = decrementTtl(one);
  const three = decrementTtl(two);
  const atDx: Frame = { link: onTrunk.link, body: one };
  const onRack: Frame = { link: { target: OVERLAY_RACK, source: DX_NORTH, vlan: tag }, body: one };
  const atOverlay: Frame = { link: onRack.link, body: two };
  const inner: Frame = { link: { target: VNI_324, source: OVERLAY, vlan: null }, body: two };
  const wrapped = overUnderlay(
    inner,
    6001,
    { target: SERVER_B, source: OVERLAY, vlan: null },
    ip('100.64.0.1'),
    ip('100.64.0.18'),
  );
  const atNat: Frame = { link: inner.link, body: three };
  const restored = translate(three, OUTER, port(1792), CLIENT, port(49152));
  const translated: Frame = { link: inner.link, body: restored };
  const sent: Frame = { link: { target: APP, source: VNI_314, vlan: null }, body: restored };
  const home = overUnderlay(
    sent,
    5001,
    { target: SERVER_A, source: SERVER_B, vlan: null },
    ip('100.64.0.18'),
    ip('100.64.0.17'),
  );
  return new TestJourney(network, get(p, 'hsmOut'), bare, 1_100_000)
    .step(get(p, 'hsmOut'), 0, { frame: addressed })
    .step(get(p, 'hsmOut'), 1, { verdict: 'transmit' })
    .step(get(p, 'torHsm'), 0, { verdict: 'forward', to: get(p, 'torUpOut') })
    .step(get(p, 'torUpOut'), 0, { frame: onTrunk })
    .step(get(p, 'torUpOut'), 1, { verdict: 'transmit' })
    .step(get(p, 'dxSouth'), 0)
    .step(get(p, 'dxSouth'), 1, { frame: atDx })
    .step(get(p, 'dxSouth'), 2, { rule: 1 })
    .step(get(p, 'dxSouth'), 3, { frame: onRack })
    .step(get(p, 'dxSouth'), 4, { verdict: 'transmit' })
    .step(get(p, 'overlayNorth'), 0)
    .step(get(p, 'overlayNorth'), 1, { frame: atOverlay })
    .step(get(p, 'overlayNorth'), 2, { rule: 1 })
    .step(get(p, 'overlayNorth'), 3, { frame: wrapped })
    .step(get(p, 'overlayNorth'), 4, { verdict: 'transmit' })
    .step(get(p, 'fabricO'), 0, { verdict: 'forward', to: get(p, 'toB') })
    .step(get(p, 'toB'), 0, { verdict: 'transmit' })
    .step(get(p, 'underB'), 0, { verdict: 'forward', to: get(p, 'in324'), frame: inner })
    .step(get(p, 'in324'), 0, { verdict: 'transmit' })
    .step(get(p, 'natInner'), 0, { frame: atNat })
    .step(get(p, 'natInner'), 1, {
      frame: translated,
      effect: {
        kind: 'connection-touched',
        table: 0,
        slot: 17,
        state: 2,
        expiresAt: nanos(7_440_001_000_000),
      },
    })
    .step(get(p, 'natInner'), 2, { rule: 0 })
    .step(get(p, 'natInner'), 3, { frame: sent })
    .step(get(p, 'natInner'), 4, { verdict: 'transmit' })
    .step(get(p, 'out314'), 0)
    .step(get(p, 'out314'), 1, { verdict: 'forward', to: get(p, 'tunnelBA') })
    .step(get(p, 'tunnelBA'), 0, { frame: home })
    .step(get(p, 'tunnelBA'), 1, { verdict: 'transmit' })
    .step(get(p, 'fabricB'), 0, { verdict: 'forward', to: get(p, 'toA') })
    .step(get(p, 'toA'), 0, { verdict: 'transmit' })
    .step(get(p, 'underA'), 0, { verdict: 'forward', to: get(p, 'portIn'), frame: sent })
    .step(get(p, 'portIn'), 0, { verdict: 'transmit' })
    .step(get(p, 'appIn'), 0)
    .step(get(p, 'appIn'), 1, { verdict: 'deliver' });
}

function overUnderlay(inner: Frame, segment: number, link: Link, source: Ipv4, target: Ipv4): Frame {
  return wrapFrame(inner, segment, link, source, target, port(50_000), 64);
}
