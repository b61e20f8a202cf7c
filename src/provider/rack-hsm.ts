import type { Ip } from '../address/index.ts';
import type { Source } from '../base/index.ts';
import type { Endpoint, Model } from '../model/index.ts';
import { nextMac } from './link-address.ts';
import { nameTaken, type Refusal, refuse, unknown } from './refusal.ts';
import { DONE, type ModelDraft, type Verb } from './verb.ts';
import { FIRST_VLAN } from './vlans.ts';

export interface RackHsm {
  readonly name: string;
  readonly model: string;
  readonly fips: number | null;
  readonly zone: string;
  /** the rack, by a name of its own; `null`: the one of the zone */
  readonly rack: string | null;
  readonly power: readonly string[] | null;
  readonly host: string | null;
  readonly address: Ip;
  readonly port: number;
  readonly endpoint: Endpoint;
  readonly from: Source | null;
}

function isTaken(model: Model, name: string): boolean {
  return [model.hsms, model.servers, model.cardHosts].some((named) => named[name] !== undefined);
}

/** A security module goes into the rack (FIG. 2, 238), free to be given to a customer. */
export const rackHsm: Verb<RackHsm> = (draft, request) => {
  const taken = [request.name, request.host].find((name) => name !== null && isTaken(draft, name));
  if (taken !== undefined && taken !== null) return [nameTaken(taken)];
  if (request.host === request.name) return [nameTaken(request.name)];
  if (draft.zones[request.zone] === undefined) return [unknown('zone', request.zone)];
  const wrong = enterRack(draft, request);
  if (wrong !== null) return [wrong];
  if (request.host !== null) draft.cardHosts[request.host] = request.name;
  draft.hsms[request.name] = {
    ...request,
    power: request.power === null ? null : [...request.power],
    mac: nextMac(draft),
    assignedTo: null,
    logTargets: [],
    shares: {},
  };
  return DONE;
};

/** A rack with a name is there with its first module, and stands where that one stands. */
function enterRack(draft: ModelDraft, { name, rack, zone }: RackHsm): Refusal | null {
  if (rack === null) return null;
  const known = draft.racks[rack];
  if (known === undefined) draft.racks[rack] = { name: rack, zone, vlan: FIRST_VLAN };
  else if (known.zone !== zone) {
    const message = `rack ${rack} stands in ${known.zone}, and ${name} is to stand in ${zone}`;
    return refuse('provider/wrong-zone', 'rack', message);
  }
  return null;
}
