import { ipv4 } from '../address/index.ts';
import type { Source } from '../base/index.ts';
import { nextMac } from './link-address.ts';
import { nameTaken, unknown } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

export interface StartServer {
  readonly name: string;
  readonly zone: string;
  readonly power: readonly string[] | null;
  readonly from: Source | null;
}

/** The substrate's tunnel ends live in 100.64.0.0/16 (RFC 6598): provider addresses that no customer sees. */
const FIRST_TUNNEL = 0x64400011;

/** A server of the substrate (FIG. 2, 204) that can host virtual machines. */
export const startServer: Verb<StartServer> = (draft, request) => {
  if (draft.servers[request.name] !== undefined) return [nameTaken(request.name)];
  if (draft.zones[request.zone] === undefined) return [unknown('zone', request.zone)];
  const tunnel = ipv4(FIRST_TUNNEL + draft.counters.server);
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
