import type { z } from 'zod';
import type { FirewallText, SetFirewallText } from './scenario-text.ts';
import {
  agreeing,
  blockOrFirewall,
  choice,
  demand,
  listOf,
  map,
  name,
  type Objection,
  reference,
  traffic,
} from './schema-parts.ts';

/** Firewalls of instances, and the step that changes one. */

const firewallKeys = {
  in: listOf(
    map({
      allow: traffic(),
      from: blockOrFirewall('Who may send it: a block, or every interface that carries a firewall.'),
    }),
    'a list of rules',
    'What may come in. Default: everything from the virtual network.',
  ).exactOptional(),
  out: listOf(
    map({
      allow: traffic(),
      to: blockOrFirewall('To whom it may go: a block, or every interface that carries a firewall.'),
    }),
    'a list of rules',
    'What may go out. Default: everything.',
  ).exactOptional(),
};

export const firewall: z.ZodType<FirewallText> = agreeing<FirewallText>()(
  map(firewallKeys).meta({
    description:
      'A stateful firewall. Rules only allow: what none allows is dropped, but packets of a connection that was allowed in one direction pass in the other.',
  }),
);

function someDirection(change: object): (Objection & { readonly message: string }) | null {
  if ('in' in change || 'out' in change) return null;
  return {
    code: 'scenario/missing-key',
    message: 'a change of a firewall has rules for in, for out or for both, and here are none',
    help: 'an empty list allows nothing: in: []',
  };
}

export const setFirewallSchema: z.ZodType<SetFirewallText> = agreeing<SetFirewallText>()(
  demand(
    map({
      customer: reference('The customer in whose network it is.'),
      firewall: name('The firewall, or the interface that a request has made with one of its own.'),
      by: choice(['customer', 'provider'], 'Who asks. Default: customer.').exactOptional(),
      in: firewallKeys.in.describe('What may come in from now on. Default: as it is.'),
      out: firewallKeys.out.describe('What may go out from now on. Default: as it is.'),
    }),
    someDirection,
  ).meta({
    description:
      'A firewall gets other rules. Connections that it tracks go on: only new ones are judged by them.',
  }),
);
