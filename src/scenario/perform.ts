import { failure, type Nanos, type Result, success } from '../base/index.ts';
import { powerFailure, zoneFailure } from '../model/index.ts';
import type { Program } from '../program/index.ts';
import {
  call,
  failPart,
  healPart,
  moveInstance,
  type Part,
  type Refusal,
  requestHsm,
} from '../provider/index.ts';
import { complaintAbout } from './build.ts';
import { type Conversation, converse } from './conversation.ts';
import type { Diagnostic } from './diagnostics.ts';
import { networkChange } from './network-changes.ts';
import type { Fail, Heal, RequestHsm, Step } from './scenario.ts';
import { note, refresh, type World } from './world.ts';

/** What a step did: nothing for most verbs, conversations for a `send`. */
export interface Performed {
  readonly step: Step;
  readonly index: number;
  readonly at: Nanos;
  /** what the devices did at this step */
  readonly program: Program;
  readonly conversations: readonly Conversation[];
  /** number of the first journey that began at this step */
  readonly firstJourney: number;
}

/** Performs one step at its time. A refusal of the provider is a complaint about the step. */
export function performStep(
  world: World,
  step: Step,
  index: number,
): Result<Performed, readonly Diagnostic[]> {
  const performed = performNoting(world, step, index);
  refresh(world);
  return performed;
}

/** The same, for whoever performs many: what the provider changes is compiled when something is sent, or by `refresh`. */
export function performNoting(
  world: World,
  step: Step,
  index: number,
): Result<Performed, readonly Diagnostic[]> {
  const { engine } = world;
  if (step.at !== null && step.at > engine.now) pass(world, step.at);
  const at = engine.now;
  const firstJourney = world.trace.count;
  const done = (conversations: readonly Conversation[] = []): Result<Performed, never> =>
    success({ step, index, at, program: engine.program, conversations, firstJourney });
  switch (step.kind) {
    case 'request-hsm': {
      const change = call(world.model, step.kind, requestHsm, hsmRequest(step));
      if (!change.ok) return failure(refusedBy(world, step, change.fault));
      note(world, change.value);
      return done();
    }
    case 'add-route':
    case 'remove-route':
    case 'attach-gateway':
    case 'detach-gateway':
    case 'peer':
    case 'accept-peering': {
      const change = networkChange(world.model, step);
      if (!change.ok) return failure(refusedBy(world, step, change.fault));
      note(world, change.value);
      return done();
    }
    case 'fail':
    case 'heal': {
      const part = partOf(world, step);
      if (!part.ok) return part;
      const change = call(world.model, step.kind, step.kind === 'fail' ? failPart : healPart, part.value);
      if (!change.ok) return failure(refusedBy(world, step, change.fault));
      note(world, change.value);
      return done();
    }
    case 'move': {
      const move = { instance: step.instance.id, server: step.server.id };
      const change = call(world.model, step.kind, moveInstance, move);
      if (!change.ok) return failure(refusedBy(world, step, change.fault));
      note(world, change.value);
      return done();
    }
    case 'wait':
      pass(world, (engine.now + step.duration) as Nanos);
      return done();
    case 'send':
      refresh(world);
      return done(converse(world, step.packets));
  }
}

/** Time passes in the network as it is now: what machines do by themselves meets what has changed. */
function pass(world: World, until: Nanos): void {
  refresh(world);
  world.engine.run(until);
}

function refusedBy(world: World, step: Step, refusals: readonly Refusal[]): readonly Diagnostic[] {
  return refusals.map((refusal) => complaintAbout(world.scenario, [...step.where, step.kind], refusal));
}

function hsmRequest(step: RequestHsm): Parameters<typeof requestHsm>[1] {
  const { customer, subnet, address, hsm, model, service, attachment, firewall, names } = step;
  return {
    customer,
    subnet,
    address,
    hsm,
    model,
    service: { block: service?.cidr ?? null, address: service?.address ?? null },
    attachment,
    sourceRewrite: step.sourceRewrite,
    translation: step.translation,
    hairpin: step.hairpin,
    firewall:
      firewall?.map(({ allow, from, source }) => ({
        protocol: allow.protocol,
        peer: from,
        ports: allow.ports,
        from: source,
      })) ?? null,
    names,
    from: step.source,
  };
}

/** What is to break or to heal: a zone, a feed, a link that there is, or a device at the end of one. */
function partOf(world: World, step: Fail | Heal): Result<Part, readonly Diagnostic[]> {
  const { links, devices } = refresh(world);
  const { what, kind, where, source } = step;
  if (what.kind === 'zone' || what.kind === 'power') {
    const id = what.kind === 'zone' ? zoneFailure(what.name) : powerFailure(what.name);
    return success({ kind: what.kind, id, name: what.name, from: source });
  }
  const nothingThere = (message: string, near: readonly string[]): Result<never, readonly Diagnostic[]> => {
    const joined = links.filter(({ ends }) => ends.some((end) => near.includes(end))).map(({ name }) => name);
    const help = joined.length === 0 ? null : `links there: ${joined.slice(0, 6).join(', ')}`;
    return failure([
      world.scenario.diagnose('scenario/unknown-link', [...where, kind, what.kind], { message, help }),
    ]);
  };
  if (what.kind === 'device') {
    const { id } = what.device;
    const name = devices.find((device) => device.id === id)?.name ?? id;
    if (links.some(({ ends }) => ends.includes(id)))
      return success({ kind: 'device', id, name, from: source });
    return nothingThere(`no link ends at ${name}, so nothing would break with it`, []);
  }
  const ends = what.ends.map(({ id }) => id);
  const link = links.find((candidate) => ends.every((end) => candidate.ends.includes(end)));
  if (link !== undefined) return success({ kind: 'link', id: link.id, name: link.name, from: source });
  return nothingThere(`no link joins ${ends.join(' and ')}`, ends);
}
