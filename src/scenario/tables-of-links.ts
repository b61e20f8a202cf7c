import { formatNanos, formatSource, type Nanos } from '../base/index.ts';
import { FABRIC, WRAPPING_COST } from '../model/index.ts';
import type { Program } from '../program/index.ts';
import { columns, type Table } from './table.ts';
import type { World } from './world.ts';

/** What a cable is like as the Program has it. */
interface Cable {
  readonly mtu: number;
  /** of its directions the shortest and the longest */
  readonly latency: readonly [Nanos, Nanos];
  /** what is broken; `null`: nothing */
  readonly broken: string | null;
}

/** Every cable, what it carries and how long that takes, and what the file says of cables that are not there. */
export function links({ engine, model }: World): Table {
  const cables = cablesOf(engine.program);
  const said = (id: string): string => {
    const from = settingsOf(model.links, id)?.from ?? null;
    return from === null ? '' : formatSource(from);
  };
  const rows = engine.program.links.flatMap(({ id, name, ends }) => {
    const cable = cables.get(name);
    if (cable === undefined) return [];
    const { mtu, latency, broken } = cable;
    const inside = ends.includes(FABRIC) ? `${mtu - WRAPPING_COST[model.underlay]}` : '';
    return [[name, `${mtu}`, inside, latencyText(latency), broken ?? 'works', said(id)]];
  });
  const there = new Set(engine.program.links.map(({ id }) => id));
  const idle = Object.values(model.links)
    .filter(({ id }) => !there.has(id) && !there.has(turned(id)))
    .map(({ id, name, mtu }) => [
      name,
      mtu === null ? '' : `${mtu}`,
      '',
      '',
      'there is no such link now',
      said(id),
    ]);
  return {
    title: `links at ${formatNanos(engine.now)}`,
    columns: columns('link', 'MTU', 'wrapped', 'one way', 'state', 'said at'),
    rows: [...rows, ...idle],
  };
}

/** The settings of a link, whichever end comes first in them. */
function settingsOf(links: World['model']['links'], id: string) {
  return links[id] ?? links[turned(id)];
}

function turned(id: string): string {
  const [one = '', other = ''] = id.split('--');
  return `${other}--${one}`;
}

function cablesOf({ stages }: Program): ReadonlyMap<string, Cable> {
  const found = new Map<string, Cable>();
  for (const stage of stages) {
    if (stage.kind !== 'transmit') continue;
    const { link, mtu, latency, broken } = stage;
    const [least, most] = found.get(link)?.latency ?? [latency, latency];
    found.set(link, {
      mtu,
      latency: [Math.min(least, latency) as Nanos, Math.max(most, latency) as Nanos],
      broken: found.get(link)?.broken ?? broken,
    });
  }
  return found;
}

function latencyText([least, most]: Cable['latency']): string {
  return least === most ? formatNanos(least) : `${formatNanos(least)} to ${formatNanos(most)}`;
}
