import type { Result } from '../base/index.ts';
import { type ApplianceState, actOnPanel, type Command, type Deed, explainDeed } from '../hsm/index.ts';
import { type Change, call, failPart, healPart } from '../provider/index.ts';
import type { Finding } from './finding.ts';
import type { PanelStep } from './scenario.ts';
import { note, type World } from './world.ts';

/** What somebody's hands did to a security module, and what came of it. */
export interface Handled {
  /** `OK`, or the code of the refusal */
  readonly answer: string;
  readonly why: string;
}

const APPLICATION = 'security module';

/**
 * Does to a security module what needs hands: its power, its seals, its cables. Without power it is off the network as well; a module
 * that is suspended stands there and says nothing.
 */
export function handle(world: World, step: PanelStep): Handled {
  const machine = world.machines.get(step.hsm.id);
  const command = commandOf(step);
  let deed: Deed | null = null;
  machine?.stack.alter(APPLICATION, world.engine.now, (state, context) => {
    const acted = actOnPanel(state as ApplianceState, command, context);
    deed = acted.deed;
    return acted.state;
  });
  const done = deed as Deed | null;
  if (machine === undefined || done === null) {
    return { answer: 'NO_SUCH', why: `${step.hsm.name} is no module: endpoint: module makes it one` };
  }
  machine.deeds.push({ device: machine.id, at: world.engine.now, deed: done });
  if (done.outcome !== 'done') return { answer: done.outcome, why: explainDeed(done) };
  const wired = wiring(world, step);
  if (wired?.ok === true) note(world, wired.value);
  return { answer: 'OK', why: 'done' };
}

/** Whether it came out as the step expects: where it expects nothing, it is to be done. */
export function judgeHandled(step: PanelStep, { answer, why }: Handled): Finding {
  const wanted = step.expect?.answers?.[0] ?? 'OK';
  const passed = answer === wanted;
  const message = passed ? why : `expected: ${wanted}; got: ${answer} (${why})`;
  return { name: `${step.deed}: ${wanted}`, passed, message, line: step.source.line };
}

/** A module without power is off the network; with power it is there again. */
function wiring({ model }: World, { deed, hsm, source }: PanelStep): Result<Change, unknown> | null {
  const part = { kind: 'device', id: hsm.id, name: hsm.name } as const;
  if (deed === 'power-off') return call(model, 'fail', failPart, { ...part, from: source });
  if (deed !== 'power-on') return null;
  return model.failures[hsm.id] === undefined ? null : call(model, 'heal', healPart, part);
}

function commandOf({ deed, period }: PanelStep): Command<PanelCommand> {
  switch (deed) {
    case 'suspend':
      return { kind: 'suspend', period };
    case 'tamper-alarm':
      return { kind: 'tamper', how: 'alarm' };
    case 'tamper-breach':
      return { kind: 'tamper', how: 'breach' };
    default:
      return { kind: deed };
  }
}

type PanelCommand = 'power-on' | 'power-off' | 'tamper' | 'suspend' | 'restore-service' | 'reclaim';
