import { isGroupMac, type Mac } from '../../address/index.ts';
import type { Nanos } from '../../base/index.ts';
import { SECOND } from '../../base/index.ts';
import type { Frame, Link, Vlan } from '../../packet/index.ts';
import { type BridgePort, NOWHERE, type PortMode, type Switch } from '../../program/index.ts';
import { CONTINUE, drop, type Effect, forwardTo, type Outcome, outcome } from '../outcome.ts';
import type { Decide, View } from '../view.ts';

const NOT_ALLOWED = drop('vlan.not-allowed');
const UNKNOWN_VLAN = drop('vlan.unknown');
const SAME_PORT = drop('switch.same-port');
const UNKNOWN_STATION = drop('switch.unknown-station');
const RESERVED = drop('switch.reserved-address');
const NO_MEMBER = drop('switch.no-member');

/** A station is written down again only after this long: its entry lives for 300 s (IEEE 802.1Q). */
const REFRESH: Nanos = SECOND;

/** Which subinterface of a router a tagged frame belongs to. */
export const decideVlan: Decide<'vlan'> = (stage, _seen, frame) => {
  const tag = frame.link.vlan;
  const subinterface = tag === null ? undefined : stage.subinterfaces.get(tag.id);
  return subinterface === undefined ? UNKNOWN_VLAN : outcome('forward', null, subinterface.to, -1);
};

/** IEEE 802.1Q clause 8: ingress filter, learn the source, send to the known port or flood the VLAN. */
export const decideSwitch: Decide<'switch'> = (stage, seen, frame) => {
  const { link } = frame;
  if (isReserved(link.target) || isGroupMac(link.source)) return RESERVED;
  if (stage.fixed !== null) {
    const port = stage.fixed.get(link.target);
    if (port === undefined) return UNKNOWN_STATION;
    return port.to === stage.out ? SAME_PORT : forwardTo(port.to);
  }
  const vlan = vlanAtIngress(stage.mode, link.vlan);
  if (vlan === null) return NOT_ALLOWED;
  const members = stage.members.get(vlan);
  if (members === undefined) return NOT_ALLOWED;
  const tagged = withTag(frame, vlan);
  const effect = learn(stage, seen, vlan, link.source);
  const known = isGroupMac(link.target) ? null : seen.station(stage.bridge, vlan, link.target);
  if (known === null) return flood(members, stage, tagged, effect);
  if (known.port === stage.out) return effect === null ? SAME_PORT : drop('switch.same-port', effect);
  if (tagged === null && effect === null) return forwardTo(known.port);
  return outcome('forward', tagged, known.port, -1, effect);
};

/** The VLAN a frame is in once it has entered by a port, or `null` where the ingress filter stops it. */
function vlanAtIngress(mode: PortMode, tag: Vlan | null): number | null {
  switch (mode.kind) {
    case 'unaware':
      return 0;
    case 'access':
      // a priority tag (VLAN 0) is no VLAN
      return tag === null || tag.id === 0 ? mode.vlan : null;
    case 'trunk':
      return tag !== null && mode.vlans.has(tag.id) ? tag.id : null;
  }
}

function learn(stage: Switch, seen: View, vlan: number, mac: Mac): Effect | null {
  const { bridge, out: port, port: portName } = stage;
  const known = seen.station(bridge, vlan, mac);
  if (known !== null && known.port === port && seen.now - known.seenAt < REFRESH) return null;
  return { kind: 'station-learned', bridge, vlan, mac, port, portName };
}

function flood(
  members: readonly BridgePort[],
  stage: Switch,
  frame: Frame | null,
  effect: Effect | null,
): Outcome {
  const copies = members.filter((member) => member.to !== stage.out).map((member) => member.to);
  if (copies.length === 0) return effect === null ? NO_MEMBER : drop('switch.no-member', effect);
  return { verdict: 'flood', frame, to: NOWHERE, copies, pieces: null, rule: -1, reason: null, effect };
}

/** Inside the bridge every frame carries its VLAN; `null` where it does already. */
function withTag(frame: Frame, vlan: number): Frame | null {
  if (vlan === 0 || (frame.link.vlan !== null && frame.link.vlan.id === vlan)) return null;
  const { target, source, vlan: tag } = frame.link;
  const link: Link = {
    target,
    source,
    vlan: { id: vlan, priority: tag?.priority ?? 0, dropEligible: tag?.dropEligible ?? false },
  };
  return { link, body: frame.body };
}

/** Out of an access port frames go untagged, out of a trunk as they are; neither carries a VLAN that is not its own. */
export const decideTag: Decide<'tag'> = (stage, _seen, frame) => {
  const { mode } = stage;
  const tag = frame.link.vlan;
  switch (mode.kind) {
    case 'unaware':
      return CONTINUE;
    case 'trunk':
      return tag !== null && mode.vlans.has(tag.id) ? CONTINUE : NOT_ALLOWED;
    case 'access': {
      if (tag === null || tag.id !== mode.vlan) return NOT_ALLOWED;
      const { target, source } = frame.link;
      return outcome('continue', { link: { target, source, vlan: null }, body: frame.body }, NOWHERE, -1);
    }
  }
};

/** 01:80:c2:00:00:00 to 0f: for the bridges themselves. */
function isReserved(target: Mac): boolean {
  return target >= 0x0180c2000000 && target <= 0x0180c200000f;
}
