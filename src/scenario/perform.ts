import { failure, type Nanos, type Result, success } from '../base/index.ts';
import type { Program } from '../program/index.ts';
import { call, failPart, healPart, type Part, requestHsm } from '../provider/index.ts';
import { complaintAbout } from './build.ts';
import { type Conversation, converse } from './conversation.ts';
import type { Diagnostic } from './diagnostics.ts';
import type { Breakable, Fail, Heal, RequestHsm, Step } from './scenario.ts';
import { adopt, type World } from './world.ts';

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
  const { engine } = world;
  if (step.at !== null && step.at > engine.now) engine.run(step.at);
  const at = engine.now;
  const firstJourney = world.trace.count;
  const done = (conversations: readonly Conversation[] = []): Result<Performed, never> =>
    success({ step, index, at, program: engine.program, conversations, firstJourney });
  switch (step.kind) {
    case 'request-hsm': {
      const change = call(world.model, 'request-hsm', requestHsm, hsmRequest(step));
      if (!change.ok)
        return failure(
          change.fault.map((refusal) => complaintAbout(world.scenario, [...step.where, step.kind], refusal)),
        );
      adopt(world, change.value);
      return done();
    }
    case 'fail':
    case 'heal': {
      const verb = step.kind === 'fail' ? failPart : healPart;
      const change = call(world.model, step.kind, verb, partOf(world, step));
      if (!change.ok)
        return failure(
          change.fault.map((refusal) => complaintAbout(world.scenario, [...step.where, step.kind], refusal)),
        );
      adopt(world, change.value);
      return done();
    }
    case 'wait':
      engine.run((engine.now + step.duration) as Nanos);
      return done();
    case 'send':
      return done(converse(world, step.packets));
  }
}

function hsmRequest(step: RequestHsm): Parameters<typeof requestHsm>[1] {
  const { customer, subnet, address, hsm, model, service, attachment, sourceRewrite, firewall, names } = step;
  return {
    customer,
    subnet,
    address,
    hsm,
    model,
    service: { block: service?.cidr ?? null, address: service?.address ?? null },
    attachment,
    sourceRewrite,
    firewall: firewall.map(({ allow, from, source }) => ({
      protocol: allow.protocol,
      peer: from,
      ports: allow.ports,
      from: source,
    })),
    names,
    from: step.source,
  };
}

/** The broken part under the name that the Program has for it. */
function partOf(world: World, step: Fail | Heal): Part {
  const { what } = step;
  return { kind: what.kind, name: partName(world, what), from: step.source };
}

function partName(world: World, what: Breakable): string {
  const { devices, links } = world.engine.program;
  const display = (id: string) => devices.find((device) => device.id === id)?.name ?? id;
  if (what.kind === 'device') return display(what.device.id);
  const [one, other] = what.ends.map((end) => display(end.id));
  const names = [`${one}--${other}`, `${other}--${one}`];
  return names.find((name) => links.includes(name)) ?? names[0] ?? '';
}
