import type { Ip } from '../address/index.ts';
import type { Source } from '../base/index.ts';
import type { Endpoint, Model } from '../model/index.ts';
import { nextMac } from './link-address.ts';
import { nameTaken, unknown } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

export interface RackHsm {
  readonly name: string;
  readonly model: string;
  readonly fips: number | null;
  readonly zone: string;
  readonly power: readonly string[] | null;
  readonly host: string | null;
  readonly address: Ip;
  readonly port: number;
  readonly endpoint: Endpoint;
  readonly from: Source | null;
}

function isTaken(model: Model, name: string): boolean {
  const { hsms, servers } = model;
  return (
    hsms[name] !== undefined ||
    servers[name] !== undefined ||
    Object.values(hsms).some(({ host }) => host === name)
  );
}

/** A security module goes into the rack (FIG. 2, 238), free to be given to a customer. */
export const rackHsm: Verb<RackHsm> = (draft, request) => {
  const taken = [request.name, request.host].find((name) => name !== null && isTaken(draft, name));
  if (taken !== undefined && taken !== null) return [nameTaken(taken)];
  if (request.host === request.name) return [nameTaken(request.name)];
  if (draft.zones[request.zone] === undefined) return [unknown('zone', request.zone)];
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
