import { formatNanos } from '../../base/index.ts';
import type { ServiceReport } from '../../scenario/index.ts';
import type { Look } from './look.ts';
import { INDENT, paragraph } from './paragraph.ts';

/** Who answered how many of a step's requests, and how long it took: to the first octet of the answer. */
export function serviceLines(service: ServiceReport, look: Look): readonly string[] {
  const { asked, answered, shares, quickest, slowest, mean } = service;
  const [only] = shares;
  if (asked === 1 && only !== undefined) {
    return paragraph(`answered by ${only[0]} after ${formatNanos(mean)}`, INDENT, look);
  }
  const who = shares.map(([name, count]) => `${name} ${count}`).join(', ');
  const spread = `${formatNanos(mean)} on average (${formatNanos(quickest)} to ${formatNanos(slowest)})`;
  const times = quickest === slowest ? formatNanos(mean) : spread;
  return paragraph(`${answered} of ${asked} answered: ${who} · after ${times}`, INDENT, look);
}
