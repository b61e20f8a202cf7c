export {
  CONNECTION,
  type ConnectionState,
  fitsTcp,
  nextState,
  nextTcpState,
  opensTcp,
  stateName,
} from './connection-state.ts';
export { ConnectionTable } from './connection-table.ts';
export type { ConnectionView, Slot } from './connection-view.ts';
export { type Opening, openingOf } from './opening.ts';
export { choosePort, type PortChoice, type PortRequest } from './port-choice.ts';
export { type Direction, ORIGINAL, REPLY } from './records.ts';
export { lifetime, TIMER_PROFILES, type TimerProfile, type TimerProfileName } from './timers.ts';
