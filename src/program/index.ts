export { compile } from './compile.ts';
export {
  denies,
  firstRule,
  isEveryPort,
  looksAtPorts,
  mismatch,
  peerOf,
  protocolOf,
  type RuleField,
  targetPortOf,
} from './matching.ts';
export type * from './program.ts';
export { NOWHERE } from './program.ts';
export { type RuleTable, ruleTable } from './rule-table.ts';
export type * from './stages.ts';
