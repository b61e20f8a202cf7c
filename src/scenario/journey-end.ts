import type { Journey, Step as TraceStep } from '../dataplane/index.ts';
import type { Program } from '../program/index.ts';

export interface End {
  readonly verdict: 'delivered' | 'dropped' | 'lost';
  readonly id: string;
  readonly text: string;
  /** what is broken there, where something is */
  readonly why: string | null;
  readonly step: TraceStep | null;
}

/** Where a journey ends, in words. */
export function endOf(program: Program, journey: Journey): End {
  const device = (step: TraceStep) => program.devices[step.place.device];
  const delivered = journey.steps.find(({ outcome }) => outcome.verdict === 'deliver');
  if (delivered !== undefined) {
    const { id = '', name = '' } = device(delivered) ?? {};
    return { verdict: 'delivered', id, text: `delivered to ${name}`, why: null, step: delivered };
  }
  const dropped = journey.steps.filter(({ outcome }) => outcome.verdict === 'drop').at(-1);
  if (dropped !== undefined) {
    const { id = '', name = '' } = device(dropped) ?? {};
    const why = brokenAt(dropped);
    const text = `dropped at ${name}: ${dropped.outcome.reason}${why === null ? '' : ` (${why})`}`;
    return { verdict: 'dropped', id, text, why, step: dropped };
  }
  return { verdict: 'lost', id: '', text: 'still waiting for ARP', why: null, step: null };
}

/** What is broken where something is. */
function brokenAt({ stage, outcome }: TraceStep): string | null {
  if (stage.kind !== 'transmit' || outcome.reason !== 'link.down' || stage.broken === null) return null;
  return stage.broken;
}
