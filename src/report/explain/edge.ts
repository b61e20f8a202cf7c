import { formatIp, formatMac, isMartianSource } from '../../address/index.ts';
import type { Outcome } from '../../dataplane/index.ts';
import { describe, type Frame, isIp } from '../../packet/index.ts';
import type { Stage } from '../../program/index.ts';
import { type Evidence, reasonTitle, type StepExplanation, told } from './explanation.ts';
import { recordWords } from './records.ts';
import { resolutionIn } from './resolution.ts';
import { serviceWords } from './wording.ts';

/** Anti-spoof at a virtual port. */
export function explainGuard(stage: Stage<'guard'>, before: Frame, outcome: Outcome): StepExplanation {
  const body = before.body;
  const source = isIp(body) ? body.source : body.kind === 'arp' ? body.senderAddress : null;
  const allowed = stage.addresses?.map(formatIp).join(', ') ?? 'any address';
  const rule = `source check of ${stage.interface}: ${formatMac(stage.mac)} with ${allowed}`;
  const reject = (field: string): Evidence => ({
    rejected: [{ rule, field, source: stage.from.source }],
  });
  switch (outcome.reason) {
    case null:
      if (stage.addresses === null) {
        return told(stage, outcome, `the source check of ${stage.interface} is off`, { rule });
      }
      return told(stage, outcome, `${stage.interface} sends as itself`, { rule });
    case 'guard.spoofed-mac': {
      const forged = formatMac(before.link.source);
      return told(
        stage,
        outcome,
        `${forged} is not ${stage.interface}, which is ${formatMac(stage.mac)}`,
        reject('link source'),
      );
    }
    case 'guard.spoofed-address': {
      const forged = source === null ? 'its source' : formatIp(source);
      return told(
        stage,
        outcome,
        `${forged} is not ${stage.interface}, which has ${allowed}`,
        reject('source'),
      );
    }
    case 'guard.tagged': {
      const tag = before.link.vlan === null ? 'a tag' : `VLAN ${before.link.vlan.id}`;
      return told(stage, outcome, `${stage.interface} sent ${tag}, and guests may not tag`, reject('VLAN'));
    }
    default:
      return told(stage, outcome, reasonTitle(outcome));
  }
}

/** Link and network layer checks of an IP interface, and its side of ARP. */
export function explainAccept(stage: Stage<'accept'>, before: Frame, outcome: Outcome): StepExplanation {
  const body = before.body;
  const own = formatIp(stage.address);
  const reject = (field: string): Evidence => ({
    rejected: [{ rule: `${own} at ${formatMac(stage.mac)}`, field, source: stage.from.source }],
  });
  switch (outcome.reason) {
    case null:
      return told(stage, outcome, acceptedWords(stage, before, outcome));
    case 'accept.not-for-me': {
      const target = formatMac(before.link.target);
      const because = `the frame is for ${target}, this interface is ${formatMac(stage.mac)}`;
      return told(stage, outcome, because, reject('link target'));
    }
    case 'accept.not-my-address': {
      const target = isIp(body)
        ? formatIp(body.target)
        : body.kind === 'arp'
          ? formatIp(body.targetAddress)
          : '?';
      return told(stage, outcome, `the packet is for ${target}, this machine is ${own}`, reject('target'));
    }
    case 'ipv4.bad-checksum':
      return told(stage, outcome, 'the header checksum does not add up', reject('checksum'));
    case 'accept.void-discovery':
      return explainVoid(stage, before, outcome);
    case 'accept.not-ip':
      return told(stage, outcome, 'the frame carries neither IP nor ARP', reject('EtherType'));
    case 'accept.not-unicast':
      return told(stage, outcome, 'a router forwards no broadcast', reject('target'));
    case 'accept.martian': {
      const [source, target] = isIp(body) ? [body.source, body.target] : [null, null];
      const odd = source !== null && (isMartianSource(source) || stage.own.has(source));
      const address = (odd ? source : target) ?? stage.address;
      const mine = odd && stage.own.has(address) ? 'this device’s own' : 'nobody’s';
      const because = `${formatIp(address)} as ${odd ? 'source' : 'target'} is ${mine}`;
      return told(stage, outcome, because, reject(odd ? 'source' : 'target'));
    }
    default:
      return told(stage, outcome, reasonTitle(outcome));
  }
}

/** A message of neighbour discovery that no neighbour sent, or that was damaged. */
function explainVoid(stage: Stage<'accept'>, before: Frame, outcome: Outcome): StepExplanation {
  const ttl = isIp(before.body) ? before.body.ttl : NEIGHBOURS_ONLY;
  const near = ttl === NEIGHBOURS_ONLY;
  const because = near
    ? 'the checksum does not add up'
    : `the hop limit is ${ttl}, and not 255 as from a neighbour`;
  const rule = `neighbours of ${formatIp(stage.address)}`;
  return told(stage, outcome, because, {
    rejected: [{ rule, field: near ? 'checksum' : 'hop limit', source: stage.from.source }],
  });
}

const NEIGHBOURS_ONLY = 255;

function acceptedWords(stage: Stage<'accept'>, before: Frame, outcome: Outcome): string {
  const own = formatIp(stage.address);
  const body = before.body;
  if (resolutionIn(before) !== null) {
    if (outcome.effect?.kind === 'originated') return `it is asked for ${own} and answers`;
    if (outcome.effect?.kind === 'neighbour-learned') return describe(before);
    return `${describe(before)}: nothing to do`;
  }
  if (stage.role === 'forwards') return 'a router takes it in';
  if (isIp(body) && body.target === stage.address) return `the packet is for ${own} itself`;
  return `${own} takes the frame`;
}

/** To the machine itself. */
export function explainDeliver(stage: Stage<'deliver'>, before: Frame, outcome: Outcome): StepExplanation {
  if (outcome.reason !== null) return told(stage, outcome, reasonTitle(outcome));
  const body = before.body;
  switch (body.kind) {
    case 'ipv4':
    case 'ipv6':
      return told(stage, outcome, `to the machine itself, ${serviceWords(body)}${recordWords(body)}`);
    case 'arp':
      return told(stage, outcome, `to the machine itself, ${describe(before)}`);
    case 'opaque-frame':
      return told(stage, outcome, 'to the machine itself');
  }
}
