import { refuse, unknown } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

export interface MoveInstance {
  /** id of the instance */
  readonly instance: string;
  readonly server: string;
}

/**
 * An instance goes on on another server of its zone. Its addresses, its connections and what others know of it stay:
 * only the provider's mapping of address to server changes (W-04).
 */
export const moveInstance: Verb<MoveInstance> = (draft, request) => {
  const instance = draft.instances[request.instance];
  if (instance === undefined) return [unknown('instance', request.instance)];
  const server = draft.servers[request.server];
  if (server === undefined) return [unknown('server', request.server)];
  const from = draft.servers[instance.server];
  const vni = draft.interfaces[instance.interface];
  const zone = draft.subnets[vni?.subnet ?? '']?.zone;
  if (zone !== server.zone) {
    const where = `${request.server} is in ${server.zone}, and the subnet of ${instance.name} lies in ${zone}`;
    return [refuse('provider/wrong-zone', 'to', where)];
  }
  if (vni === undefined || instance.server === request.server) {
    return [refuse('provider/already-there', 'to', `${instance.name} is on ${request.server} already`)];
  }
  if (from !== undefined) from.guests -= 1;
  server.guests += 1;
  instance.server = request.server;
  vni.server = request.server;
  return DONE;
};
