import { STEPS } from '../../src/dataplane/index.ts';
import { drop } from '../../src/dataplane/outcome.ts';
import { mismatch, peerOf, ruleTable } from '../../src/program/index.ts';
import { type Fault, ipv4Of, LETS_PASS, withSteps } from './fault.ts';
import * as acls from './laws-of-acls.ts';
import * as proofs from './laws-of-proofs.ts';
import * as translation from './laws-of-translation.ts';

/* What can go wrong in an ACL. */

const skipped = withSteps(
  'no ACL is asked',
  { acl: () => LETS_PASS },
  acls.lowestNumberDecides,
  translation.roundTrip,
  proofs.setsContain,
);

const anyMatch = withSteps(
  'any rule that allows is enough, whatever denies before it',
  {
    acl(stage, seen, frame) {
      const allowing = stage.rules.entries.filter(({ action }) => action === 'allow');
      return STEPS.acl({ ...stage, rules: ruleTable(allowing) }, seen, frame);
    },
  },
  acls.lowestNumberDecides,
  proofs.setsContain,
);

const portsIgnored = withSteps(
  'the ports of a rule are not looked at',
  {
    acl(stage, seen, frame) {
      const packet = ipv4Of(frame);
      const { first } = stage.rules;
      const rules = {
        entries: stage.rules.entries,
        first: (peer: Parameters<typeof first>[0], protocol: number) =>
          stage.rules.entries.findIndex((rule) => mismatch(rule, peer, protocol, rule.ports.first) === null),
      };
      return packet === null ? LETS_PASS : STEPS.acl({ ...stage, rules }, seen, frame);
    },
  },
  acls.lowestNumberDecides,
);

const asWritten = withSteps(
  'the rules are tried in the order of the file',
  {
    acl(stage, seen, frame) {
      const written = [...stage.rules.entries].sort((one, other) =>
        `${one.from?.line}`.padStart(6).localeCompare(`${other.from?.line}`.padStart(6)),
      );
      return STEPS.acl({ ...stage, rules: ruleTable(written) }, seen, frame);
    },
  },
  acls.fileOrderMeansNothing,
);

const everywhere = withSteps(
  'an ACL is asked inside the subnet too',
  {
    acl: (stage, seen, { link, body }) =>
      STEPS.acl(stage, seen, { link: { ...link, target: stage.router, source: stage.router }, body }),
  },
  acls.insideIsFree,
  acls.lowestNumberDecides,
);

const remembers = (): Fault['steps'] => () => {
  const heard = new Set<string>();
  return {
    ...STEPS,
    acl(stage, seen, frame) {
      const packet = ipv4Of(frame);
      if (packet === null) return LETS_PASS;
      const outcome = STEPS.acl(stage, seen, frame);
      const other = stage.direction === 'in' ? packet.target : packet.source;
      const key = [peerOf(packet, stage.direction), other, stage.acl].sort().join(' ');
      if (outcome.verdict !== 'drop') heard.add(key);
      return heard.has(key) ? LETS_PASS : outcome;
    },
  };
};

const stateful: Fault = {
  name: 'an ACL remembers who asked, like a firewall',
  steps: remembers(),
  caughtBy: [acls.lowestNumberDecides],
};

/** A denial that turns the sense of the others round. */
const contrary = withSteps(
  'two denials make an allowance',
  {
    acl(stage, seen, frame) {
      const outcome = STEPS.acl(stage, seen, frame);
      const denials = stage.rules.entries.filter(({ action }) => action === 'deny').length;
      if (outcome.reason !== null) return denials > 1 ? LETS_PASS : drop(outcome.reason);
      return outcome;
    },
  },
  acls.aDenyNeverDelivers,
);

export const FAULTS_OF_ACLS: readonly Fault[] = [
  skipped,
  anyMatch,
  portsIgnored,
  asWritten,
  everywhere,
  stateful,
  contrary,
];
