import { formatMac } from '../../address/index.ts';
import { formatNanos } from '../../base/index.ts';
import type { Outcome } from '../../dataplane/index.ts';
import type { Frame } from '../../packet/index.ts';
import type { BridgePort, PlaceId, PortMode, Stage } from '../../program/index.ts';
import { type Evidence, type Rejected, reasonTitle, type StepExplanation, told } from './explanation.ts';
import { lengthWords } from './sizes.ts';

/** Which subinterface a tagged frame belongs to. */
export function explainVlan(stage: Stage<'vlan'>, before: Frame, outcome: Outcome): StepExplanation {
  const tag = tagWords(before);
  const subinterface = stage.subinterfaces.get(before.link.vlan?.id ?? -1);
  if (outcome.reason === null && subinterface !== undefined) {
    return told(stage, outcome, `${tag} is ${subinterface.name}`, {
      rule: `${subinterface.name} takes ${tag}`,
    });
  }
  const rejected = [...stage.subinterfaces].map(([id, { name }]) => ({
    rule: `${name} takes VLAN ${id}`,
    field: 'VLAN',
    source: stage.from.source,
  }));
  const because =
    outcome.reason === 'vlan.unknown' ? `no subinterface takes a frame with ${tag}` : reasonTitle(outcome);
  return told(stage, outcome, because, { rejected });
}

/** An IEEE 802.1Q bridge: learn, look up, flood. */
export function explainSwitch(stage: Stage<'switch'>, before: Frame, outcome: Outcome): StepExplanation {
  const station = formatMac(before.link.target);
  const vlan = vlanAt(stage.mode, before);
  const network = vlan === 0 ? '' : `VLAN ${vlan} · `;
  const members = stage.members.get(vlan) ?? [];
  const rule = `${stage.port} is ${modeWords(stage.mode)}`;
  const reject = (field: string): Evidence => ({
    rejected: [{ rule, field, source: stage.from.source }],
  });
  switch (outcome.reason) {
    case null:
      break;
    case 'vlan.not-allowed':
      return told(
        stage,
        outcome,
        `${stage.port} is ${modeWords(stage.mode)}, the frame has ${tagWords(before)}`,
        reject('VLAN'),
      );
    case 'switch.same-port':
      return told(stage, outcome, `${network}${station} is at ${stage.port}, where the frame came from`);
    case 'switch.unknown-station':
      return told(stage, outcome, `the fabric knows no ${station}`, { rejected: otherStations(stage) });
    case 'switch.reserved-address':
      return told(stage, outcome, `${formatMac(before.link.source)} → ${station} must not cross a bridge`);
    case 'switch.no-member':
      return told(stage, outcome, `${network}no port but ${stage.port} carries it`);
    default:
      return told(stage, outcome, reasonTitle(outcome));
  }
  if (outcome.copies !== null) {
    const ports = outcome.copies.map((copy) => portName(members, stage, copy)).join(', ');
    return told(stage, outcome, `${network}${station} is unknown: flooded to ${ports}`, { rule });
  }
  const port = portName(members, stage, outcome.to);
  return told(stage, outcome, `${network}${station} is at ${port}`, { rule });
}

/** What a bridge port does to the tag on the way out. */
export function explainTag(stage: Stage<'tag'>, before: Frame, outcome: Outcome): StepExplanation {
  if (outcome.reason !== null) return told(stage, outcome, reasonTitle(outcome));
  const rule = `${stage.port} is ${modeWords(stage.mode)}`;
  const had = before.link.vlan;
  const has = outcome.frame === null ? had : outcome.frame.link.vlan;
  if (had !== null && has === null)
    return told(stage, outcome, `${stage.port} takes the tag VLAN ${had.id} off`, { rule });
  if (had === null && has !== null)
    return told(stage, outcome, `${stage.port} puts the tag VLAN ${has.id} on`, { rule });
  if (has === null) return told(stage, outcome, `${stage.port} sends it without a tag`, { rule });
  return told(stage, outcome, `${stage.port} keeps the tag VLAN ${has.id}`, { rule });
}

/** Onto the wire. */
export function explainTransmit(stage: Stage<'transmit'>, before: Frame, outcome: Outcome): StepExplanation {
  if (outcome.reason === 'link.down') {
    return told(stage, outcome, stage.broken ?? `link ${stage.link} has failed`);
  }
  if (outcome.reason === 'mtu.exceeded') {
    return told(stage, outcome, `${lengthWords(before)}, and link ${stage.link} carries ${stage.mtu}`);
  }
  if (outcome.reason !== null) return told(stage, outcome, reasonTitle(outcome));
  return told(stage, outcome, `over link ${stage.link} in ${formatNanos(stage.latency)}`);
}

function otherStations(stage: Stage<'switch'>): readonly Rejected[] {
  return [...(stage.fixed ?? [])].map(([station, { name }]) => ({
    rule: `${formatMac(station)} is at ${name}`,
    field: 'link target',
    source: stage.from.source,
  }));
}

function vlanAt(mode: PortMode, frame: Frame): number {
  switch (mode.kind) {
    case 'unaware':
      return 0;
    case 'access':
      return mode.vlan;
    case 'trunk':
      return frame.link.vlan?.id ?? 0;
  }
}

function modeWords(mode: PortMode): string {
  switch (mode.kind) {
    case 'unaware':
      return 'a port without VLANs';
    case 'access':
      return `an access port of VLAN ${mode.vlan}`;
    case 'trunk':
      return `a trunk of ${mode.vlans.size === 1 ? 'VLAN' : 'VLANs'} ${[...mode.vlans].join(', ')}`;
  }
}

function tagWords(frame: Frame): string {
  return frame.link.vlan === null ? 'no tag' : `VLAN ${frame.link.vlan.id}`;
}

function portName(members: readonly BridgePort[], stage: Stage<'switch'>, place: PlaceId): string {
  const member = members.find(({ to }) => to === place);
  if (member !== undefined) return member.name;
  for (const port of stage.fixed?.values() ?? []) if (port.to === place) return port.name;
  return 'another port';
}
