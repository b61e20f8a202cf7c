import { parseClaim } from './claim-forms.ts';
import type { Failing } from './claims.ts';
import type { Decided } from './decision.ts';
import { formatFrame } from './frame-text.ts';
import { loadScenario } from './load.ts';
import { printScenario } from './print.ts';
import { runScenario } from './run.ts';
import type { Scenario } from './scenario.ts';
import type { ScenarioText, StepText } from './scenario-text.ts';

/** A refuted claim as a scenario file that fails when it is run. */
export interface WitnessFile {
  /** the text of the file */
  readonly text: string;
  /** whether its packets alone break what the claim says; otherwise the claim does */
  readonly shown: boolean;
}

/**
 * The network of a scenario, the packets that break a claim, and the claim. Machines answer what they get, as they do in every
 * scenario; where that undoes what the packets should show, the file holds the claim alone. A claim that
 * names another file would mean another one there: `null` where its packets show nothing by themselves.
 */
export function witnessScenario(scenario: Scenario, decided: Decided): WitnessFile | null {
  const packets = stepsOf(decided);
  const whole = textOf(scenario, decided, packets);
  if (packets.length > 0 && failsAtItsSteps(whole)) return { text: printScenario(whole), shown: true };
  if (namesFile(decided)) return null;
  return { text: printScenario(textOf(scenario, decided, [])), shown: false };
}

function namesFile({ text }: Decided): boolean {
  const claim = parseClaim(text);
  return claim.ok && claim.value.kind === 'equal';
}

function textOf(scenario: Scenario, decided: Decided, packets: readonly StepText[]): ScenarioText {
  const { text, message } = decided;
  const { title, about: _about, steps = [], prove: _prove, ...rest } = scenario.text;
  return {
    title: `what breaks "${text}"`,
    about: `In the network of "${title}" the claim does not hold: ${message}.`,
    ...rest,
    steps: [...steps.flatMap(buildingStep), ...packets],
    prove: namesFile(decided) ? [] : [text],
  };
}

/** What builds the network is done again; what is sent, fails or waits is not. */
function buildingStep(step: StepText): readonly StepText[] {
  if (ONLY_HAPPENS.some((verb) => verb in step)) return [];
  const { expect, at: _at, ...rest } = step;
  return [expect?.refused === undefined ? rest : { ...rest, expect: { refused: expect.refused } }];
}

const ONLY_HAPPENS = ['send', 'load', 'replicate', 'log', 'panel', 'fail', 'heal', 'impair', 'wait'] as const;

function stepsOf({ breach, text }: Decided): readonly StepText[] {
  if (breach === null) return [];
  const { sent, expected, failing } = breach;
  const broken: readonly StepText[] =
    failing === null ? [] : [{ fail: { [partOf(failing.kind)]: failing.name } }];
  const sends = sent.map(({ from, frame }, index): StepText => {
    const send = { from, frame: formatFrame(frame) };
    if (index < sent.length - 1) return { name: 'what has to be open first', send };
    return { name: `what breaks: ${text}`, send, expect: expected };
  });
  return [...broken, ...sends];
}

function failsAtItsSteps(text: ScenarioText): boolean {
  const { scenario } = loadScenario(printScenario(text), 'witness.yaml');
  if (scenario === null) return false;
  const ran = runScenario({ ...scenario, claims: [] });
  return ran.ok && ran.value.report.checks.some(({ passed }) => !passed);
}

/** A server and a machine are devices that fail. */
function partOf(kind: Failing): 'zone' | 'link' | 'device' {
  return kind === 'server' || kind === 'machine' ? 'device' : kind;
}
