import type { Source } from '../base/index.ts';
import { tunnelAddress } from '../model/index.ts';
import { nextMac } from './link-address.ts';
import { nameTaken, unknown } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

export interface StartServer {
  readonly name: string;
  readonly zone: string;
  readonly power: readonly string[] | null;
  readonly from: Source | null;
}

/** A server of the substrate (FIG. 2, 204) that can host virtual machines. */
export const startServer: Verb<StartServer> = (draft, request) => {
  if (draft.servers[request.name] !== undefined) return [nameTaken(request.name)];
  if (draft.zones[request.zone] === undefined) return [unknown('zone', request.zone)];
  const tunnel = tunnelAddress(draft.underlay, 'server', draft.counters.server);
  draft.counters.server += 1;
  draft.servers[request.name] = {
    name: request.name,
    zone: request.zone,
    power: request.power === null ? null : [...request.power],
    tunnel,
    mac: nextMac(draft),
    guests: 0,
    from: request.from,
  };
  return DONE;
};
