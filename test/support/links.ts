import type { ScenarioText } from '../../src/scenario/index.ts';
import type { NetworkPlan } from './networks.ts';

/** The links of a plan that carry less than others. */
export function linksOf({ mtus = {} }: NetworkPlan): Pick<ScenarioText['provider'], 'links'> {
  return {
    links: Object.entries(mtus).map(([name, mtu]) => {
      const [one = '', other = ''] = name.split('--');
      return { between: [one, other], mtu };
    }),
  };
}
