import { present } from '../base/index.ts';
import type { Impairment, Records } from '../model/index.ts';
import type { Device, LinkEnds, Place, PlaceId, Program } from './program.ts';
import type { Impair, Stage } from './stages.ts';

/** One direction of a link. */
interface Course {
  readonly link: LinkEnds;
  readonly near: Device;
  readonly far: Device;
}

/**
 * The same Program with misfortune where there is some: in front of an impaired wire stands a stage for each
 * impairment that its course meets, and the wire itself becomes a place of its own. Where nothing is impaired, nothing
 * changes, so that frames pay nothing. A link that is down needs no further misfortune.
 */
export function impaired(program: Program, impairments: Records<Impairment>): Program {
  const all = Object.values(impairments);
  if (all.length === 0) return program;
  const stages: Stage[] = [...program.stages];
  const places: Place[] = [...program.places];
  const counters = new Map<string, number>();

  const place = (name: string, device: number, last: readonly Stage[]): PlaceId => {
    const id = places.length as PlaceId;
    places.push({ id, name, device, stages: last });
    return id;
  };
  const impair = (impairment: Impairment, course: Course, to: PlaceId): Stage<'impair'> => {
    const stream = `${impairment.id} on ${course.link.id} to ${course.far.id}`;
    const counter = counters.get(stream) ?? counters.size;
    counters.set(stream, counter);
    const { name, misfortune, seed, from: source } = impairment;
    const fields: Impair = { name, misfortune, counter, seed, stream, to };
    const stage: Stage<'impair'> = {
      kind: 'impair',
      id: stages.length,
      from: { record: `impairment of ${name}`, source },
      ...fields,
    };
    stages.push(stage);
    return stage;
  };

  for (const { id, name, device, stages: own } of program.places) {
    const wire = own.at(-1);
    if (wire?.kind !== 'transmit' || !wire.up) continue;
    const course = courseOf(program, wire);
    const met = all.filter((impairment) => meets(impairment, course));
    if (met.length === 0) continue;
    let end: Stage = wire;
    for (const [index, impairment] of met.entries()) {
      end = impair(impairment, course, place(`${name}:impaired-${index + 1}`, device, [end]));
    }
    places[id] = { id, name, device, stages: [...own.slice(0, -1), end] };
  }
  return { ...program, stages, places, impairments: [...counters.keys()] };
}

function courseOf(program: Program, { out, into }: Stage<'transmit'>): Course {
  const end = (index: number): Device =>
    present(program.devices[program.interfaces[index]?.device ?? -1], 'a link joins devices');
  const [near, far] = [end(out), end(into)];
  const link = program.links.find(({ ends }) => ends.includes(near.id) && ends.includes(far.id));
  return { link: present(link, 'a wire belongs to a link'), near, far };
}

/** Whether frames that take this course meet the misfortune. */
function meets({ kind, part, direction }: Impairment, { link, near, far }: Course): boolean {
  const is = (device: Device, end: string): boolean =>
    kind === 'zone' ? device.zone === end : device.id === end;
  if (!(kind === 'link' ? link.id === part : is(near, part) || is(far, part))) return false;
  switch (direction.kind) {
    case 'both':
      return true;
    case 'into':
      return is(far, direction.end);
    case 'out-of':
      return is(near, direction.end);
  }
}
