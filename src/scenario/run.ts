import { failure, formatNanos, type Nanos, nanos, type Result, success } from '../base/index.ts';
import { STEPS, type Steps } from '../dataplane/index.ts';
import { type Backend, EMBEDDED } from '../hsm/index.ts';
import type { Program } from '../program/index.ts';
import { readAnswer } from './answer.ts';
import { decideClaims } from './claim-check.ts';
import type { Conversation } from './conversation.ts';
import type { Decided } from './decision.ts';
import type { Diagnostic } from './diagnostics.ts';
import { judge } from './expectation.ts';
import type { Finding } from './finding.ts';
import { groundOf, type OpenOther } from './ground.ts';
import { endOf } from './journey-end.ts';
import { sharesOf } from './judge-answered.ts';
import { judgeLoad } from './judge-load.ts';
import { judgeNoticed } from './judge-noticed.ts';
import { judgeUnopened, unopenedSince } from './judge-unopened.ts';
import { judgeHandled } from './panel.ts';
import { type Performed, performNoting } from './perform.ts';
import type { Check, RunReport, ScenarioReport, ServiceReport, StepReport } from './run-report.ts';
import type { Scenario, Step } from './scenario.ts';
import { titleOf } from './step-title.ts';
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
 * @param backend who computes with the keys of security modules
 */
export function runScenario(
  scenario: Scenario,
  steps: Steps = STEPS,
  openOther?: OpenOther,
  backend: Backend = EMBEDDED,
): Result<Ran, readonly Diagnostic[]> {
  const work = performScenario(scenario, steps, openOther, backend);
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
  backend: Backend = EMBEDDED,
): Generator<undefined, Result<Ran, readonly Diagnostic[]>> {
  const created = createWorld(scenario, steps, backend);
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
  const { step, index, at, program, conversations, firstJourney, noticesBefore } = performed;
  const { handled, load, troubles } = performed;
  const notices = world.watch?.notices.slice(noticesBefore) ?? [];
  const findings = [
    ...lateness(step, at),
    ...troubleFindings(step, troubles),
    ...(step.expect === null
      ? []
      : judge(program, step.expect, conversations, world.trace.journeys(firstJourney))),
    ...judgeNoticed(program, step.expect, notices),
    ...judgeUnopened(program, step.expect, unopenedSince(world.machines, performed.unopenedBefore)),
    ...judgeLoad(program, step.expect, load),
    ...(step.kind === 'panel' && handled !== null ? [judgeHandled(step, handled)] : []),
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
