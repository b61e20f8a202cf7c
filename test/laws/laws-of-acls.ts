import { formatIp, type Ipv4, ipv4 } from '../../src/address/index.ts';
import type { Ipv4Packet } from '../../src/packet/index.ts';
import { ROUTER_MAC } from '../../src/program/router-mac.ts';
import type { AclPlan, NumberedPlan } from '../../src/testing/subnet-acls.ts';
import { prepare } from '../../src/verify/index.ts';
import { deliveriesOf, senderOf } from '../support/journeys.ts';
import { buildNetwork } from '../support/networks.ts';
import { forgedTrial, honestTrial, play, type Run, type Trial } from '../support/traffic.ts';
import { demand, type Law, lawOfRuns, lawOfTrials, shown } from './law.ts';
import { decisive, guardOf } from './reading-of-acls.ts';

/* ACLs, judged by the plan's own rules. */

export const lowestNumberDecides: Law = lawOfRuns(
  '[I-05] [I-17] what crosses the boundary of a subnet passes if the rule with the lowest number that matches it allows it',
  forgedTrial,
  ({ network, journeys }) => {
    for (const { place, stage, before, outcome } of journeys.flatMap(({ steps }) => steps)) {
      if (stage.kind !== 'acl' || before.body.kind !== 'ipv4') continue;
      const own = network.world.model.interfaces[place.name.replace(/\/(?:in|out)$/, '')];
      const block = own === undefined ? undefined : network.world.model.subnets[own.subnet]?.block;
      const isOwn = (address: number): boolean =>
        block !== undefined &&
        address >>> (32 - block.prefix) === (block.address as Ipv4) >>> (32 - block.prefix);
      const guard = own === undefined ? null : guardOf(network, own.network, own.address as Ipv4);
      if (guard === null) continue;
      const { direction } = stage;
      const { source, target } = before.link;
      const crosses =
        direction === 'in' ? source === ROUTER_MAC : target === ROUTER_MAC && !isOwn(before.body.target);
      const passed = outcome.verdict !== 'drop';
      const what = (): string => `${shown(before)} ${direction} at ${place.name}`;
      if (!crosses) {
        demand(passed && outcome.rule === -1, () => `it stays inside: ${what()}`);
        continue;
      }
      const packet = before.body;
      const peer = direction === 'in' ? packet.source : packet.target;
      const rule = decisive(guard, direction, peer, carryOf(packet), targetPortOf(packet));
      const number = rule?.rule ?? 'none';
      demand(passed === (rule?.action === 'allow'), () => `rule ${number} decides, and ${what()}`);
      demand(
        (stage.rules.entries[outcome.rule]?.number ?? 'none') === number,
        () => `rule ${number} decides ${what()}, and another is named`,
      );
    }
  },
);

function carryOf({ kept: { protocol } }: Ipv4Packet): string {
  return ({ 1: 'icmp', 6: 'tcp', 17: 'udp' } as const)[protocol as 1] ?? 'other';
}

/** As it stands in the header, of the first piece of a datagram too. */
function targetPortOf({ kept, body }: Ipv4Packet): number {
  if (body.kind === 'tcp' || body.kind === 'udp') return body.target;
  const shows = body.kind === 'opaque-body' && kept.fragmentOffset === 0 && body.payload.length >= 8;
  if (!shows || (kept.protocol !== 6 && kept.protocol !== 17)) return -1;
  return (body.payload[2] ?? 0) * 256 + (body.payload[3] ?? 0);
}

export const insideIsFree: Law = lawOfRuns(
  '[I-17] between honest machines of one subnet no ACL decides',
  honestTrial,
  ({ network, journeys }) => {
    for (const { place, stage, before, outcome } of journeys.flatMap(({ steps }) => steps)) {
      if (stage.kind !== 'acl' || before.body.kind !== 'ipv4') continue;
      const own = network.world.model.interfaces[place.name.replace(/\/(?:in|out)$/, '')];
      const block = own === undefined ? undefined : network.world.model.subnets[own.subnet]?.block;
      if (block === undefined) continue;
      const { source, target } = before.body;
      const shift = 32 - block.prefix;
      if (source >>> shift !== target >>> shift) continue;
      const ends = `${formatIp(source)} → ${formatIp(target)}`;
      demand(outcome.verdict !== 'drop' && outcome.rule === -1, () => `${ends} met ${stage.acl}`);
    }
  },
);

export const fileOrderMeansNothing: Law = lawOfTrials(
  '[I-17] the rules of an ACL mean the same wherever they stand in the file',
  forgedTrial,
  (trial, making) => {
    const turned = withAcls(trial, (rules) => [...rules].reverse());
    const [one, other] = [trial, turned].map((made) => verdictsOf(play(made, making)));
    const line = one?.findIndex((text, index) => text !== other?.[index]) ?? -1;
    demand(line < 0 && one?.length === other?.length, () => `${one?.[line]}, turned ${other?.[line]}`);
  },
);

function verdictsOf({ journeys }: Run): readonly string[] {
  return journeys.flatMap(({ steps }) =>
    steps.map(({ now, place, stage, outcome: { verdict, reason }, before }) => {
      return `${now} ${place.name} ${stage.kind} ${verdict} ${reason} ${shown(before)}`;
    }),
  );
}

/** Denials that a trial gains: one at either end of the numbers. */
const DENIALS: readonly NumberedPlan[] = [
  { rule: 20, action: 'deny', traffic: 'tcp/1024-65535', peer: '10.0.0.0/8' },
  { rule: 32_000, action: 'deny', traffic: 'any', peer: '10.0.0.0/17' },
];

export const aDenyNeverDelivers: Law = lawOfTrials(
  '[I-17] one more rule that denies never brings a packet to anybody whom none reached before',
  honestTrial,
  (trial, making) => {
    const whole = pairsOf(play(trial, making));
    for (const denial of DENIALS) {
      for (const pair of pairsOf(play(stricter(trial, denial), making)))
        demand(whole.has(pair), () => `${pair}, and not without rule ${denial.rule}`);
    }
  },
);

export const aDenyNeverOpens: Law = lawOfTrials(
  '[I-17] [DC-04] one more rule that denies leaves proved what was proved: nothing new is reached',
  honestTrial,
  (trial, making) => {
    const before = buildNetwork(trial.network, making);
    const known = prepare(before.world.engine.program);
    for (const denial of DENIALS) {
      const after = buildNetwork(stricter(trial, denial).network, making);
      const later = prepare(after.world.engine.program);
      for (const from of before.edges) {
        for (const to of before.edges) {
          const claim = { kind: 'isolated' as const, from: [from.host], to: [to.host] };
          if (known.decide(claim).verdict !== 'proved') continue;
          const reached = later.decide(claim).verdict === 'refuted';
          demand(!reached, () => `${from.id} reaches ${to.id} by rule ${denial.rule}`);
        }
      }
    }
  },
);

function stricter(trial: Trial, denial: NumberedPlan): Trial {
  return withAcls(trial, (rules) => [...rules, denial]);
}

function withAcls(trial: Trial, change: (rules: AclPlan['in']) => AclPlan['in']): Trial {
  const tenants = trial.network.tenants.map((tenant) => ({
    ...tenant,
    guards: tenant.guards.map((acl): AclPlan | null => acl && { in: change(acl.in), out: change(acl.out) }),
  }));
  return { ...trial, network: { ...trial.network, tenants } };
}

/** Who hears whom, and by which protocol. */
function pairsOf(run: Run): ReadonlySet<string> {
  return new Set(
    deliveriesOf(run).flatMap(({ journey, step, to }) => {
      const sender = senderOf(run.network, journey);
      const { body } = step.before;
      if (sender === null || body.kind !== 'ipv4') return [];
      return [`${to.id} hears ${sender.id} (${body.kept.protocol}, ${formatIp(ipv4(body.source))})`];
    }),
  );
}

export const LAWS_OF_ACLS: readonly Law[] = [
  lowestNumberDecides,
  insideIsFree,
  fileOrderMeansNothing,
  aDenyNeverDelivers,
  aDenyNeverOpens,
];
