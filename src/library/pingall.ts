import { type PingallDocument, pingallDocument, renderMatrix } from '../report/index.ts';
import { pingAll } from '../scenario/index.ts';
import { type Answer, withText } from './document.ts';
import { type Network, ownWorldOf, worldOf } from './network.ts';

/** Who reaches whom: `vnsim.pingall/1`. */
export type Pinged = Answer<PingallDocument>;

/**
 * Every machine pings every address that anything in the network has: `vnsim pingall`.
 *
 * @param by `engine` sends one ping of each, one after the other; `sets` says what is so for every ping, whatever its identifier, and
 * sends none
 */
export function pingall(network: Network, by: 'engine' | 'sets' = 'engine'): Pinged {
  const matrix = pingAll(by === 'sets' ? worldOf(network) : ownWorldOf(network), by);
  return withText(pingallDocument(matrix), {}, (_, look) => renderMatrix(matrix, look));
}
