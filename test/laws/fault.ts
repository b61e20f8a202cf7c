import { type ConnectionView, STEPS, type Steps, type View } from '../../src/dataplane/index.ts';
import { type Outcome, outcome } from '../../src/dataplane/outcome.ts';
import type { Frame, Ipv4Packet } from '../../src/packet/index.ts';
import { NOWHERE } from '../../src/program/index.ts';
import type { Law } from './law.ts';

/** Something that somebody could have got wrong, and the laws that must not let it pass. */
export interface Fault {
  readonly name: string;
  /** the steps with the fault in them, made anew for each trial */
  readonly steps: () => Steps;
  readonly caughtBy: readonly Law[];
}

export function withSteps(
  name: string,
  wrong: Partial<Steps> | (() => Partial<Steps>),
  ...caughtBy: Law[]
): Fault {
  const made = typeof wrong === 'function' ? wrong : () => wrong;
  return { name, steps: () => ({ ...STEPS, ...made() }), caughtBy };
}

export function ipv4Of(frame: Frame): Ipv4Packet | null {
  return frame.body.kind === 'ipv4' ? frame.body : null;
}

/** The frame as the outcome lets it go on, changed. */
export function changed(before: Outcome, change: (frame: Frame) => Frame): Outcome {
  return before.frame === null ? before : { ...before, frame: change(before.frame) };
}

export const LETS_PASS: Outcome = outcome('continue', null, NOWHERE, -1);

/** A view whose connection tables answer differently. */
export function seenAs(seen: View, change: (view: ConnectionView) => Partial<ConnectionView>): View {
  const connections = (table: number): ConnectionView => {
    const whole = seen.connections(table);
    const other = change(whole);
    return new Proxy(whole, {
      get(target, name) {
        const value: unknown = Reflect.get(name in other ? other : target, name);
        return typeof value === 'function' ? value.bind(name in other ? other : target) : value;
      },
    });
  };
  return {
    connections,
    cursor: (table) => seen.cursor(table),
    mayReport: (at, target) => seen.mayReport(at, target),
    now: seen.now,
    neighbour: (table, address) => seen.neighbour(table, address),
    awaited: (table, address) => seen.awaited(table, address),
    crossings: (counter) => seen.crossings(counter),
    station: (bridge, vlan, mac) => seen.station(bridge, vlan, mac),
    gathering: (table, datagram) => seen.gathering(table, datagram),
    gatherings: (table) => seen.gatherings(table),
    association: (association) => seen.association(association),
  };
}
