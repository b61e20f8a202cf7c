import { STEPS } from '../../src/dataplane/index.ts';
import { ruleTable } from '../../src/program/index.ts';
import { type Fault, ipv4Of, LETS_PASS, seenAs, withSteps } from './fault.ts';
import { FAULTS_OF_ACLS } from './faults-of-acls.ts';
import * as firewalls from './laws-of-firewalls.ts';
import * as translation from './laws-of-translation.ts';

/* What can go wrong in a firewall. */

const forgetful = withSteps(
  'a firewall forgets who asked',
  {
    filter(stage, seen, frame) {
      const forgetting = seenAs(seen, () => ({ findOriginal: () => -1, findReply: () => -1 }));
      const decided = STEPS.filter(stage, forgetting, frame);
      // the table itself refuses a second connection of one flow
      return decided.effect?.kind === 'connection-opened' ? { ...decided, effect: null } : decided;
    },
  },
  firewalls.allowedOrAnswered,
);

const anyAnswer = withSteps(
  'whatever is no SYN passes for an answer',
  {
    filter(stage, seen, frame) {
      const body = ipv4Of(frame)?.body;
      const first = body?.kind === 'tcp' && (body.segment.flags & 0b10010) === 0b10;
      return first ? STEPS.filter(stage, seen, frame) : LETS_PASS;
    },
  },
  firewalls.allowedOrAnswered,
);

const anyError = withSteps(
  'every ICMP error passes, whatever it is about',
  {
    filter: (stage, seen, frame) =>
      ipv4Of(frame)?.body.kind === 'icmp-error' ? LETS_PASS : STEPS.filter(stage, seen, frame),
  },
  firewalls.allowedOrAnswered,
);

const portIsEnough = withSteps(
  'what a rule names passes, though it begins nothing',
  {
    filter(stage, seen, frame) {
      const decided = STEPS.filter(stage, seen, frame);
      return decided.reason === 'firewall.invalid' ? LETS_PASS : decided;
    },
  },
  firewalls.allowedOrAnswered,
);

const firstRuleAlone = withSteps(
  'a firewall reads its first rule alone',
  {
    filter: (stage, seen, frame) =>
      STEPS.filter({ ...stage, rules: ruleTable(stage.rules.entries.slice(0, 1)) }, seen, frame),
  },
  firewalls.orderMeansNothing,
  firewalls.allowedOrAnswered,
  translation.roundTrip,
);

const emptyIsOpen = withSteps(
  'a firewall without rules is taken for none',
  {
    filter: (stage, seen, frame) =>
      stage.rules.entries.length === 0 ? LETS_PASS : STEPS.filter(stage, seen, frame),
  },
  firewalls.denyNeverDelivers,
  firewalls.allowedOrAnswered,
);

export const FAULTS_OF_FIREWALLS: readonly Fault[] = [
  forgetful,
  anyAnswer,
  anyError,
  portIsEnough,
  firstRuleAlone,
  emptyIsOpen,
  ...FAULTS_OF_ACLS,
];
