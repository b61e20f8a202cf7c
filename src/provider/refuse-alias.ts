import { type Cidr, contains, familyOf, formatCidr, formatIp } from '../address/index.ts';
import type { Model, VirtualNetwork } from '../model/index.ts';
import type { RequestHsm } from './plan-request.ts';
import { wholeBlock } from './public-subnet.ts';
import { type Refusal, refuse } from './refusal.ts';

/** Why the overlay device cannot translate as asked (D-06). */
export function refuseAlias(
  model: Model,
  { alias, attachment, address }: RequestHsm,
  block: Cidr | null,
  joins: VirtualNetwork | null,
): readonly Refusal[] {
  if (alias === null || block === null) return [];
  const refusal = (code: Refusal['code'], message: string) => [refuse(code, 'overlay-nat', message)];
  if (attachment === 'direct') {
    return refusal(
      'provider/no-capacity',
      'on a direct link there is no overlay device that could translate',
    );
  }
  if (joins !== null && joins.alias !== alias) {
    return refusal(
      'provider/overlap',
      'the service network, which another NAT instance joins, knows the HSM otherwise',
    );
  }
  if (familyOf(alias) !== familyOf(address)) {
    return refusal(
      'provider/other-family',
      `${formatIp(alias)} and ${formatIp(address)} are of two families`,
    );
  }
  const whole = wholeBlock(model, block);
  if (!contains(whole, alias)) return [];
  return refusal(
    'provider/overlap',
    `${formatIp(alias)} lies in the service network ${formatCidr(whole)} itself`,
  );
}
