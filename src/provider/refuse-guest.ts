import { type Cidr, overlaps } from '../address/index.ts';
import type { Hsm, Model } from '../model/index.ts';
import type { RequestHsm } from './plan-request.ts';
import { wholeBlock } from './public-subnet.ts';
import { type Refusal, refuse } from './refusal.ts';

/** The service networks by which other customers than this one reach a module (I-04). */
export function blocksOfOthers(model: Model, hsm: Hsm | null, customer: string): readonly Cidr[] {
  if (hsm === null) return [];
  const known = [hsm.assignedTo, ...Object.values(hsm.shares).map(({ network }) => network)];
  return known.flatMap((id) => {
    const network = model.networks[id ?? ''];
    return network === undefined || network.customer === customer ? [] : [network.block];
  });
}

/** Why a module that another customer shares cannot be reached as asked. */
export function refuseGuest(model: Model, request: RequestHsm, hsm: Hsm | null): readonly Refusal[] {
  const others = blocksOfOthers(model, hsm, request.customer);
  if (hsm === null || others.length === 0) return [];
  const nats = Object.values(model.natInstances).filter(({ hsm: name }) => name === hsm.name);
  if (request.attachment === 'direct' || nats.some(({ attachment }) => attachment === 'direct')) {
    const message =
      'a direct link leads to one NAT instance: several customers reach an HSM through the rack';
    return [refuse('provider/no-capacity', 'attachment', message)];
  }
  const { block } = request.service;
  if (block === null || !others.some((other) => overlaps(wholeBlock(model, block), other))) return [];
  const message = `another customer of ${hsm.name} has its service network there: what the HSM answers would be for either`;
  return [refuse('provider/overlap', 'service', message)];
}
