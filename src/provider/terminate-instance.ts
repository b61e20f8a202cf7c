import { formatIp } from '../address/index.ts';
import { unknown } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

export interface TerminateInstance {
  /** id of the instance */
  readonly instance: string;
}

/** A device of the customer goes, with its interface and its address. Routes that led to it become black holes. */
export const terminateInstance: Verb<TerminateInstance> = (draft, { instance: id }) => {
  const instance = draft.instances[id];
  if (instance === undefined || draft.bastions[id] !== undefined) return [unknown('instance', id)];
  const vni = draft.interfaces[instance.interface];
  const network = draft.networks[vni?.network ?? ''];
  const server = draft.servers[instance.server];
  if (vni !== undefined && network !== undefined) delete network.mapping[formatIp(vni.address)];
  if (server !== undefined) server.guests -= 1;
  for (const part of Object.keys(draft.failures)) {
    if (part.split('--').includes(id)) delete draft.failures[part];
  }
  for (const [name, { part }] of Object.entries(draft.impairments)) {
    if (part.split('--').includes(id)) delete draft.impairments[name];
  }
  delete draft.interfaces[instance.interface];
  delete draft.loadBalancers[id];
  delete draft.instances[id];
  return DONE;
};
