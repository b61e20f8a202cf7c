import { type BridgePort, type Kind, NOWHERE, type PlaceId, type Stage } from '../program/index.ts';
import type { Context, Contexts } from './contexts.ts';
import { ANY } from './set-node.ts';

/** Where a context goes from a stage, apart from the next stage of its place. */
export interface Crossing {
  readonly contexts: Contexts;
  to(place: PlaceId, context: Context): void;
  /** Whether it is worth to go through `size` ways that several places may share: not if this context has gone them. */
  once(shared: object, size: number, context: Context): boolean;
  /** index into `Program.hosts` */
  arrive(host: number): void;
}

/**
 * What each kind of stage does to a context: everything that its set transfer could do to some set, whatever the header is.
 * The contexts that go on to the next stage of the place are the result.
 */
export type Crossings = {
  readonly [K in Kind]: (stage: Stage<K>, from: Context, crossing: Crossing) => readonly Context[];
};

const NONE: readonly Context[] = [];

/** no 802.1Q identifier */
const NO_VLAN = -1;

export const CROSSINGS: Crossings = {
  guard: (_stage, from, { contexts }) => untagged(from, contexts),
  filter: pass,
  acl: pass,
  locate,
  wrap: (stage, from, { contexts }) => {
    const { vlan, target } = stage.link;
    const inner = { by: 'vxlan', number: stage.segment, around: from } as const;
    return [contexts.of(vlan === null ? null : vlan.id, target, inner)];
  },
  unwrap,
  accept: pass,
  gather: pass,
  translate: pass,
  'one-to-one': pass,
  global: pass,
  route(stage, from, { to, once }) {
    if (once(stage.table, stage.table.entries.length, from)) {
      for (const { value } of stage.table.entries) if (value.to !== NOWHERE) to(value.to, from);
    }
    return NONE;
  },
  fit: pass,
  neighbour: (stage, from, { contexts }) => [
    contexts.of(stage.vlan === null ? null : stage.vlan.id, ANY, from.inner),
  ],
  channel(stage, from, { to }) {
    if (stage.up) to(stage.to, from);
    return NONE;
  },
  seal(stage, from, { contexts, to }) {
    to(stage.to, contexts.of(null, ANY, { by: stage.mechanism, number: stage.number, around: from }));
    return NONE;
  },
  open(stage, { inner }, { contexts }) {
    if (inner === null || inner.by !== stage.mechanism || !stage.associations.has(inner.number)) return NONE;
    return [contexts.of(null, ANY, inner.around.inner)];
  },
  vlan(stage, from, { contexts, to }) {
    const tags = from.vlan === ANY ? [...stage.subinterfaces.keys()] : [from.vlan ?? NO_VLAN];
    for (const id of tags) {
      const subinterface = stage.subinterfaces.get(id);
      if (subinterface !== undefined) to(subinterface.to, contexts.tagged(from, id));
    }
    return NONE;
  },
  switch: forward,
  tag(stage, from, { contexts }) {
    const { mode } = stage;
    if (mode.kind === 'unaware') return [from];
    if (mode.kind === 'trunk') return carried(mode.vlans, from, contexts);
    return mayBe(from, mode.vlan) ? [contexts.tagged(from, null)] : NONE;
  },
  impair(stage, from, { to }) {
    to(stage.to, from);
    return NONE;
  },
  transmit(stage, from, { to }) {
    if (stage.up) to(stage.to, from);
    return NONE;
  },
  answer: () => NONE,
  deliver(stage, _from, { arrive }) {
    arrive(stage.host);
    return NONE;
  },
};

/** @returns the contexts that go on to the next stage of the place */
export function cross<K extends Kind>(
  stage: Stage<K>,
  from: Context,
  crossing: Crossing,
  crossings: Crossings = CROSSINGS,
): readonly Context[] {
  return crossings[stage.kind](stage, from, crossing);
}

function pass(_stage: Stage, from: Context): readonly Context[] {
  return [from];
}

function untagged(from: Context, contexts: Contexts): readonly Context[] {
  return mayBe(from, null) ? [contexts.tagged(from, null)] : NONE;
}

function mayBe({ vlan }: Context, tag: number | null): boolean {
  return vlan === ANY || vlan === tag;
}

function carried(vlans: ReadonlySet<number>, from: Context, contexts: Contexts): readonly Context[] {
  if (from.vlan !== ANY) return from.vlan !== null && vlans.has(from.vlan) ? [from] : NONE;
  return [...vlans].map((id) => contexts.tagged(from, id));
}

/** To every interface that a frame could be for: by its link address, or by a route. */
function locate(stage: Stage<'locate'>, from: Context, crossing: Crossing): readonly Context[] {
  const { contexts, once, to } = crossing;
  const unknown = contexts.towards(from, ANY);
  const everyOne = (mappings: Stage<'locate'>['mappings'] | Stage<'locate'>['neighbours']): void => {
    if (!once(mappings, mappings.size, unknown)) return;
    for (const mapping of mappings.values()) to(mapping.to, unknown);
  };
  if (stage.bridged) everyOne(stage.neighbours);
  everyOne(stage.mappings);
  if (!once(stage.routes, stage.routes.entries.length, unknown)) return NONE;
  for (const { value } of stage.routes.entries) {
    if (value.kind === 'interface') to(value.target.to, unknown);
    else if (value.kind === 'peering') everyOne(value.mappings);
  }
  return NONE;
}

/** A wrapper that no stage has made is a machine's, and may hold any frame of any segment. */
function unwrap(stage: Stage<'unwrap'>, from: Context, crossing: Crossing): readonly Context[] {
  const { contexts, once, to } = crossing;
  const { inner } = from;
  if (inner !== null && inner.by !== 'vxlan') return NONE;
  const opened = inner === null ? contexts.sent : inner.around;
  const segments = inner === null ? [...stage.segments.values()] : [stage.segments.get(inner.number)];
  for (const segment of segments) {
    if (segment === undefined || !once(segment, segment.ports.size, opened)) continue;
    for (const port of segment.ports.values()) to(port.to, contexts.towards(opened, ANY));
  }
  return NONE;
}

/** To every other port that carries the VLAN; a bridge whose stations are programmed knows the one port. */
function forward(stage: Stage<'switch'>, from: Context, { contexts, to }: Crossing): readonly Context[] {
  const { fixed, mode, port } = stage;
  if (fixed !== null) {
    leave(from.target === ANY ? [...fixed.values()] : [fixed.get(from.target)], from);
    return NONE;
  }
  for (const frames of admitted(mode, from, contexts)) {
    const members = stage.members.get(mode.kind === 'unaware' ? 0 : (frames.vlan ?? 0)) ?? [];
    if (members.some(({ name }) => name === port)) leave(members, frames);
  }
  return NONE;

  function leave(ports: readonly (BridgePort | undefined)[], frames: Context): void {
    for (const egress of ports) if (egress !== undefined && egress.name !== port) to(egress.to, frames);
  }
}

function admitted(mode: Stage<'switch'>['mode'], from: Context, contexts: Contexts): readonly Context[] {
  if (mode.kind === 'unaware') return [from];
  if (mode.kind === 'trunk') return carried(mode.vlans, from, contexts);
  return untagged(from, contexts).map((frames) => contexts.tagged(frames, mode.vlan));
}
