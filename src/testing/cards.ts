import type { ScenarioText } from '../scenario/index.ts';
import type { NetworkPlan } from './network-plan.ts';

/** The same network where every module of the provider's is a card in a computer of its own (N-27). */
export function withCards(text: ScenarioText): ScenarioText {
  const hsms = Object.entries(text.provider.hsms ?? {}).map(([name, hsm]) => [
    name,
    { ...hsm, host: `host-of-${name}` },
  ]);
  return { ...text, provider: { ...text.provider, hsms: Object.fromEntries(hsms) } };
}

/** As the plan says. */
export function cardsIn(text: ScenarioText, { cards }: NetworkPlan): ScenarioText {
  return cards === true ? withCards(text) : text;
}
