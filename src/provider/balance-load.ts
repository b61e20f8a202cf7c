import { contains, formatIp } from '../address/index.ts';
import type { LoadBalancer } from '../model/index.ts';
import { refuse, unknown } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

export type BalanceLoad = LoadBalancer;

/** An instance becomes a load balancer (FIG. 5, 508) between addresses of its own network. */
export const balanceLoad: Verb<BalanceLoad> = (draft, request) => {
  const instance = draft.instances[request.instance];
  const vni = instance === undefined ? undefined : draft.interfaces[instance.interface];
  const network = vni === undefined ? undefined : draft.networks[vni.network];
  if (instance === undefined || vni === undefined || network === undefined) {
    return [unknown('instance', request.instance)];
  }
  const stray = request.targets.filter((target) => !contains(network.block, target));
  if (stray.length > 0) {
    return stray.map((target) =>
      refuse(
        'provider/outside-network',
        'targets',
        `${formatIp(target)} is not in the network of ${instance.name}`,
      ),
    );
  }
  const standby = request.standby === null ? undefined : draft.instances[request.standby];
  if (request.standby !== null && standby === undefined) return [unknown('instance', request.standby)];
  if (standby?.server === instance.server) {
    const message = `${standby.name} is to stand in for ${instance.name}, and both are on ${instance.server}`;
    return [refuse('provider/no-server', 'standby', message)];
  }
  draft.loadBalancers[request.instance] = { ...request, targets: [...request.targets] };
  return DONE;
};
