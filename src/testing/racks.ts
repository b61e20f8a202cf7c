import type { ScenarioText } from '../scenario/index.ts';
import type { NetworkPlan } from './network-plan.ts';

/** The same network where every other module of the provider's stands in a rack with a name, one in each zone. */
export function withRacks(text: ScenarioText): ScenarioText {
  const hsms = Object.entries(text.provider.hsms ?? {}).map(([name, hsm], index) => [
    name,
    index % 2 === 0 ? hsm : { ...hsm, rack: `of-${hsm.zone}` },
  ]);
  return { ...text, provider: { ...text.provider, hsms: Object.fromEntries(hsms) } };
}

/** As the plan says. */
export function racksIn(text: ScenarioText, { racks }: NetworkPlan): ScenarioText {
  return racks === true ? withRacks(text) : text;
}
