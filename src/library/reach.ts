import { type ReachDocument, reachDocument, renderReach } from '../report/index.ts';
import { type Misunderstood, parseTraffic, quoted, reachBetween, suggest } from '../scenario/index.ts';
import { VnsimError } from './complaint.ts';
import { type Answer, withText } from './document.ts';
import { type Network, worldOf } from './network.ts';
import { demandPlain } from './plain.ts';

/** What gets through, or what is in the way: `vnsim.reach/1`. */
export type Reached = Answer<ReachDocument>;

/**
 * Exactly what gets from one machine to another, or to an address, whatever the sender puts into its packets; where nothing
 * does, everything that is in the way, and the smallest change that opens it.
 *
 * @param traffic `tcp/1792`, `udp`, `icmp`; left out: everything
 * @throws {VnsimError} where nobody has that name, or the traffic is none
 */
export function reach(network: Network, from: string, to: string, traffic = 'any'): Reached {
  for (const [name, value] of Object.entries({ from, to, traffic })) demandText(name, value);
  const parsed = parseTraffic(traffic);
  if (!parsed.ok) throw VnsimError.about('usage/port', parsed.fault.message, parsed.fault.help ?? null);
  const { protocol, ports } = parsed.value;
  const reached = reachBetween(worldOf(network), from, to, protocol === 'any' ? null : { protocol, ports });
  if (!reached.ok)
    throw VnsimError.about('usage/name', reached.fault.message, wayOut([from, to], reached.fault));
  return withText(reachDocument(reached.value), {}, (_, look) => renderReach(reached.value, look));
}

function demandText(name: string, value: unknown): void {
  if (typeof value === 'string') return;
  demandPlain(value, name);
  throw VnsimError.about('usage/name', `${name} is ${JSON.stringify(value)}`, 'a name or an address is text');
}

/** What may have been meant instead of the name that is none. */
function wayOut(names: readonly string[], { message, choices }: Misunderstood): string | null {
  const wrong = names.find((name) => message.includes(quoted(name))) ?? '';
  return suggest(wrong, choices, 'there are');
}
