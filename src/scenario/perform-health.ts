import { failure, type Result, success } from '../base/index.ts';
import { channelId, powerFailure, zoneFailure } from '../model/index.ts';
import {
  type Change,
  call,
  failPart,
  healPart,
  impairPart,
  type Part,
  type Refusal,
} from '../provider/index.ts';
import { complaintAbout } from './build.ts';
import type { Diagnostic } from './diagnostics.ts';
import { linksThere } from './links-there.ts';
import type { Fail, Heal, Impair } from './scenario.ts';
import { refresh, type World } from './world.ts';

/** Lets something fail, misbehave or heal. */
export function changeHealth(
  world: World,
  step: Fail | Heal | Impair,
): Result<Change, readonly Diagnostic[]> {
  const found = partOf(world, step);
  if (!found.ok) return found;
  const change = asked(world, step, found.value);
  if (change.ok) return change;
  return failure(
    change.fault.map((refusal) => complaintAbout(world.scenario, [...step.where, step.kind], refusal)),
  );
}

function asked(
  world: World,
  step: Fail | Heal | Impair,
  part: Omit<Part, 'from'>,
): Result<Change, readonly Refusal[]> {
  const { model, scenario } = world;
  const { kind, id, name } = part;
  switch (step.kind) {
    case 'fail':
      return call(model, 'fail', failPart, { ...part, from: step.source });
    case 'heal':
      return call(model, 'heal', healPart, part);
    case 'impair': {
      const { direction, misfortune, source: from, what } = step;
      const { seed } = scenario;
      const words = wordsOf(kind, name, direction);
      const request = { kind: what.kind, part: kind === 'zone' ? name : id, name: words, direction };
      return call(model, 'impair', impairPart, { ...request, misfortune, seed, from });
    }
  }
}

/** `link tor--hsm-326 to hsm-326`, `zone-316 inwards`. */
function wordsOf(kind: Part['kind'], name: string, direction: Impair['direction']): string {
  if (direction.kind === 'both') return kind === 'link' ? `link ${name}` : name;
  if (kind !== 'link') return `${name} ${direction.kind === 'into' ? 'inwards' : 'outwards'}`;
  const end = direction.end.slice(direction.end.lastIndexOf('/') + 1);
  return `link ${name} ${direction.kind === 'into' ? 'to' : 'from'} ${end}`;
}

/** What is to break or to heal: a link that there is, a device at the end of one, a zone, or a feed of power. */
function partOf(world: World, step: Fail | Heal | Impair): Result<Omit<Part, 'from'>, readonly Diagnostic[]> {
  const { links, devices } = refresh(world);
  const { what, kind, where } = step;
  const nothingThere = (
    message: string,
    near: readonly string[],
    written = '',
  ): Result<never, readonly Diagnostic[]> => {
    const joined = links.filter(({ ends }) => ends.some((end) => near.includes(end))).map(({ name }) => name);
    const help = linksThere(written, joined);
    return failure([
      world.scenario.diagnose('scenario/unknown-link', [...where, kind, what.kind], { message, help }),
    ]);
  };
  if (what.kind === 'zone' || what.kind === 'power') {
    const id = what.kind === 'zone' ? zoneFailure(what.name) : powerFailure(what.name);
    return success({ kind: what.kind, id, name: what.name });
  }
  if (what.kind === 'channel') {
    return success({ kind: 'channel', id: channelId(what.customer), name: what.customer });
  }
  if (what.kind === 'device') {
    const { id } = what.device;
    const name = devices.find((device) => device.id === id)?.name ?? id;
    if (links.some(({ ends }) => ends.includes(id))) return success({ kind: 'device', id, name });
    return nothingThere(`no link ends at ${name}, so nothing would break with it`, []);
  }
  const ends = what.ends.map(({ id }) => id);
  const link = links.find((candidate) => ends.every((end) => candidate.ends.includes(end)));
  if (link !== undefined) return success({ kind: 'link', id: link.id, name: link.name });
  const written = what.ends.map(({ name }) => name).join('--');
  return nothingThere(`no link joins ${ends.join(' and ')}`, ends, written);
}
