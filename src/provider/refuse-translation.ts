import { contains, formatCidr, formatIp } from '../address/index.ts';
import type { VirtualNetwork } from '../model/index.ts';
import type { RequestHsm } from './plan-request.ts';
import { type Refusal, refuse } from './refusal.ts';

/**
 * What is wrong with the way in which a request wants to be translated.
 *
 * Hairpinning (RFC 4787 REQ-9) would let one client call the inward address and port of another's mapping. The
 * customer's network must never see an address of the service network, and through the NAT instance it reaches the HSM alone
 * (rows I-13 and W-06), so the option is known and never granted.
 */
export function refuseTranslation(network: VirtualNetwork, request: RequestHsm): readonly Refusal[] {
  const refusals: Refusal[] = [];
  if (request.hairpin) {
    refusals.push(
      refuse(
        'provider/hairpin',
        'nat',
        'hairpinning would lead from the customer’s network to addresses of the service network',
      ),
    );
  }
  const seen = new Set<string>();
  for (const { protocol, port, to } of request.translation.reverse) {
    const name = `${protocol}/${port}`;
    const cannot = (because: string) => refusals.push(refuse('provider/reverse-mapping', 'nat', because));
    if (seen.has(name)) cannot(`${name} of the inward address leads to one collector, and here are two`);
    seen.add(name);
    if (!contains(network.block, to)) {
      cannot(`the collector ${formatIp(to)} lies outside the customer's ${formatCidr(network.block)}`);
    } else if (to === request.address) {
      cannot(`${formatIp(to)} is the interface of the HSM itself, and no collector`);
    }
  }
  return refusals;
}
