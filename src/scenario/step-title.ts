import { formatIp } from '../address/index.ts';
import { formatNanos } from '../base/index.ts';
import type { Misfortune } from '../model/index.ts';
import { describe } from '../packet/index.ts';
import { careStepText } from './care-changes.ts';
import { guardStepText } from './guard-changes.ts';
import { networkStepText } from './network-changes.ts';
import { partText } from './part-text.ts';
import type { Carry, Impair, Step, Stimulus } from './scenario.ts';

/** A step in a few words: its own name, or what it does. */
export function titleOf(step: Step): string {
  if (step.name !== null) return step.name;
  switch (step.kind) {
    case 'request-hsm':
      return `request-hsm for ${step.customer} at ${formatIp(step.address)}`;
    case 'send': {
      const [first] = step.packets;
      if (first === undefined) return 'send nothing';
      const more = step.packets.length > 1 ? ` and ${step.packets.length - 1} more at once` : '';
      return `send ${stimulusText(first)}${more}`;
    }
    case 'add-route':
    case 'remove-route':
    case 'attach-gateway':
    case 'detach-gateway':
    case 'peer':
    case 'accept-peering':
    case 'open-channel':
      return networkStepText(step);
    case 'add-log-target':
    case 'remove-log-target':
    case 'detach-vni':
    case 'attach-vni':
    case 'replace-hsm':
    case 'share-hsm':
    case 'unshare-hsm':
    case 'configure-client':
    case 'tamper':
    case 'terminate':
      return careStepText(step);
    case 'log':
      return `${step.device.name} reports: ${step.text}`;
    case 'set-acl':
    case 'set-firewall':
    case 'replace-nat':
      return guardStepText(step);
    case 'panel':
      return `${step.deed} ${step.hsm.name}`;
    case 'fail':
    case 'heal':
      return `${step.kind} ${partText(step.what)}`;
    case 'move':
      return `move ${step.instance.name} to ${step.server.name}`;
    case 'impair':
      return `impair ${partText(step.what)}${directionText(step)}: ${misfortuneText(step.misfortune)}`;
    case 'wait':
      return `wait ${formatNanos(step.duration)}`;
    case 'replicate':
      return `keep ${step.partition} the same on ${step.between.map(({ address }) => formatIp(address)).join(', ')}`;
    case 'load':
      return `${step.clients} clients ask for ${step.rate} operations a second, for ${formatNanos(step.duration)}`;
  }
}

function stimulusText({ from, to, balance, carry, forgedSource }: Stimulus): string {
  const forged = forgedSource === null ? '' : ` as ${formatIp(forgedSource)}`;
  const target = balance?.map(formatIp).join(' or ') ?? to.named?.name ?? formatIp(to.address);
  return `${from.name}${forged} → ${target} ${carryText(carry)}`;
}

function carryText(carry: Carry): string {
  switch (carry.kind) {
    case 'icmp-echo':
      return 'icmp echo';
    case 'frame':
      return `as a frame: ${describe(carry.frame)}`;
    default:
      return `${carry.kind}/${carry.port}`;
  }
}

function directionText({ what, direction }: Impair): string {
  if (direction.kind === 'both') return '';
  if (what.kind !== 'link') return direction.kind === 'into' ? ' inwards' : ' outwards';
  const end = what.ends.find(({ id }) => id === direction.end)?.name ?? direction.end;
  return direction.kind === 'into' ? ` to ${end}` : ` from ${end}`;
}

function misfortuneText(misfortune: Misfortune): string {
  const { delay, jitter } = misfortune;
  const shares = (['loss', 'duplicate', 'reorder', 'corrupt'] as const).flatMap((key) =>
    misfortune[key] === 0 ? [] : [`${key} ${misfortune[key] / 10_000}%`],
  );
  const spread = jitter === 0 ? '' : ` ± ${formatNanos(jitter)}`;
  return [...shares, ...(delay === 0 ? [] : [`delay ${formatNanos(delay)}${spread}`])].join(', ');
}
