import { contains, formatCidr, formatIp, formatMac, type Ip } from '../../address/index.ts';
import type { Outcome } from '../../dataplane/index.ts';
import { describe, type Frame, isIp, vxlanOf } from '../../packet/index.ts';
import type { Mapping, Stage, SubnetRoute } from '../../program/index.ts';
import { type Rejected, reasonTitle, type StepExplanation, told } from './explanation.ts';
import { resolutionIn } from './resolution.ts';
import { lengthWords } from './sizes.ts';
import { counted } from './wording.ts';

/** The virtual switch: which interface of the sender's virtual network, and behind which server. */
export function explainLocate(stage: Stage<'locate'>, before: Frame, outcome: Outcome): StepExplanation {
  const body = before.body;
  if (resolutionIn(before) !== null) return explainMappingAnswer(stage, before, outcome);
  if (!isIp(body)) return told(stage, outcome, reasonTitle(outcome));
  const link = formatMac(before.link.target);
  const neighbour = stage.neighbours.get(before.link.target);
  if (outcome.reason === 'mapping.not-unicast') {
    return told(stage, outcome, `${link} → ${formatIp(body.target)} is not one machine`);
  }
  if (outcome.reason === 'mapping.other-subnet') {
    const where = neighbour === undefined ? 'somewhere else' : `in ${formatCidr(neighbour.subnet)}`;
    return told(stage, outcome, `${link} is ${where}, the sender in ${formatCidr(stage.subnet)}`);
  }
  if (stage.bridged && before.link.target !== stage.router) {
    if (outcome.reason === null && neighbour !== undefined) {
      const rule = `VN ${stage.vn}: ${link} is ${neighbour.owner}`;
      return told(stage, outcome, `${whereWords(neighbour)} · same subnet`, { rule });
    }
    const because =
      outcome.reason === 'mapping.none' ? `VN ${stage.vn} has no ${link}` : reasonTitle(outcome);
    return told(stage, outcome, because);
  }
  return explainSubnetRoute(stage, before, outcome);
}

/** An answer of the mapping service to an ARP request or a neighbour solicitation: no virtual network floods one. */
function explainMappingAnswer(stage: Stage<'locate'>, before: Frame, outcome: Outcome): StepExplanation {
  const message = resolutionIn(before);
  if (message === null) return told(stage, outcome, reasonTitle(outcome));
  const asked = formatIp(message.about);
  if (outcome.reason === 'mapping.none') return told(stage, outcome, `VN ${stage.vn} has no ${asked}`);
  if (outcome.reason !== null) return told(stage, outcome, reasonTitle(outcome));
  const effect = outcome.effect;
  const answer = effect?.kind === 'originated' ? resolutionIn(effect.frame) : null;
  if (answer === null) {
    return told(stage, outcome, `${describe(before)}: nothing to do`);
  }
  const owner = stage.mappings.get(message.about);
  const isOwner = owner !== undefined && owner.mac === answer.mac;
  const because = isOwner
    ? `the mapping service answers: ${asked} is ${owner.owner}`
    : `the router of the subnet answers for ${asked}`;
  const rule = isOwner
    ? `VN ${stage.vn}: ${asked} is ${owner.owner}`
    : `VN ${stage.vn}: the router has the rest`;
  return told(stage, outcome, because, { rule });
}

function explainSubnetRoute(stage: Stage<'locate'>, before: Frame, outcome: Outcome): StepExplanation {
  const body = before.body;
  if (!isIp(body)) return told(stage, outcome, reasonTitle(outcome));
  const target = formatIp(body.target);
  const index = stage.routes.lookup(body.target);
  const entry = stage.routes.entries[index];
  const rejected = rejectedRoutes(stage, before, entry?.block.prefix ?? -1);
  if (outcome.reason === 'route.none' || entry === undefined) {
    const because =
      outcome.reason === 'route.none' ? `no route of the subnet contains ${target}` : reasonTitle(outcome);
    return told(stage, outcome, because, { rejected });
  }
  const route = entry.value;
  const rule = `route table of VN ${stage.vn}: ${routeWords(formatCidr(entry.block), route)}`;
  const evidence = { rule, source: route.from, rejected };
  if (outcome.reason === 'route.blackhole') {
    const gone = route.kind === 'dead' ? `: ${route.towards} is not there` : '';
    return told(stage, outcome, `${formatCidr(entry.block)} is a blackhole${gone}`, evidence);
  }
  if (outcome.reason === 'peering.not-accepted') {
    return told(stage, outcome, `${deadWords(route)} is not accepted yet`, evidence);
  }
  if (outcome.reason === 'share.revoked' && route.kind === 'dead') {
    return told(stage, outcome, `the customer of ${route.towards} does not share it any more`, evidence);
  }
  if (outcome.reason === 'mapping.none') {
    const network = route.kind === 'peering' ? route.network : stage.vn;
    return told(stage, outcome, `VN ${network} has no ${target}`, evidence);
  }
  if (outcome.reason !== null) return told(stage, outcome, reasonTitle(outcome), evidence);
  const mapping = mappingBy(stage, route, body.target);
  const where = mapping === undefined ? `${target} is in VN ${stage.vn}` : whereWords(mapping);
  return told(stage, outcome, `${where} · ${routeWords(formatCidr(entry.block), route)}`, evidence);
}

function mappingBy(stage: Stage<'locate'>, route: SubnetRoute, target: Ip): Mapping | undefined {
  if (route.kind === 'interface') return route.target;
  return (route.kind === 'peering' ? route.mappings : stage.mappings).get(target);
}

function deadWords(route: SubnetRoute): string {
  return route.kind === 'dead' ? `the peering ${route.towards}` : 'the peering';
}

/** Routes longer than the one that decided, in the order of the table. */
function rejectedRoutes(stage: Stage<'locate'>, before: Frame, prefix: number): readonly Rejected[] {
  const body = before.body;
  if (!isIp(body)) return [];
  return stage.routes.entries
    .filter(({ block }) => block.prefix > prefix && !contains(block, body.target))
    .map(({ block, value }) => ({
      rule: routeWords(formatCidr(block), value),
      field: 'target',
      source: value.from,
    }));
}

function whereWords(mapping: Mapping): string {
  const who = mapping.address === 0 ? mapping.owner : `${formatIp(mapping.address)} is ${mapping.owner}`;
  if (mapping.behind === mapping.owner) return who;
  return mapping.behind === null ? `${who}, on this server` : `${who}, at ${mapping.behind}`;
}

function routeWords(block: string, route: SubnetRoute): string {
  switch (route.kind) {
    case 'local':
      return `${block} local`;
    case 'interface':
      return `${block} → ${route.target.owner}${route.origin === 'propagated' ? ' (propagated)' : ''}`;
    case 'peering':
      return `${block} → peering ${route.peering}`;
    case 'dead':
      return `${block} → ${route.towards}, a blackhole`;
    case 'blackhole':
      return `${block} blackhole`;
  }
}

/** Into VXLAN (RFC 7348) towards another tunnel end. */
export function explainWrap(stage: Stage<'wrap'>, before: Frame, outcome: Outcome): StepExplanation {
  if (outcome.reason === 'mtu.exceeded') {
    const because = `${lengthWords(before)}, and ${stage.mtu} fit the underlay once wrapped`;
    return told(stage, outcome, outcome.effect === null ? `${because}; no tunnel end cuts` : because);
  }
  if (outcome.reason !== null) return told(stage, outcome, reasonTitle(outcome));
  const rule = `segment ${stage.segment} to tunnel end ${stage.towards}`;
  const because = `VXLAN segment ${stage.segment} → ${stage.towards} at ${formatIp(stage.target)}`;
  return told(stage, outcome, because, { rule });
}

/** Out of VXLAN: is the wrapper for this tunnel end, is the segment known, is the sender one of its tunnel ends. */
export function explainUnwrap(stage: Stage<'unwrap'>, before: Frame, outcome: Outcome): StepExplanation {
  const vxlan = vxlanOf(before);
  const own = formatIp(stage.address);
  if (vxlan === null || !isIp(before.body)) {
    const because = outcome.reason === null ? `for ${own}` : `not a VXLAN packet for ${own}`;
    return told(stage, outcome, because);
  }
  const { segment: number, inner } = vxlan;
  const sender = formatIp(before.body.source);
  const segment = stage.segments.get(number);
  if (segment === undefined) {
    const rejected = [...stage.segments].map(([id, { vn }]) => ({
      rule: `segment ${id} is VN ${vn}`,
      field: 'segment',
      source: stage.from.source,
    }));
    const because =
      outcome.reason === 'wrap.unknown-segment'
        ? `${own} knows ${counted(stage.segments.size, 'segment')}, and ${number} is none of them`
        : reasonTitle(outcome);
    return told(stage, outcome, because, { rejected });
  }
  const rule = `segment ${number} is VN ${segment.vn}`;
  if (outcome.reason === 'wrap.malformed') {
    const because =
      before.body.target === stage.address
        ? 'the wrapper carries a congestion mark that the wrapped packet cannot take (RFC 6040)'
        : `the wrapper is for ${formatIp(before.body.target)}, this tunnel end is ${own}`;
    return told(stage, outcome, because, { rule });
  }
  const peer = segment.peers.get(before.body.source);
  if (outcome.reason === 'wrap.unknown-peer') {
    const rejected = [...segment.peers].map(([address, name]) => ({
      rule: `tunnel end ${name} at ${formatIp(address)}`,
      field: 'source',
      source: stage.from.source,
    }));
    return told(stage, outcome, `${sender} is no tunnel end of VN ${segment.vn}`, { rule, rejected });
  }
  if (outcome.reason === 'wrap.unknown-station') {
    const rejected = [...segment.ports].map(([address, { owner }]) => ({
      rule: `${owner} at ${formatMac(address)}`,
      field: 'link target',
      source: stage.from.source,
    }));
    const because = `VN ${segment.vn} has no ${formatMac(inner.link.target)} here`;
    return told(stage, outcome, because, { rule, rejected });
  }
  if (outcome.reason !== null) return told(stage, outcome, reasonTitle(outcome), { rule });
  const port = segment.ports.get(inner.link.target);
  const towards = port === undefined ? '' : `, for ${port.owner}`;
  return told(stage, outcome, `segment ${number} from ${peer ?? sender} is VN ${segment.vn}${towards}`, {
    rule,
  });
}
