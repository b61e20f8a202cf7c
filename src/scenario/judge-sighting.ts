import type { Journey } from '../dataplane/index.ts';
import type { Program } from '../program/index.ts';
import type { Finding } from './finding.ts';
import type { Sighting } from './scenario.ts';
import { fits, isAt, packetText, sightings, sightingText } from './sighting.ts';

/** A packet that must be seen somewhere. */
export function judgeSeen(program: Program, sighting: Sighting, journeys: readonly Journey[]): Finding {
  const others = new Set<string>();
  for (const { device, packet, quoted } of sightings(program, journeys)) {
    if (quoted || !isAt(sighting.at, device)) continue;
    if (fits(sighting, packet)) {
      return {
        name: `seen: ${sightingText(program, sighting)}`,
        passed: true,
        message: packetText(packet),
        line: sighting.source.line,
      };
    }
    others.add(packetText(packet));
  }
  const got = others.size === 0 ? 'no packet there at all' : [...others].slice(0, 4).join('; ');
  return {
    name: `seen: ${sightingText(program, sighting)}`,
    passed: false,
    message: `got: ${got}`,
    line: sighting.source.line,
  };
}

/** A packet that must not be: not even quoted in an ICMP error. */
export function judgeUnseen(program: Program, sighting: Sighting, journeys: readonly Journey[]): Finding {
  let looked = 0;
  for (const { device, packet } of sightings(program, journeys)) {
    if (!isAt(sighting.at, device)) continue;
    looked += 1;
    if (fits(sighting, packet)) {
      const message = `got: ${packetText(packet)} at ${device.name}`;
      return {
        name: `not seen: ${sightingText(program, sighting)}`,
        passed: false,
        message,
        line: sighting.source.line,
      };
    }
  }
  const message = looked === 0 ? 'no packet was there at all' : `in none of ${looked} sightings there`;
  return {
    name: `not seen: ${sightingText(program, sighting)}`,
    passed: true,
    message,
    line: sighting.source.line,
  };
}
