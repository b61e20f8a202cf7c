import { failure, type Nanos, type Result, success } from '../base/index.ts';
import type { Program } from '../program/index.ts';
import { call, moveInstance, type Refusal, requestHsm } from '../provider/index.ts';
import { complaintAbout } from './build.ts';
import { careChange, report } from './care-changes.ts';
import { unableToAsk } from './client-software.ts';
import { type Conversation, converse } from './conversation.ts';
import type { Diagnostic } from './diagnostics.ts';
import { guardChange } from './guard-changes.ts';
import { markUnopened, type UnopenedMark } from './judge-unopened.ts';
import type { LoadReport } from './load-report.ts';
import { networkChange } from './network-changes.ts';
import { type Handled, handle } from './panel.ts';
import { changeHealth } from './perform-health.ts';
import { performLoad } from './perform-load.ts';
import { lookAround, pass } from './repair.ts';
import { startInStep } from './replication.ts';
import type { RequestHsm, Step } from './scenario.ts';
import { note, refresh, type World } from './world.ts';

/** What a step did: nothing for most verbs, conversations for a `send`. */
export interface Performed {
  readonly step: Step;
  readonly index: number;
  readonly at: Nanos;
  /** what the devices did at this step */
  readonly program: Program;
  readonly conversations: readonly Conversation[];
  /** what somebody's hands did to a module; `null`: nothing */
  readonly handled: Handled | null;
  /** number of the first journey that began at this step */
  readonly firstJourney: number;
  /** how many notices of management there were before it */
  readonly noticesBefore: number;
  /** what machines had left unopened before it */
  readonly unopenedBefore: UnopenedMark;
  /** what a load came to */
  readonly load: LoadReport | null;
  /** why what was asked for could not be done, or not by all */
  readonly troubles: readonly string[];
}

const NOTHING: UnopenedMark = new Map();

/** Where nobody asks, nobody counts. */
function unopenedAt({ machines }: World, { expect }: Step): UnopenedMark {
  return expect === null || expect.unopened === null ? NOTHING : markUnopened(machines);
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
  const noticesBefore = world.watch?.notices.length ?? 0;
  const unopenedBefore = unopenedAt(world, step);
  if (step.at !== null && step.at > engine.now) pass(world, step.at);
  const at = engine.now;
  const firstJourney = world.trace.count;
  const done = (
    conversations: readonly Conversation[] = [],
    load: LoadReport | null = null,
    troubles: readonly string[] = [],
    handled: Handled | null = null,
  ): Result<Performed, never> =>
    success({
      step,
      index,
      at,
      program: engine.program,
      conversations,
      handled,
      firstJourney,
      noticesBefore,
      unopenedBefore,
      load,
      troubles,
    });
  switch (step.kind) {
    case 'request-hsm': {
      const change = call(world.model, step.kind, requestHsm, hsmRequest(step));
      if (!change.ok) return failure(refusedBy(world, step, change.fault));
      note(world, change.value);
      return done();
    }
    case 'set-acl':
    case 'set-firewall':
    case 'replace-nat': {
      const change = guardChange(world.model, step);
      if (!change.ok) return failure(refusedBy(world, step, change.fault));
      note(world, change.value);
      return done();
    }
    case 'add-log-target':
    case 'remove-log-target':
    case 'detach-vni':
    case 'attach-vni':
    case 'replace-hsm':
    case 'share-hsm':
    case 'unshare-hsm':
    case 'configure-client':
    case 'tamper':
    case 'terminate': {
      const change = careChange(world.model, step);
      if (!change.ok) return failure(refusedBy(world, step, change.fault));
      note(world, change.value);
      return done();
    }
    case 'log': {
      report(world, step);
      const told = done();
      lookAround(world);
      return told;
    }
    case 'panel':
      refresh(world);
      return done([], null, [], handle(world, step));
    case 'add-route':
    case 'remove-route':
    case 'attach-gateway':
    case 'detach-gateway':
    case 'peer':
    case 'accept-peering':
    case 'open-channel': {
      const change = networkChange(world.model, step, world.scenario.seed);
      if (!change.ok) return failure(refusedBy(world, step, change.fault));
      note(world, change.value);
      return done();
    }
    case 'fail':
    case 'heal':
    case 'impair': {
      const change = changeHealth(world, step);
      if (!change.ok) return change;
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
    case 'replicate': {
      refresh(world);
      return done([], null, startInStep(world, step).troubles);
    }
    case 'load': {
      refresh(world);
      const talk = { kind: 'pkcs11' } as const;
      const missing = step.from.flatMap((from) => unableToAsk(world, { from, talk })?.why ?? []);
      if (missing.length > 0) return done([], null, missing);
      const load = performLoad(world, step);
      return load.ok ? done([], load.value) : load;
    }
    case 'send': {
      refresh(world);
      const conversations = converse(world, step.packets);
      const sent = done(conversations);
      // what fell due while packets were on their way happens behind them
      lookAround(world);
      return sent;
    }
  }
}

function refusedBy(world: World, step: Step, refusals: readonly Refusal[]): readonly Diagnostic[] {
  return refusals.map((refusal) => complaintAbout(world.scenario, [...step.where, step.kind], refusal));
}

function hsmRequest(step: RequestHsm): Parameters<typeof requestHsm>[1] {
  const { customer, subnet, address, hsm, model, fips, service, attachment, firewall, names } = step;
  return {
    customer,
    subnet,
    address,
    hsm,
    model,
    fips,
    alias: step.alias,
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
