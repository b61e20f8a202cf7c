import { type Model, zoneFailure } from '../model/index.ts';
import { compile, type Program, type Role } from '../program/index.ts';
import { call, isCutOff, takeOver } from '../provider/index.ts';
import type { Failing } from './claims.ts';
import { claimedProgram, type World } from './world.ts';

/** What claims are about: a network with nothing broken, and the same with one thing broken. */
export interface Ground {
  readonly program: Program;
  /** every failure of this kind, one at a time */
  outages(kind: Failing): readonly Outage[];
  /** the network of another scenario, with nothing broken; `null`: nobody can look it up */
  other(file: string): Program | null;
  /** what is taken for granted of a network in which something is broken */
  readonly recovers: readonly string[];
}

export interface Outage {
  /** in words: `zone-518-1` */
  readonly name: string;
  /** the network in it, standbys in the place of balancers that it takes away */
  program(): Program;
}

/** Performs another scenario that a claim names, by its file as it is seen from the one that claims. */
export type OpenOther = (file: string) => World | null;

/** Which devices are meant; `null`: all. A machine is what customers and the provider run on servers. */
const ROLES: { readonly [K in 'device' | 'server' | 'machine']: readonly Role[] | null } = {
  device: null,
  server: ['server'],
  machine: ['instance', 'load-balancer', 'nat-instance'],
};

/** The network of a scenario as it is now. */
export function groundOf(world: World, openOther: OpenOther = () => null): Ground {
  const program = claimedProgram(world);
  const model: Model = { ...world.model, failures: {}, impairments: {} };
  const outage = (kind: 'zone' | 'link' | 'device', id: string, name: string): Outage => ({
    name,
    program: () => compile(takenOver({ ...model, failures: { [id]: { kind, id, name, from: null } } })),
  });
  return {
    program,
    other(file) {
      const found = openOther(file);
      return found === null ? null : claimedProgram(found);
    },
    recovers: recoveryOf(model),
    outages(kind) {
      switch (kind) {
        case 'zone':
          return Object.keys(model.zones).map((zone) => outage(kind, zoneFailure(zone), zone));
        case 'link':
          return program.links.map(({ id, name }) => outage(kind, id, name));
        case 'device':
        case 'server':
        case 'machine': {
          const roles = ROLES[kind];
          const ends = new Set(program.links.flatMap(({ ends: both }) => both));
          return program.devices.flatMap(({ id, name, role }) =>
            ends.has(id) && (roles === null || roles.includes(role)) ? [outage('device', id, name)] : [],
          );
        }
      }
    },
  };
}

function recoveryOf({ loadBalancers, instances }: Model): readonly string[] {
  return Object.values(loadBalancers).flatMap(({ instance, standby }) => {
    const [first, second] = [instances[instance]?.name, instances[standby ?? '']?.name];
    return first === undefined || second === undefined
      ? []
      : [`${second} has taken over from ${first} where that fails`];
  });
}

/** The network once every standby whose balancer has failed stands in its place. */
function takenOver(model: Model): Model {
  return Object.keys(model.loadBalancers).reduce((now, balancer) => {
    const instance = now.instances[balancer];
    if (instance === undefined || !isCutOff(now, instance)) return now;
    const change = call(now, 'take-over', takeOver, { balancer });
    return change.ok ? change.value.model : now;
  }, model);
}

/** A network in which nothing breaks: for claims about a Program alone. */
export function groundOfProgram(program: Program): Ground {
  return { program, outages: () => [], other: () => null, recovers: [] };
}
