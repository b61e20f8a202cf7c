import { formatIpv4, formatMac, isMartianSource } from '../../address/index.ts';
import type { Outcome } from '../../dataplane/index.ts';
import { describe, type Frame } from '../../packet/index.ts';
import type { Stage } from '../../program/index.ts';
import { type Evidence, reasonTitle, type StepExplanation, told } from './explanation.ts';
import { serviceWords } from './wording.ts';

/** Anti-spoof at a virtual port. */
export function explainGuard(stage: Stage<'guard'>, before: Frame, outcome: Outcome): StepExplanation {
  const body = before.body;
  const source = body.kind === 'ipv4' ? body.source : body.kind === 'arp' ? body.senderAddress : null;
  const allowed = stage.addresses?.map(formatIpv4).join(', ') ?? 'any address';
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
      const forged = source === null ? 'its source' : formatIpv4(source);
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
  const own = formatIpv4(stage.address);
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
      const target =
        body.kind === 'ipv4'
          ? formatIpv4(body.target)
          : body.kind === 'arp'
            ? formatIpv4(body.targetAddress)
            : '?';
      return told(stage, outcome, `the packet is for ${target}, this machine is ${own}`, reject('target'));
    }
    case 'ipv4.bad-checksum':
      return told(stage, outcome, 'the header checksum does not add up', reject('checksum'));
    case 'accept.not-ip':
      return told(stage, outcome, 'the frame carries neither IPv4 nor ARP', reject('EtherType'));
    case 'accept.not-unicast':
      return told(stage, outcome, 'a router forwards no broadcast', reject('target'));
    case 'accept.martian': {
      const [source, target] = body.kind === 'ipv4' ? [body.source, body.target] : [null, null];
      const odd = source !== null && (isMartianSource(source) || stage.own.has(source));
      const address = (odd ? source : target) ?? stage.address;
      const mine = odd && stage.own.has(address) ? 'this device’s own' : 'nobody’s';
      const because = `${formatIpv4(address)} as ${odd ? 'source' : 'target'} is ${mine}`;
      return told(stage, outcome, because, reject(odd ? 'source' : 'target'));
    }
    default:
      return told(stage, outcome, reasonTitle(outcome));
  }
}

function acceptedWords(stage: Stage<'accept'>, before: Frame, outcome: Outcome): string {
  const own = formatIpv4(stage.address);
  const body = before.body;
  if (body.kind === 'arp') {
    if (outcome.effect?.kind === 'originated') return `it is asked for ${own} and answers`;
    if (outcome.effect?.kind === 'neighbour-learned') return describe(before);
    return `${describe(before)}: nothing to do`;
  }
  if (stage.role === 'forwards') return 'a router takes it in';
  if (body.kind === 'ipv4' && body.target === stage.address) return `the packet is for ${own} itself`;
  return `${own} takes the frame`;
}

/** To the machine itself. */
export function explainDeliver(stage: Stage<'deliver'>, before: Frame, outcome: Outcome): StepExplanation {
  if (outcome.reason !== null) return told(stage, outcome, reasonTitle(outcome));
  const body = before.body;
  switch (body.kind) {
    case 'ipv4':
      return told(stage, outcome, `to the machine itself, ${serviceWords(body)}`);
    case 'arp':
      return told(stage, outcome, `to the machine itself, ${describe(before)}`);
    case 'opaque-frame':
      return told(stage, outcome, 'to the machine itself');
  }
}
