import { formatIp } from '../address/index.ts';
import { failure, formatNanos, type Nanos, nanos, type Result, success } from '../base/index.ts';
import { STEPS, type Steps } from '../dataplane/index.ts';
import type { Misfortune } from '../model/index.ts';
import { describe } from '../packet/index.ts';
import type { Program } from '../program/index.ts';
import { readAnswer } from './answer.ts';
import { careStepText } from './care-changes.ts';
import { decideClaims } from './claim-check.ts';
import type { Conversation } from './conversation.ts';
import type { Decided } from './decision.ts';
import type { Diagnostic } from './diagnostics.ts';
import { judge } from './expectation.ts';
import type { Finding } from './finding.ts';
import { groundOf, type OpenOther } from './ground.ts';
import { guardStepText } from './guard-changes.ts';
import { endOf } from './journey-end.ts';
import { sharesOf } from './judge-answered.ts';
import { judgeLoad } from './judge-load.ts';
import { judgeNoticed } from './judge-noticed.ts';
import { networkStepText } from './network-changes.ts';
import { partText } from './part-text.ts';
import { type Performed, performNoting } from './perform.ts';
import type { Check, RunReport, ScenarioReport, ServiceReport, StepReport } from './run-report.ts';
import type { Carry, Impair, Scenario, Step, Stimulus } from './scenario.ts';
import { custodyIn } from './tables-of-modules.ts';
import { createWorld, refresh, type World } from './world.ts';

/** A scenario after its last step, and what is to be said about it. */
export interface Ran {
  readonly world: World;
  readonly report: ScenarioReport;
}

/**
 * Performs a scenario and checks what it expects and claims.
 *
 * @param steps what each kind of stage does: tests plant faults here
 * @param openOther what claims of equality compare with
 */
export function runScenario(
  scenario: Scenario,
  steps: Steps = STEPS,
  openOther?: OpenOther,
): Result<Ran, readonly Diagnostic[]> {
  const work = performScenario(scenario, steps, openOther);
  for (;;) {
    const pause = work.next();
    if (pause.done === true) return pause.value;
  }
}

/** The same with a pause after each step, for who wants to tell of progress or to be interrupted. */
export function* performScenario(
  scenario: Scenario,
  steps: Steps = STEPS,
  openOther?: OpenOther,
): Generator<undefined, Result<Ran, readonly Diagnostic[]>> {
  const created = createWorld(scenario, steps);
  if (!created.ok) return created;
  const world = created.value;
  const reports: StepReport[] = [];
  for (const [index, step] of scenario.steps.entries()) {
    const performed = performNoting(world, step, index);
    if (performed.ok) reports.push(reportStep(world, performed.value));
    else if (step.expect === null || step.expect.refused === null) return failure(performed.fault);
    else reports.push(reportRefusal(world, step, index, performed.fault));
    yield;
  }
  refresh(world);
  const decided = decideClaims(groundOf(world, openOther), scenario.claims, steps);
  const checks = [...reports.flatMap((report) => report.checks), ...decided.map(claimCheck)];
  return success({
    world,
    report: {
      file: scenario.file,
      title: scenario.title,
      about: scenario.about,
      seed: scenario.seed,
      checks,
      steps: reports,
      custody: custodyIn(world),
    },
  });
}

/** The report about several scenarios. Counts are of checks. */
export function summarize(scenarios: readonly ScenarioReport[]): RunReport {
  const checks = scenarios.flatMap((scenario) => scenario.checks);
  const passed = checks.filter((check) => check.passed).length;
  return { passed, failed: checks.length - passed, scenarios };
}

function reportStep(world: World, performed: Performed): StepReport {
  const { step, index, at, program, conversations, firstJourney, noticesBefore, load, troubles } = performed;
  const notices = world.watch?.notices.slice(noticesBefore) ?? [];
  const findings = [
    ...lateness(step, at),
    ...troubleFindings(step, troubles),
    ...(step.expect === null
      ? []
      : judge(program, step.expect, conversations, world.trace.journeys(firstJourney))),
    ...judgeNoticed(program, step.expect, notices),
    ...judgeLoad(program, step.expect, load),
  ];
  const asked = step.expect?.refused ?? null;
  if (asked !== null) findings.push(refusalFinding(step, asked, []));
  const checks = findings.map((finding): Check => stepCheck(step, index, finding));
  const shown = conversations[0];
  // Where each answer is a check, they are told there.
  const answer = step.expect?.answers == null ? (shown?.answer ?? null) : null;
  return {
    index,
    at,
    title: titleOf(step),
    line: step.source.line,
    program,
    request: shown?.request ?? null,
    reply: shown?.reply ?? null,
    checks,
    answer: answer === null ? null : readAnswer(answer, shown?.stimulus.payload ?? null),
    service: serviceReport(program, conversations),
    load,
  };
}

function serviceReport(program: Program, conversations: readonly Conversation[]): ServiceReport | null {
  const times = conversations.flatMap(({ answered }) => (answered === null ? [] : [answered.after]));
  if (times.length === 0 || (conversations.length === 1 && !isPassedOn(program, conversations[0])))
    return null;
  const total = times.reduce((sum, time) => sum + time, 0);
  return {
    asked: conversations.length,
    answered: times.length,
    shares: sharesOf(program, conversations),
    quickest: nanos(Math.min(...times)),
    slowest: nanos(Math.max(...times)),
    mean: nanos(Math.round(total / times.length)),
  };
}

/** Whether somebody else answered than the request itself had reached: there is something to tell. */
function isPassedOn(program: Program, conversation: Conversation | undefined): boolean {
  const { request = null, answered = null } = conversation ?? {};
  return request !== null && answered !== null && endOf(program, request).id !== answered.by;
}

/** A step that the provider would not do, where that was expected. */
function reportRefusal(
  world: World,
  step: Step,
  index: number,
  complaints: readonly Diagnostic[],
): StepReport {
  const finding = refusalFinding(step, step.expect?.refused ?? null, complaints);
  return {
    index,
    at: world.engine.now,
    title: titleOf(step),
    line: step.source.line,
    program: world.engine.program,
    request: null,
    reply: null,
    checks: [stepCheck(step, index, finding)],
    answer: null,
    service: null,
    load: null,
  };
}

function refusalFinding(step: Step, code: string | null, complaints: readonly Diagnostic[]): Finding {
  const passed = complaints.length > 0 && complaints.every((complaint) => complaint.code === code);
  const got = complaints.map((complaint) => `${complaint.code}: ${complaint.message}`).join('; ');
  const message = passed
    ? complaints.map((complaint) => complaint.message).join('; ')
    : `got: ${got || 'done'}`;
  return { name: `refused: ${code}`, passed, message, line: step.source.line };
}

/** A step that is due when the one before it is still at work happens late, and that is no small thing. */
function lateness(step: Step, at: Nanos): readonly Finding[] {
  if (step.at === null || step.at >= at) return [];
  const name = `happens at ${formatNanos(step.at)}`;
  const message = `got: at ${formatNanos(at)}, when the step before had come to rest`;
  return [{ name, passed: false, message, line: step.source.line }];
}

/** What a load or a replication needs is taken for granted: that it is there is no news. */
function troubleFindings(step: Step, troubles: readonly string[]): readonly Finding[] {
  if (troubles.length === 0) return [];
  const message = `got: ${troubles.join('; ')}`;
  return [{ name: 'all take part', passed: false, message, line: step.source.line }];
}

function stepCheck(step: Step, index: number, finding: Finding): Check {
  const teach = (finding.passed ? step.expect?.pass : step.expect?.fail) ?? null;
  const { name, passed, message, line } = finding;
  const sender = finding.sender ?? null;
  return { name, sender, passed, message, line, step: index, kind: 'expectation', teach };
}

function claimCheck({ text, verdict, message, confirmed, line }: Decided): Check {
  const passed = verdict === 'proved';
  // what a proof rests on, `prove` tells
  const proved = confirmed === null ? verdict : `${verdict}, with a packet`;
  return {
    name: text,
    sender: null,
    passed,
    message: passed ? proved : `${verdict}: ${message}`,
    line,
    step: null,
    kind: 'claim',
    teach: null,
  };
}

/** A step in a few words: its own name, or what it does. */
export function titleOf(step: Step): string {
  if (step.name !== null) return step.name;
  switch (step.kind) {
    case 'request-hsm':
      return `request-hsm for ${step.customer} at ${formatIp(step.address)}`;
    case 'send': {
      const [first] = step.packets;
      if (first === undefined) return 'send nothing';
      const more = step.packets.length > 1 ? ` and ${step.packets.length - 1} more at once` : '';
      return `send ${stimulusText(first)}${more}`;
    }
    case 'add-route':
    case 'remove-route':
    case 'attach-gateway':
    case 'detach-gateway':
    case 'peer':
    case 'accept-peering':
    case 'open-channel':
      return networkStepText(step);
    case 'add-log-target':
    case 'remove-log-target':
    case 'detach-vni':
    case 'attach-vni':
    case 'replace-hsm':
    case 'share-hsm':
    case 'unshare-hsm':
    case 'configure-client':
    case 'terminate':
      return careStepText(step);
    case 'log':
      return `${step.device.name} reports: ${step.text}`;
    case 'set-acl':
    case 'set-firewall':
    case 'replace-nat':
      return guardStepText(step);
    case 'fail':
    case 'heal':
      return `${step.kind} ${partText(step.what)}`;
    case 'move':
      return `move ${step.instance.name} to ${step.server.name}`;
    case 'impair':
      return `impair ${partText(step.what)}${directionText(step)}: ${misfortuneText(step.misfortune)}`;
    case 'wait':
      return 'wait';
    case 'replicate':
      return `keep ${step.partition} the same on ${step.between.map(({ address }) => formatIp(address)).join(', ')}`;
    case 'load':
      return `${step.clients} clients ask for ${step.rate} operations a second, for ${formatNanos(step.duration)}`;
  }
}

function stimulusText({ from, to, balance, carry, forgedSource }: Stimulus): string {
  const forged = forgedSource === null ? '' : ` as ${formatIp(forgedSource)}`;
  const target = balance?.map(formatIp).join(' or ') ?? to.named?.name ?? formatIp(to.address);
  return `${from.name}${forged} → ${target} ${carryText(carry)}`;
}

function carryText(carry: Carry): string {
  switch (carry.kind) {
    case 'icmp-echo':
      return 'icmp echo';
    case 'frame':
      return `as a frame: ${describe(carry.frame)}`;
    default:
      return `${carry.kind}/${carry.port}`;
  }
}

function directionText({ what, direction }: Impair): string {
  if (direction.kind === 'both') return '';
  if (what.kind !== 'link') return direction.kind === 'into' ? ' inwards' : ' outwards';
  const end = what.ends.find(({ id }) => id === direction.end)?.name ?? direction.end;
  return direction.kind === 'into' ? ` to ${end}` : ` from ${end}`;
}

function misfortuneText(misfortune: Misfortune): string {
  const { delay, jitter } = misfortune;
  const shares = (['loss', 'duplicate', 'reorder', 'corrupt'] as const).flatMap((key) =>
    misfortune[key] === 0 ? [] : [`${key} ${misfortune[key] / 10_000}%`],
  );
  const spread = jitter === 0 ? '' : ` ± ${formatNanos(jitter)}`;
  return [...shares, ...(delay === 0 ? [] : [`delay ${formatNanos(delay)}${spread}`])].join(', ');
}
