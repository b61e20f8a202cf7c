import { type Model, zoneFailure } from '../model/index.ts';
import { compile, type Program } from '../program/index.ts';
import type { Failing } from './claims.ts';
import { claimedProgram, type World } from './world.ts';

/** What claims are about: a network with nothing broken, and the same with one thing broken. */
export interface Ground {
  readonly program: Program;
  /** every failure of this kind, one at a time */
  outages(kind: Failing): readonly Outage[];
  /** the network of another scenario, with nothing broken; `null`: nobody can look it up */
  other(file: string): Program | null;
}

export interface Outage {
  /** in words: `zone-518-1` */
  readonly name: string;
  /** the network in it */
  program(): Program;
}

/** Performs another scenario that a claim names, by its file as it is seen from the one that claims. */
export type OpenOther = (file: string) => World | null;

/** The network of a scenario as it is now. */
export function groundOf(world: World, openOther: OpenOther = () => null): Ground {
  const program = claimedProgram(world);
  const model: Model = { ...world.model, failures: {}, impairments: {} };
  const outage = (kind: Failing, id: string, name: string): Outage => ({
    name,
    program: () => compile({ ...model, failures: { [id]: { kind, id, name, from: null } } }),
  });
  return {
    program,
    other(file) {
      const found = openOther(file);
      return found === null ? null : claimedProgram(found);
    },
    outages(kind) {
      switch (kind) {
        case 'zone':
          return Object.keys(model.zones).map((zone) => outage(kind, zoneFailure(zone), zone));
        case 'link':
          return program.links.map(({ id, name }) => outage(kind, id, name));
        case 'device': {
          const ends = new Set(program.links.flatMap(({ ends: both }) => both));
          return program.devices.flatMap(({ id, name }) => (ends.has(id) ? [outage(kind, id, name)] : []));
        }
      }
    },
  };
}

/** A network in which nothing breaks: for claims about a Program alone. */
export function groundOfProgram(program: Program): Ground {
  return { program, outages: () => [], other: () => null };
}
