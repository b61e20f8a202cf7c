import { ANY_PORT, formatPortRange, parsePortRange } from '../address/index.ts';
import { type Result, success } from '../base/index.ts';
import { fromAddress, type Misreading, misread } from './misreading.ts';
import type { Traffic } from './scenario.ts';
import { quoted, suggest } from './wording.ts';

const PROTOCOLS = ['any', 'tcp', 'udp', 'icmp'] as const;

/** `any`, `icmp`, `tcp`, `udp`, `tcp/1792`, `udp/1000-2000`. */
export function parseTraffic(text: string): Result<Traffic, Misreading> {
  const slash = text.indexOf('/');
  const word = slash < 0 ? text : text.slice(0, slash);
  const protocol = PROTOCOLS.find((known) => known === word);
  if (protocol === undefined) {
    const meant = trafficMeant(text.toLowerCase());
    const help = meant === null ? suggest(word, PROTOCOLS) : `did you mean ${quoted(meant)}?`;
    return misread('scenario/bad-traffic', `${quoted(word)} is not a protocol`, help);
  }
  if (slash < 0) return success({ protocol, ports: ANY_PORT });
  if (protocol === 'any' || protocol === 'icmp') {
    return misread('scenario/bad-traffic', `${quoted(text)} names a port, but only tcp and udp have ports`);
  }
  const ports = fromAddress(parsePortRange(text.slice(slash + 1)));
  return ports.ok ? success({ protocol, ports: ports.value }) : ports;
}

/** As {@link parseTraffic} reads it. */
export function formatTraffic(traffic: Traffic): string {
  const { first, last } = traffic.ports;
  const all = first === ANY_PORT.first && last === ANY_PORT.last;
  return all ? traffic.protocol : `${traffic.protocol}/${formatPortRange(traffic.ports)}`;
}

/** What services are called, and where they listen. */
const SERVICES: ReadonlyMap<string, string> = new Map([
  ['all', 'any'],
  ['dns', 'udp/53'],
  ['http', 'tcp/80'],
  ['https', 'tcp/443'],
  ['ntp', 'udp/123'],
  ['ping', 'icmp'],
  ['ssh', 'tcp/22'],
  ['syslog', 'udp/514'],
]);

/** Other ways to write a port: `443`, `tcp:443`, `443/tcp`, `https`; `null` where it is none of them. */
function trafficMeant(text: string): string | null {
  const service = SERVICES.get(text);
  if (service !== undefined) return service;
  const [, before, ports, behind] = /^(?:(tcp|udp)[: ]?)?(\d+(?:-\d+)?)(?:\/(tcp|udp))?$/.exec(text) ?? [];
  if (ports === undefined || !parsePortRange(ports).ok) return null;
  return `${before ?? behind ?? 'tcp'}/${ports}`;
}
