import type { Nanos } from '../../base/index.ts';
import type { Nothing } from './commands.ts';

/** What happens to the machine rather than being said to it. */
export interface PanelCommands {
  'power-on': { takes: Nothing; gives: Nothing };
  'power-off': { takes: Nothing; gives: Nothing };
  /** `alarm`: a sensor speaks, and the module waits to be powered off and on; `breach`: the case is open, all is erased */
  tamper: { takes: { readonly how: 'alarm' | 'breach' }; gives: Nothing };
  /** bad debt: cuts the links until somebody pays; erasing is refused before the period is over */
  suspend: { takes: { readonly period: Nanos }; gives: Nothing };
  'restore-service': { takes: Nothing; gives: Nothing };
  /** after the period: erases everything and makes the module new for the next customer */
  reclaim: { takes: Nothing; gives: Nothing };
  /** a connection to the console ended, in whatever way */
  'channel-closed': { takes: { readonly channel: number }; gives: Nothing };
  /** a connection of a client ended */
  'application-closed': { takes: { readonly application: number }; gives: Nothing };
}
