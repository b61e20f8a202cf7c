import type { Program } from '../program/index.ts';
import { canSend } from '../verify/index.ts';
import type { Failing } from './claims.ts';
import type { Decision } from './decision.ts';
import type { DeviceReference } from './expected.ts';
import type { Ground } from './ground.ts';
import { hostsMeant } from './set-claims.ts';

/** What may fail, and who must not be silenced by it. */
export interface Despite {
  readonly although: Failing | null;
  readonly from: DeviceReference;
}

/** Whether something holds with nothing broken, and with any one thing. */
export function decideDespite(
  ground: Ground,
  { although, from }: Despite,
  decide: (program: Program) => Decision,
): Decision {
  const whole = decide(ground.program);
  if (although === null || whole.verdict !== 'proved') return whole;
  const survived: string[] = [];
  for (const outage of ground.outages(although)) {
    const broken = outage.program();
    if (!hostsMeant(broken, from).every((host) => canSend(broken, host))) continue;
    const decision = decide(broken);
    if (decision.verdict !== 'proved') {
      const failing = { kind: although, name: outage.name };
      const breach = decision.breach === null ? null : { ...decision.breach, failing };
      const message = `not while ${outage.name} is down: ${decision.message}`;
      return { ...decision, message, breach };
    }
    survived.push(outage.name);
  }
  if (survived.length === 0) {
    const message = `nothing to prove: there is no ${although} but those without which ${from.name} cannot send`;
    return { ...whole, verdict: 'vacuous', message, assumptions: [] };
  }
  const message = `whichever of ${counted(survived.length, although)} fails: ${named(survived)}`;
  const assumptions = [...whole.assumptions, `${ONE_AT_A_TIME} ${from.name} itself`, ...ground.recovers];
  return { ...whole, message, assumptions };
}

const ONE_AT_A_TIME = 'one thing fails at a time, and nothing without which nobody could send from';

function counted(count: number, what: string): string {
  return count === 1 ? `the one ${what}` : `${count} ${what}s`;
}

const MOST_NAMED = 6;

function named(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED).join(', ');
  return names.length > MOST_NAMED ? `${shown} and ${names.length - MOST_NAMED} more` : shown;
}
