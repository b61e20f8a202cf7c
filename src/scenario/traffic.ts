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
    return misread('scenario/bad-traffic', `${quoted(word)} is not a protocol`, suggest(word, PROTOCOLS));
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
