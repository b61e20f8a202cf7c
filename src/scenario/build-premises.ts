import { type ModelDraft, openChannel, openPremises, placeSiteMachine } from '../provider/index.ts';
import { type Ask, listeners } from './asking.ts';
import type { Customer } from './scenario.ts';

/** The premises of a customer, and the channel to its virtual network; after the network and its gateways. */
export function buildPremises(
  draft: ModelDraft,
  { name: customer, premises, channel }: Customer,
  seed: number,
  ask: Ask,
): void {
  if (premises !== null) {
    const { cidr: block, gateway, public: address, lan, where, source: from } = premises;
    ask(where, openPremises(draft, { customer, block, gateway, public: address, lan, from }));
    for (const { listen, source, where: place, ...machine } of premises.machines) {
      ask(place, placeSiteMachine(draft, { ...machine, listen: listeners(listen), from: source }));
    }
  }
  if (channel === null) return;
  const secret = channelSecret(customer, seed);
  const { kind, public: address, propagates, source: from } = channel;
  ask(channel.where, openChannel(draft, { customer, kind, public: address, propagates, secret, from }));
}

/** What the gateways of a channel share: in place of a secret that somebody would have typed in at both ends. */
export function channelSecret(customer: string, seed: number): string {
  return `channel of ${customer}, seed ${seed}`;
}
