import type { Context } from '../application.ts';
import type { Command } from '../device/commands.ts';
import type { Deed } from '../device/deed.ts';
import { dispatch } from '../device/dispatch.ts';
import type { PanelCommands } from '../device/panel-commands.ts';
import { IDLE } from '../speed/engines.ts';
import type { ApplianceState } from './appliance.ts';

/** What needs hands. Without power every connection is gone. */
export function actOnPanel(
  state: ApplianceState,
  command: Command<keyof PanelCommands>,
  { random, now }: Context,
): { readonly state: ApplianceState; readonly deed: Deed } {
  const { state: module, deed } = dispatch(state.module, PANEL, command, random, now);
  const left = module.power === 'off' ? { streams: {}, engines: IDLE } : {};
  return { state: { ...state, ...left, module }, deed };
}

const PANEL = { kind: 'panel' } as const;
