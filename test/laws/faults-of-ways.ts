import type { Port } from '../../src/address/index.ts';
import { STEPS } from '../../src/dataplane/index.ts';
import { ruleTable } from '../../src/program/index.ts';
import { type Fault, LETS_PASS, seenAs, withSteps } from './fault.ts';
import * as differences from './laws-of-differences.ts';
import * as passages from './laws-of-passages.ts';
import * as ways from './laws-of-ways.ts';

/* What the engine could do otherwise than claims about ways and answers say. */

const deaf = withSteps(
  'a NAT instance knows no answer',
  {
    translate(stage, seen, frame) {
      if (stage.direction === 'outward') return STEPS.translate(stage, seen, frame);
      const forgetting = seenAs(seen, () => ({ findOriginal: () => -1, findReply: () => -1 }));
      return STEPS.translate(stage, forgetting, frame);
    },
  },
  ways.provedIsAnswered,
  passages.obstaclesAreAll,
);

const openDoor = withSteps(
  'a firewall takes whatever comes for an answer',
  { filter: () => LETS_PASS },
  ways.firstIsUnasked,
  differences.closingCloses,
);

const oneOff = withSteps(
  'a firewall takes the port before the first of a rule for one of the rule',
  {
    filter(stage, seen, frame) {
      const entries = stage.rules.entries.map((rule) => ({
        ...rule,
        ports: { first: Math.max(0, rule.ports.first - 1) as Port, last: rule.ports.last },
      }));
      return STEPS.filter({ ...stage, rules: ruleTable(entries) }, seen, frame);
    },
  },
  passages.bordersAreExact,
);

export const FAULTS_OF_WAYS: readonly Fault[] = [deaf, openDoor, oneOff];
