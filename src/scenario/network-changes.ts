import { formatCidr } from '../address/index.ts';
import type { Result } from '../base/index.ts';
import type { Model } from '../model/index.ts';
import {
  acceptPeering,
  addRoute,
  attachGateway,
  type Change,
  call,
  detachGateway,
  openChannel,
  type Refusal,
  removeRoute,
  requestPeering,
} from '../provider/index.ts';
import { channelSecret } from './build-premises.ts';
import type { NetworkStep } from './scenario.ts';

/** What a step asks of the provider about where networks lead. */
export function networkChange(
  model: Model,
  step: NetworkStep,
  seed: number,
): Result<Change, readonly Refusal[]> {
  switch (step.kind) {
    case 'add-route': {
      const { customer, subnet, to, via, source } = step;
      return call(model, step.kind, addRoute, { customer, subnet, to, via, from: source });
    }
    case 'remove-route':
      return call(model, step.kind, removeRoute, step);
    case 'attach-gateway':
      return call(model, step.kind, attachGateway, step);
    case 'detach-gateway':
      return call(model, step.kind, detachGateway, step);
    case 'peer': {
      const { customer, with: other, peering, source } = step;
      return call(model, step.kind, requestPeering, { customer, with: other, name: peering, from: source });
    }
    case 'accept-peering':
      return call(model, step.kind, acceptPeering, step);
    case 'open-channel': {
      const { customer, channel, public: address, propagates, source } = step;
      const secret = channelSecret(customer, seed);
      return call(model, step.kind, openChannel, {
        customer,
        kind: channel,
        public: address,
        propagates,
        secret,
        from: source,
      });
    }
  }
}

/** Such a step in a few words. */
export function networkStepText(step: NetworkStep): string {
  switch (step.kind) {
    case 'add-route':
      return `add-route ${step.customer}/${step.subnet}: ${formatCidr(step.to)} → ${step.via ?? 'black hole'}`;
    case 'remove-route':
      return `remove-route ${step.customer}/${step.subnet}: ${formatCidr(step.to)}`;
    case 'attach-gateway':
    case 'detach-gateway':
      return `${step.kind} ${step.customer}/${step.gateway}`;
    case 'peer':
      return `${step.customer} asks ${step.with} for the peering ${step.peering}`;
    case 'accept-peering':
      return `${step.customer} accepts the peering ${step.peering}`;
    case 'open-channel':
      return `open-channel ${step.customer}: ${step.channel}`;
  }
}
